"""Actions that are run as fail2ban's files describe them."""
