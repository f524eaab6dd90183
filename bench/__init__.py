"""Banish measured beside Debian's fail2ban, on this machine, in this hour: `python -m bench`."""
