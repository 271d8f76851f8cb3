"""Decoding of files. The bytes decide the encoding: what an XML prolog declares is often wrong."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data.readers.file_scan import chunks
from data.readers.legacy_encoding import legacy_encoding
from data.readers.limits import HEAD_BYTES
from data.readers.sheet import Note

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # starts with the mark of UTF-16 LE, so it is tried first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PIECE = 1 << 18  # characters
_PROLOG = re.compile(r"[\s\ufeff\0]*(?:<\?.*?\?>|<!--.*?-->|[\s\ufeff\0]+)*", re.S)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|script|style|title|table)\b", re.I)


@dataclass
class Repairs:
    """How often each kind of error in an answer was repaired before it could be read, and other notes."""

    ampersands: int = 0
    controls: int = 0
    backslashes: int = 0
    names: int = 0
    notes: list[Note] = field(default_factory=list)

    def all_notes(self) -> list[Note]:
        """The notes, and one for each kind of repair."""
        counts = {
            "platform_ampersands": self.ampersands,
            "platform_controls": self.controls,
            "platform_backslashes": self.backslashes,
            "platform_numeric_names": self.names,
        }
        return [*self.notes, *(Note(code, {"count": count}) for code, count in counts.items() if count)]


def detect_encoding(head: bytes) -> str | None:
    """The encoding by the byte order mark, or by the zero bytes of UTF-16; None when there is neither."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) >= 4 and odd > 0.4 * len(sample) / 2 and even < odd / 4:
        return "utf-16-le"
    if len(sample) >= 4 and even > 0.4 * len(sample) / 2 and odd < even / 4:
        return "utf-16-be"
    return None


def is_utf8(path: Path) -> bool:
    """Whether the whole file is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def fallback_encoding(path: Path) -> str:
    """The encoding of a file that is not valid UTF-8: UTF-8 if damaged only in places, else that of its letters.

    Unreadable when that cannot be told.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    invalid = valid = 0
    for chunk in chunks(path):
        text = decoder.decode(chunk)
        lost = text.count("\ufffd")
        invalid += lost
        valid += len(text) - len(text.encode("ascii", "ignore")) - lost
    return "utf-8" if valid and valid >= invalid else legacy_encoding(path)


def file_encoding(path: Path, head: bytes) -> str:
    """The encoding of a file whose first bytes are `head`."""
    return detect_encoding(head) or ("utf-8" if is_utf8(path) else fallback_encoding(path))


def recoded(path: Path, encoding: str, work: Path) -> Path:
    """A copy in UTF-8, in the folder `work`, of an 8-bit text file in this encoding; the file itself when it is Unicode."""
    with path.open("rb") as file:
        if detect_encoding(file.read(HEAD_BYTES)) or is_utf8(path):
            return path
    copy = work / "recoded"
    with copy.open("w", encoding="utf-8", newline="") as target:
        target.writelines(text_pieces(path, encoding))
    return copy


def text_pieces(path: Path, encoding: str) -> Iterator[str]:
    """The file's text in pieces of `PIECE` characters; what cannot be decoded is U+FFFD."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        while piece := file.read(PIECE):
            yield piece


def head_text(head: bytes) -> str:
    """The first bytes as text, in the encoding that they suggest; without a byte order mark."""
    encoding = detect_encoding(head)
    if encoding is None:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            return decoder.decode(head)  # leaves out a character cut at the end
        except UnicodeDecodeError:
            encoding = "cp1252"
    return head.decode(encoding, "replace").removeprefix("\ufeff")


def after_prolog(text: str) -> str:
    """The text from its first element on: without white space, XML declarations and comments."""
    prolog = _PROLOG.match(text)
    return text[prolog.end() :] if prolog else text


def is_html(text: str) -> bool:
    """Whether the text's first element is that of a web page."""
    return bool(_HTML.match(after_prolog(text)))
