"""SIE files as text: encoding, lines, items and checksum."""

import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from data.readers.decoding import detect_encoding, head_text, is_utf8
from data.readers.errors import Unreadable
from data.readers.file_scan import chunks
from data.readers.legacy_encoding import legacy_encoding

PC8 = "cp437"
LINE = 1 << 20  # characters of a line
_LABELS = re.compile(r"[\s\ufeff]*#(?:FLAGGA|SIETYP|FORMAT|PROGRAM|GEN|FNAMN|KSUMMA|ORGNR)\b", re.I)
_SURE = re.compile(r"(?:^|\r)[ \t]*#(?:SIETYP[ \t]+\"?[1-4]|FORMAT[ \t]+\"?PC8|VER\b|RAR[ \t]+0\b)", re.I | re.M)
_TOKEN = re.compile(r'"((?:\\"|[^"])*)"?|([{}])|([^\s{}]+)')
_LABEL = re.compile(  # one that may begin anywhere on a line
    "#(?:ADRESS|BKOD|BTRANS|DIM|ENHET|FLAGGA|FNAMN|FNR|FORMAT|FTYP|GEN|IB|KONTO|KPTYP|KSUMMA|KTYP|OBJEKT|OIB|OMFATTN|ORGNR"
    "|OUB|PBUDGET|PROGRAM|PROSA|PSALDO|RAR|RES|RTRANS|SIETYP|SRU|TAXAR|TRANS|UB|UNDERDIM|VALUTA|VER)",
    re.I,
)
_PC8_LETTERS, _WESTERN_LETTERS = b"\x84\x86\x94\x8e\x8f\x99\x82", b"\xe4\xe5\xf6\xc4\xc5\xd6\xe9"  # ä å ö Ä Å Ö é

Fields = Sequence[str | Sequence[str]]


def is_sie(head: bytes) -> bool:
    """Whether these are the first bytes of a SIE file of type 1 to 4."""
    text = head_text(head)
    return bool(_LABELS.match(text) and _SURE.search(text))


def sie_encoding(path: Path, head: bytes) -> str:
    """The encoding of a SIE file, by its Swedish letters: the format demands PC8 (CP437), but others occur."""
    detected = detect_encoding(head)
    if detected:
        return detected
    if is_utf8(path):
        return "utf-8"
    pc8 = western = utf8 = 0
    for chunk in chunks(path):
        pc8 += sum(chunk.count(bytes([byte])) for byte in _PC8_LETTERS)
        western += sum(chunk.count(bytes([byte])) for byte in _WESTERN_LETTERS)
        utf8 += sum(chunk.count(letter.encode()) for letter in "åäöÅÄÖé")
    if utf8 and utf8 >= max(pc8, western):
        return "utf-8"  # damaged in places
    try:
        encoding = legacy_encoding(path)
    except Unreadable:
        encoding = "cp1252" if western > pc8 else PC8
    return PC8 if encoding == "cp850" else encoding


def read_lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers. Unreadable where one is longer than `LINE`."""
    number = 0
    with path.open(encoding=encoding, errors="replace") as file:
        while line := file.readline(LINE):
            number += 1
            if len(line) == LINE:
                raise Unreadable("sie_broken", row=number)
            text = line.strip(" \t\r\n\0\x1a\ufeff")
            if text:
                yield number, text


def split_items(line: str) -> Iterator[Fields]:
    """The items of a line: a label (in upper case) and its fields, or one of the braces around a voucher's postings.

    Several items may share a line. A list in braces is one field, and is dropped when it is not closed.
    """
    fields: list[str | Sequence[str]] = []
    inner: list[str] | None = None
    for quoted, brace, plain in _TOKEN.findall(line):
        if _LABEL.fullmatch(plain) or (plain.startswith("#") and not fields):
            if fields:
                yield fields
            fields, inner = [plain.upper()], None
        elif brace == "{" and fields and fields[0] != "#VER":
            inner = []
        elif brace and inner is not None:
            fields.append(tuple(inner))
            inner = None
        elif brace:
            if fields:
                yield fields
            fields = []
            yield [brace]
        elif fields:
            (fields if inner is None else inner).append(plain or quoted.replace('\\"', '"'))
    if fields:
        yield fields


class Checksum:
    """CRC-32 over the labels and fields between two #KSUMMA, as in the SIE specification.

    It does not say whether a quotation mark inside a field is counted with its backslash, nor in which encoding a
    converted file is counted, so every combination is tried. `matches` is None when the file has no checksum.
    """

    def __init__(self, encoding: str) -> None:
        self._encodings = {encoding, PC8}
        self._sums: dict[tuple[str, bool], int] = {}
        self.matches: bool | None = None

    def add(self, fields: Fields) -> None:
        """Add a line: its label and its fields."""
        if fields[0] == "#KSUMMA":
            self._begin_or_end(fields)
        elif self._sums:
            text = "".join(field if isinstance(field, str) else "".join(field) for field in fields)
            for encoded, escaped in self._sums:
                data = (text.replace('"', '\\"') if escaped else text).encode(encoded, "replace")
                self._sums[encoded, escaped] = zlib.crc32(data, self._sums[encoded, escaped])

    def _begin_or_end(self, fields: Fields) -> None:
        if len(fields) == 1:
            self._sums = {(encoded, escaped): 0 for encoded in self._encodings for escaped in (False, True)}
        elif self._sums:
            self.matches = str(fields[1]) in {str(value) for value in self._sums.values()}
            self._sums = {}
