"""Holds Banish's verdicts against those of Debian's fail2ban, which runs beside it as a black box."""
