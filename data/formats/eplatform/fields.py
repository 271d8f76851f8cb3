"""The fields of an element, converted to their types. Errors name the field and line, never the value."""

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
_WEB = re.compile(r"https?://[^\s/]\S*", re.I)
_YES, _NO = ("true", "1", "yes", "ja"), ("false", "0", "no", "nej")


class Fields:
    """The fields of one element by their documented names, case-insensitively."""

    def __init__(self, values: Mapping[str, Value], line: int, repairs: Repairs) -> None:
        self._values, self.line, self._repairs = values, line, repairs

    def _raw(self, name: str) -> str:
        """The field's text; "" when it is missing."""
        value = self._values.get(name.lower())
        if isinstance(value, bool):
            return "true" if value else "false"
        return value.strip() if isinstance(value, str) else ""

    def text(self, name: str) -> str | None:
        """A text on one line, with HTML entities resolved once; None when it is blank."""
        if isinstance(self._values.get(name.lower()), Unquoted):
            self._repairs.names += 1
        plain = " ".join(html.unescape(self._raw(name)).split())
        return "".join(c for c in plain if unicodedata.category(c) not in ("Cc", "Cs")).strip() or None

    def number(self, name: str) -> int:
        """A whole number. Unreadable when it is missing or not a whole number."""
        number = self.optional_number(name)
        if number is None:
            raise Unreadable("platform_number", row=self.line, name=name)
        return number

    def optional_number(self, name: str) -> int | None:
        """A whole number; None when it is missing. Unreadable for anything else."""
        text = self._raw(name)
        if text and not re.fullmatch(r"[0-9]{1,18}", text, re.A):
            raise Unreadable("platform_number", row=self.line, name=name)
        return int(text) if text else None

    def flag(self, name: str) -> bool | None:
        """True or False; None when it is missing or neither."""
        text = self._raw(name).lower()
        return True if text in _YES else False if text in _NO else None

    def day(self, name: str) -> date | None:
        """The day of a date or time, or else of the field's twin in milliseconds; None when both are missing.

        Unreadable when neither can be parsed.
        """
        text, milliseconds = self._raw(name), self._raw(f"{name}InMilliseconds")
        day = (_parse_day(text) if text else None) or (_parse_milliseconds(milliseconds) if milliseconds else None)
        if day is None and (text or milliseconds):
            raise Unreadable("platform_date", row=self.line, name=name)
        return day

    def url(self, name: str) -> str | None:
        """An absolute http(s) URL, the first of a list; None for anything else."""
        value = self._values.get(name.lower())
        first = next((v for v in value if isinstance(v, str)), "") if isinstance(value, list) else self._raw(name)
        url = html.unescape(first.strip())
        return url if _WEB.fullmatch(url) else None

    def has(self, *names: str) -> bool:
        """Whether any of the fields exists."""
        return any(name.lower() in self._values for name in names)


def _parse_day(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups()[:3])) if match else None
    except ValueError:
        return None


def _parse_milliseconds(text: str) -> date | None:
    """The local day of a Unix time in milliseconds; None when it is not one."""
    if not re.fullmatch(r"-?[0-9]{1,14}", text, re.A):
        return None
    return datetime.fromtimestamp(int(text) // 1000, UTC).astimezone(TIME_ZONE).date()


def host_of(url: str | None) -> str | None:
    """The host of a URL in lower case, without port; None when it has none."""
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None
