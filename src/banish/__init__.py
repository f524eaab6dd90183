"""Banish reads the logs attackers write into, decides who must stay out, and keeps them out."""

__version__ = "0.1.0"
