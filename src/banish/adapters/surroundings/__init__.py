"""Who must not be banned now: this machine, what it lives by, and those who are logged in."""
