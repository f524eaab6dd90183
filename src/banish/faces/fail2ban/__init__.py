"""fail2ban's commands, for whoever has them in scripts and in their fingers."""
