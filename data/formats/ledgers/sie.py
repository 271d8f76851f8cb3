"""A reader of SIE 4 (4E and 4I): the file's own facts, and its vouchers one by one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from data.formats.ledgers.sie_text import Checksum, Fields, read_lines, sie_encoding, split_fields
from data.readers.errors import Unreadable
from data.schema.catalogue import fold

_AMOUNT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_DIMENSIONS: Mapping[str, tuple[str, frozenset[str]]] = {  # the reserved number, and names of other numbers
    "cost_centre": ("1", frozenset(("kostnadsstalle", "kostnadsstalleresultatenhet", "resultatenhet", "ansvar"))),
    "project": ("6", frozenset(("projekt",))),
    "supplier": ("9", frozenset(("leverantor",))),
    "counterparty": ("", frozenset(("motpart", "motparter"))),
}


@dataclass(frozen=True)
class Posting:
    """A row of a voucher, amount in SEK. `objects` are the object codes by dimension number."""

    line: int
    account: str
    amount: Decimal
    objects: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Voucher:
    """A voucher with all its postings. `day` is its date as it is written."""

    series: str
    number: str
    day: str
    text: str
    postings: Sequence[Posting]


@dataclass
class SieFile:
    """The facts of a file beside its vouchers, complete when `vouchers` is exhausted.

    `unmatched_added` is the number of added rows (#RTRANS) without the ordinary row that should follow them.
    """

    path: Path
    head: bytes
    kind: str = ""
    company: str = ""
    organisation: str = ""
    year: tuple[str, str] | None = None
    accounts: dict[str, str] = field(default_factory=dict)
    account_kinds: dict[str, str] = field(default_factory=dict)
    dimensions: dict[str, str] = field(default_factory=dict)
    objects: dict[tuple[str, str], str] = field(default_factory=dict)
    unmatched_added: int = 0
    checksum_matches: bool | None = None
    _meanings: dict[str, str] = field(default_factory=dict)

    def dimension(self, meaning: str) -> str:
        """The number of the dimension with this meaning, a key of `_DIMENSIONS`."""
        if meaning not in self._meanings:
            reserved, names = _DIMENSIONS[meaning]
            named = (number for number, name in self.dimensions.items() if fold(name) in names)
            self._meanings[meaning] = reserved if reserved in self.dimensions else next(named, reserved)
        return self._meanings[meaning]

    def vouchers(self) -> Iterator[Voucher]:
        """The vouchers one by one. Unreadable where the file is malformed, or when it has balances only."""
        encoding = sie_encoding(self.path, self.head)
        checksum, reader, count = Checksum(encoding), _VoucherReader(self), 0
        for number, line in read_lines(self.path, encoding):
            voucher = reader.read_brace(number, line)
            if voucher:
                count += 1
                yield voucher
            if line.startswith("#") and (fields := _split_labelled(line)):
                checksum.add(fields)
                reader.read_fields(number, fields)
        reader.end()
        self.checksum_matches = checksum.matches
        if not count and self.kind != "4":
            raise Unreadable("sie_balances", value=self.kind[:1] if self.kind[:1].isdigit() else "1")

    def read_fields(self, fields: Fields) -> None:
        """Read a line outside the vouchers. Unreadable when the currency is not SEK."""
        label, *rest = [text if isinstance(text, str) else "" for text in fields]
        match label, rest:
            case "#SIETYP", [kind, *_]:
                self.kind = kind
            case "#FNAMN", [name, *_]:
                self.company = name
            case "#ORGNR", [number, *_]:
                self.organisation = number
            case "#RAR", ["0", first, last, *_]:
                self.year = (first, last)
            case "#KONTO", [account, name, *_]:
                self.accounts[account] = name
            case "#KTYP", [account, kind, *_]:
                self.account_kinds[account] = kind.upper()
            case "#DIM" | "#UNDERDIM", [number, name, *_]:
                self.dimensions[number] = name
                self._meanings.clear()
            case "#OBJEKT", [number, code, name, *_]:
                self.objects[number, code] = name
            case "#VALUTA", [currency, *_] if currency.upper() != "SEK":
                raise Unreadable("sie_currency", value=currency[:3])


def _split_labelled(line: str) -> Fields:
    """The fields of a line, with its label in upper case."""
    label, *rest = split_fields(line)
    return [str(label).upper(), *rest]


class _VoucherReader:
    """Assembles vouchers from their lines."""

    def __init__(self, file: SieFile) -> None:
        self._file = file
        self._header: Sequence[str] | None = None
        self._open = False
        self._postings: list[Posting] = []
        self._added: Fields | None = None

    def read_brace(self, number: int, line: str) -> Voucher | None:
        """Follow the braces around the postings; the complete voucher at its closing brace."""
        if line.startswith("{") or (line.upper().startswith("#VER") and line.endswith("{")):
            self._open = True
        if not line.startswith("}"):
            return None
        if self._header is None:
            raise Unreadable("sie_broken", row=number)
        self._match_added(None)
        series, verno, day, text = self._header
        voucher = Voucher(series, verno, day, text, tuple(self._postings))
        self._header, self._open = None, False
        return voucher

    def read_fields(self, number: int, fields: Fields) -> None:
        """Read a line with a label. Unreadable where it is malformed or out of place."""
        label = fields[0]
        if label == "#VER":
            self._begin(number, fields)
        elif label in ("#TRANS", "#RTRANS", "#BTRANS"):
            if not self._open or self._header is None:
                raise Unreadable("sie_broken", row=number)
            if label == "#TRANS":
                self._postings.append(_posting(number, fields))
            if label != "#BTRANS":
                self._match_added(fields)
        elif self._header is None:
            self._file.read_fields(fields)

    def end(self) -> None:
        """Unreadable when the last voucher is not closed."""
        if self._header is not None:
            raise Unreadable("sie_cut")

    def _begin(self, number: int, fields: Fields) -> None:
        if self._header is not None:
            raise Unreadable("sie_broken", row=number)
        texts = [text if isinstance(text, str) else "" for text in fields[1:5]]
        if len(texts) < 3:
            raise Unreadable("sie_broken", row=number)
        self._header, self._postings = [*texts, ""][:4], []

    def _match_added(self, fields: Fields | None) -> None:
        """Count an added row (#RTRANS) that is not followed by an equal ordinary row (#TRANS)."""
        if self._added is not None:
            self._file.unmatched_added += fields is None or fields[0] != "#TRANS" or fields[1:] != self._added[1:]
        self._added = fields if fields is not None and fields[0] == "#RTRANS" else None


def _posting(number: int, fields: Fields) -> Posting:
    """A row of a voucher: account {objects} amount date text quantity sign. Quantity and sign (a person) are not read."""
    account, *rest = fields[1:]
    codes: Sequence[str] = ()
    if rest and not isinstance(rest[0], str):
        codes, *rest = rest
    texts = [text if isinstance(text, str) else "" for text in rest]
    if not (isinstance(account, str) and account.isdecimal() and texts and _AMOUNT.fullmatch(texts[0])):
        raise Unreadable("sie_broken", row=number)
    if len(texts) > 1 and texts[1] and parse_day(texts[1]) is None:
        raise Unreadable("sie_broken", row=number)  # an amount with a space, 10 000.00, moves the fields after it
    objects = dict(reversed([*zip(codes[::2], codes[1::2], strict=False)]))
    return Posting(number, account, Decimal(texts[0].replace(",", ".")), objects, texts[2] if len(texts) > 2 else "")


def parse_day(text: str) -> date | None:
    """The day written as eight digits; None when it is not one."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 and text.isdecimal() else None
    except ValueError:
        return None
