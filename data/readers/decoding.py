"""From bytes to text. The bytes decide the encoding: what a prolog declares is often wrong."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data.readers.file_scan import detect_encoding, fallback_encoding, is_utf8
from data.readers.sheet import Note

PIECE = 1 << 18  # characters
_PROLOG = re.compile(r"[\s\ufeff\0]*(?:<\?.*?\?>|<!--.*?-->|[\s\ufeff\0]+)*", re.S)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|script|style|title|table)\b", re.I)


@dataclass
class Repairs:
    """How often something in an answer had to be mended before it could be read, and what else is to be told."""

    ampersands: int = 0
    controls: int = 0
    backslashes: int = 0
    names: int = 0
    notes: list[Note] = field(default_factory=list)

    def all_notes(self) -> list[Note]:
        """What a person should know."""
        counts = {
            "platform_ampersands": self.ampersands,
            "platform_controls": self.controls,
            "platform_backslashes": self.backslashes,
            "platform_numeric_names": self.names,
        }
        return [*self.notes, *(Note(code, {"count": count}) for code, count in counts.items() if count)]


def file_encoding(path: Path, head: bytes) -> str:
    """The encoding of a file that begins with `head`."""
    return detect_encoding(head) or ("utf-8" if is_utf8(path) else fallback_encoding(path))


def text_pieces(path: Path, encoding: str) -> Iterator[str]:
    """The file's text in pieces."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        while piece := file.read(PIECE):
            yield piece


def head_text(head: bytes) -> str:
    """The first bytes as text, as well as can be told from them alone; without a byte order mark."""
    encoding = detect_encoding(head)
    if encoding is None:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            return decoder.decode(head)  # a character that is cut at the end is left out
        except UnicodeDecodeError:
            encoding = "cp1252"
    return head.decode(encoding, "replace").removeprefix("\ufeff")


def after_prolog(text: str) -> str:
    """The text from its first element on: without white space, declarations of XML, and comments."""
    found = _PROLOG.match(text)
    return text[found.end() :] if found else text


def is_html(text: str) -> bool:
    """Whether a text is a web page by its first element."""
    return bool(_HTML.match(after_prolog(text)))
