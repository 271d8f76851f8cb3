"""The encoding of 8-bit text, told by how its letters and signs stand: Windows-1252, DOS (850, 437) or Mac Roman."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from data.readers.errors import Unreadable
from data.readers.file_scan import chunks

ENCODINGS = ("cp1252", "cp850", "cp437", "mac_roman")  # of two that fit alike, the first
_SAMPLE = 500_000  # letters and signs beyond ASCII that are looked at
_PHRASES = 5  # shown of a file that can be read in several ways
_PHRASE = re.compile(rb"[A-Za-z ]{0,20}[\x80-\xff][A-Za-z \x80-\xff]{0,20}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_SWEDISH, _USUAL = frozenset("åäöÅÄÖ"), frozenset("éÉèÈüÜàÀæÆøØ")
_PUNCTUATION = frozenset("–—…’‘“”€•§°·«»´½¼¾²³×±®©™£")
_INSIDE_WORDS = frozenset("’–—·´\u00ad")
_LINE_END = 10
_SPACE = "\u00a0"
_IMPOSSIBLE = -3.0
_RIVAL = 3  # a reading with a third of the best one's score is a rival to it
Context = tuple[int, int, int]  # a byte beyond ASCII with the bytes around it


def legacy_encoding(path: Path) -> str:
    """The encoding of an 8-bit file. Unreadable, with its `readings`, when its letters fit none, or several."""
    contexts = _contexts(path)
    scores = {encoding: _scores(contexts, encoding) for encoding in ENCODINGS}
    best = max(ENCODINGS, key=lambda encoding: sum(scores[encoding].values()))
    total = sum(scores[best].values())
    if total < 0 or any(_is_rival(scores, best, other) for other in ENCODINGS if other != best):
        raise Unreadable("unclear_letters", readings=readings(path))
    return best


def readings(path: Path) -> list[tuple[str, str]]:
    """Each encoding that reads the file's first letters beyond ASCII in a way of its own, and how, with what is around them."""
    phrases: dict[bytes, None] = {}
    for chunk in chunks(path):
        phrases |= dict.fromkeys(match[0].strip() for match in _PHRASE.finditer(chunk))
        if len(phrases) >= _PHRASES:
            break
    first = [*phrases][:_PHRASES]
    texts = {encoding: ", ".join(phrase.decode(encoding, "replace") for phrase in first) for encoding in ENCODINGS}
    return [(encoding, text) for encoding, text in texts.items() if encoding == _first_with(texts, text)]


def _first_with(texts: Mapping[str, str], text: str) -> str:
    return next(encoding for encoding in texts if texts[encoding] == text)


def _contexts(path: Path) -> Counter[Context]:
    """How often each byte beyond ASCII stands in each context; the ends of chunks count as line ends."""
    contexts: Counter[Context] = Counter()
    for chunk in chunks(path):
        last = len(chunk) - 1
        contexts.update(
            (chunk[i - 1] if i else _LINE_END, chunk[i], chunk[i + 1] if i < last else _LINE_END)
            for i in (match.start() for match in _BEYOND_ASCII.finditer(chunk))
        )
        if contexts.total() > _SAMPLE:
            break
    return contexts


def _scores(contexts: Mapping[Context, int], encoding: str) -> dict[int, float]:
    """By byte, how well its readings fit."""
    table = _table(encoding)
    scores: dict[int, float] = {}
    for (before, byte, after), count in contexts.items():
        scores[byte] = scores.get(byte, 0.0) + count * _fit(table[before], table[byte], table[after])
    return scores


def _is_rival(scores: Mapping[str, Mapping[int, float]], best: str, other: str) -> bool:
    """Whether another encoding fits nearly as well, judged by the bytes that the two read differently."""
    differing = [byte for byte in scores[best] if _table(best)[byte] != _table(other)[byte]]
    score = sum(scores[other][byte] for byte in differing)
    return score > 0 and score * _RIVAL >= sum(scores[best][byte] for byte in differing)


@cache
def _table(encoding: str) -> str:
    return bytes(range(256)).decode(encoding, "replace")


def _fit(before: str, char: str, after: str) -> float:
    """How well a character fits between two others: positive for what Swedish text has, negative for what it cannot have."""
    if char == _SPACE:
        return 1.0
    if char.isalpha():
        return _letter_fit(before, char, after)
    if unicodedata.category(char)[0] == "C" and char != "\u00ad":
        return _IMPOSSIBLE
    if "\u2500" <= char <= "\u259f" or char == "\ufffd":
        return _IMPOSSIBLE
    if before.isalpha() and after.isalpha():
        return 0.0 if char in _INSIDE_WORDS else _IMPOSSIBLE
    return 1.0 if char in _PUNCTUATION else 0.0


def _letter_fit(before: str, char: str, after: str) -> float:
    if not unicodedata.name(char, "").startswith("LATIN"):
        return _IMPOSSIBLE
    if before.isdigit() and after.isdigit():
        return _IMPOSSIBLE
    if char.islower() and after.isupper():
        return _IMPOSSIBLE
    if char.isupper() and (before.islower() or (before.isupper() and after.islower())):
        return _IMPOSSIBLE
    if not before.isalpha() and not after.isalpha():
        return 1.0 if char in _SWEDISH else 0.0
    return 2.0 if char in _SWEDISH else 0.5 if char in _USUAL else 0.0
