"""The languages of fail2ban, read into the values of the core."""

from typing import Final

FAIL2BAN_VERSION: Final = "1.1.1"
"""The release whose language is read, and that we look like to its clients.

Stock configuration puts it into the user agent of reports.
"""
