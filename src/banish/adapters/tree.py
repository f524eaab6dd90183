"""Finds the operator's configuration and reads it, on top of the defaults that come with Banish."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from banish.compat.files import Files, Overlay
from banish.core.errors import ConfigError

PLACES = (Path("/etc/banish"), Path("/etc/fail2ban"))
"""Where the configuration is looked for, if nobody says where it is."""

DEFAULTS = Path(__file__).parent.parent / "defaults"
"""What holds where the operator says nothing."""

SERVICES = Path("/etc/services")
LARGEST = 4 << 20  # bytes of one file; the stock jail.conf has 26,000

# For machines without /etc/services. Source: IANA's registry of service names, as far as jails use it.
_USUAL = """
ftp-data 20/tcp
ftp 21/tcp
ssh 22/tcp
telnet 23/tcp
smtp 25/tcp mail
domain 53/tcp
http 80/tcp www
pop3 110/tcp pop-3
sunrpc 111/tcp
ntp 123/udp
imap2 143/tcp imap
snmp 161/udp
imap3 220/tcp
ldap 389/tcp
https 443/tcp
submissions 465/tcp smtps ssmtp urd
submission 587/tcp
ldaps 636/tcp
ftps-data 989/tcp
ftps 990/tcp
imaps 993/tcp
pop3s 995/tcp
socks 1080/tcp
openvpn 1194/udp
ms-sql-s 1433/tcp
mysql 3306/tcp
sieve 4190/tcp
sip 5060/udp
sip-tls 5061/tcp
xmpp-client 5222/tcp
xmpp-server 5269/tcp
postgresql 5432/tcp
webmin 10000/tcp
"""
_SERVICE = re.compile(r"^([^\s#]+)\s+(\d+)/\w+([^#\n]*)", re.MULTILINE)


class Found(NamedTuple):
    """A configuration: the operator's directory, and its files on top of the defaults."""

    root: Path
    files: Files


class DirectoryFiles:
    """A directory as `Files`; a path that begins with `./` is seen from the working directory."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def text(self, path: str) -> str | None:
        """As in `Files`."""
        place = self._place(path)
        try:
            with place.open("rb") as file:
                content = file.read(LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            raise ConfigError(f"{place}: {getattr(error, 'strerror', None) or error}") from error
        if len(content) > LARGEST:
            raise ConfigError(f"{place}: larger than {LARGEST} bytes; this cannot be a configuration file")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise ConfigError(f"{place}:{line}: not UTF-8; save the file in that encoding") from error

    def names(self, folder: str) -> Sequence[str]:
        """As in `Files`."""
        try:
            return sorted(entry.name for entry in self._place(folder).iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise ConfigError(f"{self._place(folder)}: {error.strerror}") from error

    def _place(self, path: str) -> Path:
        return Path(path) if path.startswith(("/", "./")) else self._root / path


def find(directory: str | None = None) -> Found:
    """Find the configuration: in `directory` if one is named, else in the first of `PLACES` that there is.

    Without any of them the defaults stand alone. A directory that is named must exist.
    """
    defaults = DirectoryFiles(DEFAULTS)
    if directory is not None:
        root = Path(directory)
        if not root.is_dir():
            raise ConfigError(
                f"{directory}: no such directory; name the one that holds jail.conf or jail.local"
            )
        return Found(root, Overlay(DirectoryFiles(root), defaults))
    root = next((place for place in PLACES if place.is_dir()), DEFAULTS)
    return Found(root, Overlay(DirectoryFiles(root), defaults))


def services(path: Path = SERVICES) -> dict[str, int]:
    """Return the ports of services by name, aliases included; of two ports of one name the first."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        text = ""
    found: dict[str, int] = {}
    for name, port, aliases in _SERVICE.findall(f"{text}\n{_USUAL}"):
        for word in (name, *aliases.split()):
            found.setdefault(word.lower(), int(port))
    return found
