"""The loop that does what the core says."""
