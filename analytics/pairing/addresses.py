"""Whether a service and an e-service have matching web addresses: the same, one nested in the other, or the same last part."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal
from urllib.parse import unquote

from analytics.pairing.tokens import folded, parse_name

AddressMatch = Literal["same_address", "same_ending"]
SCHEME = re.compile(r"^https?://(www\.)?", re.IGNORECASE)
NESTED_URL = re.compile(r"https?://[^\s&]+", re.IGNORECASE)
MIN_ENDING = 5  # fewest letters of a last part that is compared
MAX_E_SERVICES = 3  # an address of more e-services than this matches none of them


def address_matches(ours: Sequence[str | None], theirs: Sequence[Sequence[str]]) -> dict[tuple[int, int], AddressMatch]:
    """The kind of match by the pair's indexes in the two lists, for the pairs that match."""
    by_address, by_ending = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for column, addresses in enumerate(theirs):
        for address in addresses:
            by_address[_bare(address)].append(column)
            by_ending[_ending(address)].append(column)
    result: dict[tuple[int, int], AddressMatch] = {}
    for row, url in enumerate(ours):
        if url:
            result |= _pairs(row, by_ending.get(_ending(url), ()), "same_ending")
            for address in _addresses(url):
                result |= _pairs(row, by_address.get(_bare(address), ()), "same_address")
    return result


def _pairs(row: int, columns: Sequence[int], kind: AddressMatch) -> dict[tuple[int, int], AddressMatch]:
    return {(row, column): kind for column in columns} if len(columns) <= MAX_E_SERVICES else {}


def _addresses(address: str) -> Iterator[str]:
    """The address, and those nested in it: https://www.sala.se/lank?till=https%3A%2F%2Fe-tjanster.sala.se%2Fbygglov."""
    yield address
    yield from NESTED_URL.findall(unquote(address)[1:])


def _bare(address: str) -> str:
    return SCHEME.sub("", unquote(address)).rstrip("/").casefold()


def _ending(address: str) -> str:
    """The last part of the path, if its words name a subject; else a text that matches no other."""
    path = SCHEME.sub("", unquote(address)).partition("?")[0].partition("#")[0].rstrip("/")
    _, slash, last = path.rpartition("/")
    words = re.sub(r"[-_.]", " ", last)
    comparable = slash and len(words) >= MIN_ENDING and parse_name(words).has_subject and not words.isdigit()
    return folded(words) if comparable else f"\x00{address}"
