"""SIE files as text: which encoding it is, line by line, and the fields of a line."""

import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from data.readers.decoding import detect_encoding, head_text, is_utf8
from data.readers.errors import Unreadable
from data.readers.file_scan import chunks

PC8 = "cp437"
LINE = 1 << 20  # characters of a line
_LABELS = re.compile(r"[\s\ufeff]*#(?:FLAGGA|SIETYP|FORMAT|PROGRAM|GEN|FNAMN|KSUMMA|ORGNR)\b", re.I)
_SURE = re.compile(r"^[ \t]*#(?:SIETYP[ \t]+\"?[1-4]|FORMAT[ \t]+\"?PC8|VER\b|RAR[ \t]+0\b)", re.I | re.M)
_TOKEN = re.compile(r'"((?:\\"|[^"])*)"?|([{}])|([^\s{}]+)')
_OWN, _WESTERN = b"\x84\x86\x94\x8e\x8f\x99\x82", b"\xe4\xe5\xf6\xc4\xc5\xd6\xe9"  # ä å ö Ä Å Ö é

Fields = Sequence[str | Sequence[str]]


def is_sie(head: bytes) -> bool:
    """Whether a file that begins like this is a SIE file of type 1 to 4."""
    text = head_text(head)
    return bool(_LABELS.match(text) and _SURE.search(text))


def encoding(path: Path, head: bytes) -> str:
    """The encoding of a SIE file: PC8 is demanded, and other ones occur. Told by its Swedish letters."""
    told = detect_encoding(head)
    if told:
        return told
    if is_utf8(path):
        return "utf-8"
    own = western = 0
    for chunk in chunks(path):
        own += sum(chunk.count(bytes([byte])) for byte in _OWN)
        western += sum(chunk.count(bytes([byte])) for byte in _WESTERN)
    return "cp1252" if western > own else PC8


def read_lines(path: Path, name: str) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their numbers. Unreadable where one is endless."""
    number = 0
    with path.open(encoding=name, errors="replace") as file:
        while line := file.readline(LINE):
            number += 1
            if len(line) == LINE:
                raise Unreadable("sie_broken", row=number)
            text = line.strip(" \t\r\n\0\x1a\ufeff")
            if text:
                yield number, text


def split_fields(line: str) -> Fields:
    """The fields of a line; a list in braces is one field. A brace that is never closed is left out."""
    found: list[str | Sequence[str]] = []
    inner: list[str] | None = None
    for quoted, brace, plain in _TOKEN.findall(line):
        if brace == "{":
            inner = []
        elif brace and inner is not None:
            found.append(tuple(inner))
            inner = None
        elif not brace:
            text = plain or quoted.replace('\\"', '"')
            (found if inner is None else inner).append(text)
    return found


class Checksum:
    """CRC-32 over the labels and fields between two #KSUMMA, as the format's specification has it.

    The specification says neither how a quotation mark inside a field counts, nor what holds for a file that was
    written in PC8 and converted afterwards: any reading that agrees will do.
    """

    def __init__(self, name: str) -> None:
        self._encodings = {name, PC8}
        self._sums: dict[tuple[str, bool], int] = {}
        self.agrees: bool | None = None

    def see(self, line: Fields) -> None:
        """Take a line in: its label and its fields."""
        if line[0] == "#KSUMMA":
            self._begin_or_end(line)
        elif self._sums:
            text = "".join(field if isinstance(field, str) else "".join(field) for field in line)
            for encoded, escaped in self._sums:
                data = (text.replace('"', '\\"') if escaped else text).encode(encoded, "replace")
                self._sums[encoded, escaped] = zlib.crc32(data, self._sums[encoded, escaped])

    def _begin_or_end(self, line: Fields) -> None:
        if len(line) == 1:
            self._sums = {(encoded, escaped): 0 for encoded in self._encodings for escaped in (False, True)}
        elif self._sums:
            self.agrees = str(line[1]) in {str(value) for value in self._sums.values()}
            self._sums = {}
