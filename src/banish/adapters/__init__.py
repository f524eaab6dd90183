"""All input and output: log sources, firewalls, store, what the machine knows."""
