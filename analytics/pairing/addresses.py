"""Whether a service leads to an e-service by its address: the same, one within the other, or the same last part."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal
from urllib.parse import unquote

from analytics.pairing.tokens import folded, parse_name

AddressMatch = Literal["same_address", "same_ending"]
SCHEME = re.compile(r"^https?://(www\.)?", re.IGNORECASE)
NESTED_URL = re.compile(r"https?://[^\s&]+", re.IGNORECASE)
MIN_ENDING = 5  # letters in a last part that tells something
MAX_E_SERVICES = 3  # with more e-services than this an address tells nothing of any of them


def address_matches(ours: Sequence[str | None], theirs: Sequence[Sequence[str]]) -> dict[tuple[int, int], AddressMatch]:
    """How near the addresses are, by the places of the pairs in the two lists; the others are not near."""
    there, endings = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for place, addresses in enumerate(theirs):
        for address in addresses:
            there[_bare(address)].append(place)
            endings[_ending(address)].append(place)
    found: dict[tuple[int, int], AddressMatch] = {}
    for row, own in enumerate(ours):
        if own:
            found |= _pairs(row, endings.get(_ending(own), ()), "same_ending")
            for address in _addresses(own):
                found |= _pairs(row, there.get(_bare(address), ()), "same_address")
    return found


def _pairs(row: int, places: Sequence[int], how: AddressMatch) -> dict[tuple[int, int], AddressMatch]:
    return {(row, place): how for place in places} if len(places) <= MAX_E_SERVICES else {}


def _addresses(address: str) -> Iterator[str]:
    """The address, and those that it leads on to: https://www.sala.se/lank?till=https%3A%2F%2Fe-tjanster.sala.se%2Fbygglov."""
    yield address
    yield from NESTED_URL.findall(unquote(address)[1:])


def _bare(address: str) -> str:
    return SCHEME.sub("", unquote(address)).rstrip("/").casefold()


def _ending(address: str) -> str:
    """The last part of the path, if it is words that tell a subject; else something that no other has."""
    path = SCHEME.sub("", unquote(address)).partition("?")[0].partition("#")[0].rstrip("/")
    _, slash, last = path.rpartition("/")
    words = re.sub(r"[-_.]", " ", last)
    telling = slash and len(words) >= MIN_ENDING and parse_name(words).has_subject and not words.isdigit()
    return folded(words) if telling else f"\x00{address}"
