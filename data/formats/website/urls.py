"""Web addresses: readable spelling, and a key for comparison."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

_PARTS = re.compile(r"(https?:)?(?://)?([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.I | re.S)
_LEAD = re.compile(r"\s*(?:(?:https?:)?/+\s*)*", re.I)
_WWW = re.compile(r"(?:www\.)+(?=[^.]+\.)")
_PORT = re.compile(r":(?:80|443)?$")
_HEX = re.compile(r"(?:%[0-9a-f]{2})+", re.I)
_STRAY = re.compile(r"%(?![0-9a-f]{2})", re.I)
_SESSION = re.compile(r";jsessionid=[^/?;]*", re.I)
_RESERVED = frozenset('%/?#&=+;"<>\\^`{|}')  # characters that stay percent-encoded
_WORDS = """
    ret return returnurl return_url returnto return_to backurl back_url backtosearch referrer referer phpsessid jsessionid
    fbclid gclid dclid msclkid yclid igshid mc_cid mc_eid _ga _gl
"""
_TRACKING = frozenset(_WORDS.split())


def readable_url(url: str) -> str:
    """The address of a page in readable form, which still opens it.

    Letters such as å, ä and ö are not encoded; tracking parameters (`utm_…`, `ret`), fragment and login are removed.
    """
    scheme, host, path, query = _parts(url)
    return f"{scheme}//{host}{path or '/'}{'?' if query else ''}{'&'.join(query)}"


def page_key(url: str) -> str:
    """The key that addresses of one page share: `readable_url` without scheme and `www.`, with the query sorted."""
    _, host, path, query = _parts(url)
    return f"{_WWW.sub('', host)}{path.rstrip('/')}{'?' if query else ''}{'&'.join(sorted(query))}"


def site_of(url: str) -> str:
    """The website of an address: its host without `www.`."""
    return _WWW.sub("", _parts(url)[1])


@lru_cache(maxsize=1024)  # each address is parsed by several functions
def _parts(url: str) -> tuple[str, str, str, tuple[str, ...]]:
    """Scheme, host, path and query parameters, each decoded, without tracking parameters."""
    text = unicodedata.normalize("NFC", url).strip()
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    match = _PARTS.fullmatch(text[start:].partition("#")[0])
    host, path, query = (match[2], match[3], match[4] or "") if match else ("", "", "")
    scheme = "http:" if text.lower().startswith("http:") else "https:"
    parts = (_plain(part.replace("+", "%20")) for part in query.split("&"))
    return scheme, _host(host), _plain(_SESSION.sub("", path)), tuple(p for p in parts if p and not _is_tracking(p))


def _host(text: str) -> str:
    name = _PORT.sub("", "".join(text.rpartition("@")[2].lower().split())).rstrip(".:")
    return unicodedata.normalize("NFC", ".".join(map(_label, name.split("."))))


def _label(text: str) -> str:
    """A label of a host name, decoded from IDNA: "xn--hgkola-fxa" becomes "högkola"."""
    if not text.startswith("xn--"):
        return text
    try:
        return text.encode("ascii").decode("idna").lower()
    except UnicodeError:
        return text


def _is_tracking(part: str) -> bool:
    """Whether a query parameter is about how the reader came to the page, not about the page."""
    name = part.partition("=")[0].lower()
    return name in _TRACKING or name.startswith("utm_")


def _plain(text: str) -> str:
    """The text with percent-encoding of reserved characters only."""
    whole = "".join(quote(c) if c.isspace() else c for c in _STRAY.sub("%25", text))
    return unicodedata.normalize("NFC", _HEX.sub(lambda match: _decode(match[0]), whole))


def _decode(encoded: str) -> str:
    octets = bytes.fromhex(encoded.replace("%", ""))
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("latin-1")  # the encoding of old Swedish sites
    return "".join(_encode_reserved(c) for c in unicodedata.normalize("NFC", text))


def _encode_reserved(c: str) -> str:
    if c in _RESERVED or c.isspace() or unicodedata.category(c)[0] == "C":
        return quote(c, safe="")
    return c
