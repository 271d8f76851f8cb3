"""The settings of one table of TOML, read as their types; what cannot be used is told in a sentence with an example."""

import re
from collections.abc import Callable, Mapping
from email.headerregistry import Address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ui.text.i18n import _

ADDRESS = re.compile(r"[^\s@<>\",;:()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?", re.A)
SETTINGS = {  # what each table may hold, with an example of it
    "": {
        "dashboard": "https://e-tjanster.example.se",
        "sender": "e-tjanster@example.se",
        "sender_name": "E-tjänster",
        "sent": "/var/lib/dashboard/note.sent",
    },
    "smtp": {
        "host": "smtp.example.se",
        "port": "587",
        "security": "starttls",
        "user": "e-tjanster",
        "password": "…",
        "password_file": "/etc/dashboard/note.password",
        "ca_file": "/etc/ssl/kommun.pem",
        "timeout": "30",
    },
    "recipients": {"address": "namn@example.se", "department": "BYGG", "language": "sv"},
}
T = TypeVar("T")


class InvalidSettings(Exception):
    """The file cannot be used; the message is a sentence that says why and what to do, and never holds an address or a password."""


class Table:
    """The settings of one table, read as their types; `kind` names what it may hold, `place` where it stands."""

    def __init__(self, kind: str, raw: Mapping[str, Any], place: str = "") -> None:
        self._kind, self._raw = kind, raw
        self._place = f"{place or kind}." if place or kind else ""
        for key in raw:
            if key not in SETTINGS[kind]:
                raise InvalidSettings(
                    _("{name} is no setting of the note. The settings there are: {known}.").format(
                        name=f"{self._place}{str(key)[:40]}", known=", ".join(SETTINGS[kind])
                    )
                )

    def read(self, key: str, convert: Callable[[str], T], default: T | None = None) -> T:
        """A setting as `convert` makes it, or the default; InvalidSettings where it is missing, or of no use as it is written."""
        raw = self._raw.get(key, "")
        if raw == "" and default is not None:
            return default
        try:
            if isinstance(raw, bool) or not isinstance(raw, str | int | float) or raw == "":
                raise ValueError
            return convert(str(raw))
        except ValueError:
            raise InvalidSettings(
                _("{name} is missing or cannot be used as it is written. Write it like this: {example}.").format(
                    name=f"{self._place}{key}", example=SETTINGS[self._kind][key]
                )
            ) from None


def one_line(text: str) -> str:
    """A text of one line."""
    if not text.isprintable():
        raise ValueError
    return text.strip()


def host_name(text: str) -> str:
    """The name or number of a machine."""
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-f:]+", text):
        raise ValueError
    return text


def mail_address(text: str) -> str:
    """One address of ASCII letters; a second one, a name or a line of its own is refused."""
    if not ADDRESS.fullmatch(text) or not text.isascii():
        raise ValueError
    return Address(addr_spec=text).addr_spec


def web_address(text: str) -> str:
    """An address of the web, ending in a slash."""
    parts = urlsplit(text)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise ValueError
    return text.rstrip("/") + "/"


def port_number(text: str) -> int:
    """The number of a port."""
    if not 0 < int(text) < 65536:
        raise ValueError
    return int(text)


def wait_seconds(text: str) -> float:
    """A time of 1–600 seconds."""
    if not 1 <= float(text) <= 600:
        raise ValueError
    return float(text)
