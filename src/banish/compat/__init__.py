"""The languages of fail2ban, read into the values of the core."""
