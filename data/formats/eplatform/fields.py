"""The fields of an element as values. What cannot be read is named by its field and line, never by its value."""

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from data.formats.eplatform.catalogue_json import Unquoted, Value
from data.readers.decoding import Repairs
from data.readers.errors import Unreadable

TIME_ZONE = ZoneInfo("Europe/Stockholm")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T][0-9]{1,2}:[0-9]{2}.*)?", re.S)
_WEB = re.compile(r"https?://[^\s/]+\S*", re.I)
_YES, _NO = ("true", "1", "yes", "ja"), ("false", "0", "no", "nej")


class Fields:
    """Reads the fields of one element by the names that are documented, in any case."""

    def __init__(self, values: Mapping[str, Value], line: int, repairs: Repairs) -> None:
        self._values, self.line, self._repairs = values, line, repairs

    def _said(self, name: str) -> str:
        value = self._values.get(name.lower())
        if isinstance(value, bool):
            return "true" if value else "false"
        return value.strip() if isinstance(value, str) else ""

    def text(self, name: str) -> str | None:
        """A text on one line, with the entities of HTML resolved once; None when it is blank."""
        if isinstance(self._values.get(name.lower()), Unquoted):
            self._repairs.names += 1
        plain = " ".join(html.unescape(self._said(name)).split())
        return "".join(c for c in plain if unicodedata.category(c) not in ("Cc", "Cs")).strip() or None

    def number(self, name: str) -> int:
        """A whole number. Unreadable when it is not there or is none."""
        found = self.maybe_number(name)
        if found is None:
            raise Unreadable("platform_number", row=self.line, name=name)
        return found

    def maybe_number(self, name: str) -> int | None:
        """A whole number, or None when it is not there. Unreadable when it is something else."""
        said = self._said(name)
        if said and not re.fullmatch(r"[0-9]{1,18}", said, re.A):
            raise Unreadable("platform_number", row=self.line, name=name)
        return int(said) if said else None

    def flag(self, name: str) -> bool | None:
        """Yes or no; None when it is neither."""
        said = self._said(name).lower()
        return True if said in _YES else False if said in _NO else None

    def day(self, name: str) -> date | None:
        """The day of a date or a point in time, else of its twin in milliseconds; None when neither is there.

        Unreadable when what is there cannot be read.
        """
        said, twin = self._said(name), self._said(f"{name}InMilliseconds")
        found = (_day(said) if said else None) or (_moment(twin) if twin else None)
        if found is None and (said or twin):
            raise Unreadable("platform_date", row=self.line, name=name)
        return found

    def url(self, name: str) -> str | None:
        """A web address in full; None for anything else."""
        value = self._values.get(name.lower())
        first = next((v for v in value if isinstance(v, str)), "") if isinstance(value, list) else self._said(name)
        said = html.unescape(first.strip())
        return said if _WEB.fullmatch(said) else None

    def has(self, *names: str) -> bool:
        """Whether any of the fields is there."""
        return any(name.lower() in self._values for name in names)


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups()[:3])) if found else None
    except ValueError:
        return None


def _moment(text: str) -> date | None:
    """The local day of a point in time in milliseconds."""
    if not re.fullmatch(r"-?[0-9]{1,14}", text, re.A):
        return None
    return datetime.fromtimestamp(int(text) // 1000, UTC).astimezone(TIME_ZONE).date()


def host_of(url: str | None) -> str | None:
    """The host of an address, in lower case and without its port."""
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None
