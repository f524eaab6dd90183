"""fail2ban's commands: what a word asks of a jail, and what it changes of its configuration."""
