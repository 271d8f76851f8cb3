"""A reader of SIE 4 (4E and 4I): the file's own facts, and its vouchers one by one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from data.formats.ledgers.sie_text import Checksum, Fields, read_lines, sie_encoding, split_items
from data.readers.errors import Unreadable
from data.schema.catalogue import fold

_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,16}(?:[.,][0-9]{0,20})?|[.,][0-9]{1,20})")
_DATE = re.compile(r"([0-9]{4})(?:([0-9]{2})([0-9]{2})|[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?)")
NO_DATE = frozenset(("", "0", "000000", "00000000", "0000-00-00"))
_BALANCES = ("#IB", "#UB", "#RES")  # of an account: at the beginning and the end of the year, and its result
_ZERO = Decimal(0)
_BALANCE_CLASSES = ("1", "2")
_NUMERIC = re.compile(r"[0-9.,:/+ -]{1,20}")
_DIMENSIONS: Mapping[str, tuple[str, frozenset[str]]] = {  # the reserved number, and names of other numbers
    "cost_centre": ("1", frozenset(("kostnadsstalle", "kostnadsstalleresultatenhet", "resultatenhet", "ansvar"))),
    "project": ("6", frozenset(("projekt",))),
    "supplier": ("9", frozenset(("leverantor",))),
    "counterparty": ("", frozenset(("motpart", "motparter"))),
    "unit": ("", frozenset(("avdelning", "enhet", "forvaltning", "namnd", "sektion", "verksamhet"))),
}


@dataclass(frozen=True)
class Posting:
    """A row of a voucher, amount in SEK. `objects` are the object codes by dimension number.

    `day` is the row's own date, as it is written. `fault` is the code of what is wrong with the row, `value` where it
    was found; the amount is None when it is not certain.
    """

    line: int
    account: str
    amount: Decimal | None
    objects: Mapping[str, str]
    text: str
    day: str = ""
    fault: str | None = None
    value: str = ""


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
    covers_to: str = ""
    generated: str = ""
    balances: dict[str, dict[str, Decimal]] = field(default_factory=lambda: {label: {} for label in _BALANCES})
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
            for fields in split_items(line):
                if len(fields[0]) > 1:
                    checksum.add(fields)
                voucher = reader.read(number, fields)
                if voucher:
                    count += 1
                    yield voucher
        reader.end()
        self.checksum_matches = checksum.matches
        if not count and self.kind != "4":
            raise Unreadable("sie_balances", value=self.kind[:1] if self.kind[:1].isdigit() else "1")

    def is_whole(self, sums: Mapping[str, Decimal]) -> bool:
        """Whether the vouchers, with these sums by account, add up to the year's balances: then none is left out."""
        opening, closing, result = (self.balances[label] for label in _BALANCES)
        if not closing and not result:
            return False
        accounts = {*sums, *opening, *closing, *result}
        change = {a: result.get(a, _ZERO) + closing.get(a, _ZERO) - opening.get(a, _ZERO) for a in accounts}
        checked = accounts if closing else {a for a in accounts if not a.startswith(_BALANCE_CLASSES)}
        return all(change[a] == sums.get(a, _ZERO) for a in checked)

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
            case "#OMFATTN", [day, *_]:
                self.covers_to = day
            case "#GEN", [day, *_]:
                self.generated = day
            case "#IB" | "#UB" | "#RES", ["0", account, amount, *_] if _AMOUNT.fullmatch(amount):
                self.balances[label][account] = Decimal(amount.replace(",", "."))
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


class _VoucherReader:
    """Assembles vouchers from their items."""

    def __init__(self, file: SieFile) -> None:
        self._file = file
        self._header: Sequence[str] | None = None
        self._postings: list[Posting] = []
        self._added: Fields | None = None

    def read(self, number: int, fields: Fields) -> Voucher | None:
        """Read an item; a voucher when it ends one. Unreadable when the currency is not SEK."""
        label = fields[0]
        if label == "}":
            return self._close()
        if label == "#VER":
            unclosed = self._close()
            self._header = _header(fields)
            return unclosed
        if label in ("#TRANS", "#RTRANS", "#BTRANS"):
            return self._read_row(number, fields)
        if self._header is None and label != "{":
            self._file.read_fields(fields)
        return None

    def end(self) -> None:
        """Unreadable when the last voucher is not closed."""
        if self._header is not None:
            raise Unreadable("sie_cut")

    def _read_row(self, number: int, fields: Fields) -> Voucher | None:
        """Read a row; one that stands outside the vouchers is a faulty voucher of its own."""
        if self._header is None:
            loose = replace(_posting(number, fields), fault="sie_loose")
            return Voucher("", "", "", "", (loose,)) if fields[0] == "#TRANS" else None
        if fields[0] == "#TRANS":
            self._postings.append(_posting(number, fields))
        if fields[0] != "#BTRANS":
            self._match_added(fields)
        return None

    def _close(self) -> Voucher | None:
        """The complete voucher; None when none is begun."""
        if self._header is None:
            return None
        self._match_added(None)
        series, verno, day, text = self._header
        voucher = Voucher(series, verno, day, text, tuple(self._postings))
        self._header, self._postings = None, []
        return voucher

    def _match_added(self, fields: Fields | None) -> None:
        """Count an added row (#RTRANS) that is not followed by an equal ordinary row (#TRANS)."""
        if self._added is not None:
            self._file.unmatched_added += fields is None or fields[0] != "#TRANS" or fields[1:] != self._added[1:]
        self._added = fields if fields is not None and fields[0] == "#RTRANS" else None


def _header(fields: Fields) -> Sequence[str]:
    """Series, number, date and text of a voucher; some programs leave out the series, or the number too."""
    texts = [text if isinstance(text, str) else "" for text in fields[1:5]]
    dated = [parse_day(text) is not None for text in texts]
    if not any(dated[2:3]):
        missing = 1 if any(dated[1:2]) else 2 if any(dated[:1]) else 0
        texts = [*[""] * missing, *texts]
    return [*texts, "", "", "", ""][:4]


def _posting(number: int, fields: Fields) -> Posting:
    """A row of a voucher: account {objects} amount date text quantity sign. Quantity and sign (a person) are not read."""
    account, *rest = [*fields[1:], "", ""]
    codes: Sequence[str] = ()
    if not isinstance(rest[0], str):
        codes, *rest = rest
    amount, day, text, *_ = [*(text if isinstance(text, str) else "" for text in rest), "", "", ""]
    objects = dict(reversed([*zip(codes[::2], codes[1::2], strict=False)]))
    posting = Posting(number, account if isinstance(account, str) else "", None, objects, text, day)
    if not _AMOUNT.fullmatch(amount):
        return _faulty(posting, amount)
    if day not in NO_DATE and not _DATE.fullmatch(day):
        return _faulty(posting, day)  # an amount with a space, 10 000.00, moves the fields after it
    posting = replace(posting, amount=Decimal(amount.replace(",", ".")))
    return posting if posting.account.isdecimal() else _faulty(posting, posting.account)


def _faulty(posting: Posting, value: str) -> Posting:
    """The posting with its fault. A value with letters, which may be a name, is not told."""
    return replace(posting, fault="sie_row", value=value if _NUMERIC.fullmatch(value) else "…")


def parse_day(text: str) -> date | None:
    """The day written as eight digits, or as a year, a month and a day with signs between; None when it is not one."""
    match = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        return None
