"""SIE 4 (4E and 4I): what a file says of itself, and its vouchers one by one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from data.formats.ledgers.sie_text import Checksum, Fields, encoding, read_lines, split_fields
from data.readers.errors import Unreadable
from data.schema.catalogue import fold

_AMOUNT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_DIMENSIONS: Mapping[str, tuple[str, frozenset[str]]] = {  # the number that is reserved, and names that others have
    "cost_centre": ("1", frozenset(("kostnadsstalle", "kostnadsstalleresultatenhet", "resultatenhet", "ansvar"))),
    "project": ("6", frozenset(("projekt",))),
    "supplier": ("9", frozenset(("leverantor",))),
    "counterparty": ("", frozenset(("motpart", "motparter"))),
}


@dataclass(frozen=True)
class Posting:
    """A row of a voucher. `objects` are the codes by dimension."""

    line: int
    account: str
    amount: Decimal
    objects: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Voucher:
    """A voucher with all its postings. `day` is the text of its date."""

    series: str
    number: str
    day: str
    text: str
    postings: Sequence[Posting]


@dataclass
class SieFile:
    """What a file tells beside its vouchers; whole when they have been read to their end."""

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
    added_alone: int = 0
    agrees: bool | None = None
    _meanings: dict[str, str] = field(default_factory=dict)

    def dimension(self, meaning: str) -> str:
        """The number of the dimension that means this."""
        if meaning not in self._meanings:
            reserved, names = _DIMENSIONS[meaning]
            named = (number for number, name in self.dimensions.items() if fold(name) in names)
            self._meanings[meaning] = reserved if reserved in self.dimensions else next(named, reserved)
        return self._meanings[meaning]

    def vouchers(self) -> Iterator[Voucher]:
        """The vouchers. Unreadable where the file is broken, or holds balances only."""
        name = encoding(self.path, self.head)
        checksum, inside, count = Checksum(name), _Vouchers(self), 0
        for number, line in read_lines(self.path, name):
            found = inside.brace(number, line)
            if found:
                count += 1
                yield found
            if line.startswith("#") and (parts := _split_labelled(line)):
                checksum.see(parts)
                inside.see(number, parts)
        inside.end()
        self.agrees = checksum.agrees
        if not count and self.kind != "4":
            raise Unreadable("sie_balances", value=self.kind[:1] if self.kind[:1].isdigit() else "1")

    def told(self, line: Fields) -> None:
        """Take in what a line outside the vouchers says."""
        label, *rest = [text if isinstance(text, str) else "" for text in line]
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
    label, *rest = split_fields(line)
    return [str(label).upper(), *rest]


class _Vouchers:
    """Puts a voucher together from its lines."""

    def __init__(self, file: SieFile) -> None:
        self._file = file
        self._header: Sequence[str] | None = None
        self._open = False
        self._postings: list[Posting] = []
        self._added: Fields | None = None

    def brace(self, number: int, line: str) -> Voucher | None:
        """Follow the braces around the postings; the voucher when its last one is there."""
        if line.startswith("{") or (line.upper().startswith("#VER") and line.endswith("{")):
            self._open = True
        if not line.startswith("}"):
            return None
        if self._header is None:
            raise Unreadable("sie_broken", row=number)
        self._alone(None)
        series, verno, day, text = self._header
        found = Voucher(series, verno, day, text, tuple(self._postings))
        self._header, self._open = None, False
        return found

    def see(self, number: int, line: Fields) -> None:
        """Take in a line that begins with a label."""
        label = line[0]
        if label == "#VER":
            self._begin(number, line)
        elif label in ("#TRANS", "#RTRANS", "#BTRANS"):
            if not self._open or self._header is None:
                raise Unreadable("sie_broken", row=number)
            if label == "#TRANS":
                self._postings.append(_posting(number, line))
            if label != "#BTRANS":
                self._alone(line)
        elif self._header is None:
            self._file.told(line)

    def end(self) -> None:
        """Unreadable when the last voucher is not whole."""
        if self._header is not None:
            raise Unreadable("sie_cut")

    def _begin(self, number: int, line: Fields) -> None:
        if self._header is not None:
            raise Unreadable("sie_broken", row=number)
        texts = [text if isinstance(text, str) else "" for text in line[1:5]]
        if len(texts) < 3:
            raise Unreadable("sie_broken", row=number)
        self._header, self._postings = [*texts, ""][:4], []

    def _alone(self, line: Fields | None) -> None:
        """An added row (#RTRANS) is told once more as an ordinary one right after; count those that are not."""
        same = self._added is not None and line is not None and line[0] == "#TRANS" and line[1:] == self._added[1:]
        self._file.added_alone += self._added is not None and not same
        self._added = line if line is not None and line[0] == "#RTRANS" else None


def _posting(number: int, line: Fields) -> Posting:
    """A row of a voucher: account {objects} amount date text quantity sign. Who wrote it (sign) is nobody's business."""
    account, *rest = line[1:]
    codes: Sequence[str] = ()
    if rest and not isinstance(rest[0], str):
        codes, *rest = rest
    texts = [text if isinstance(text, str) else "" for text in rest]
    if not (isinstance(account, str) and account.isdecimal() and texts and _AMOUNT.fullmatch(texts[0])):
        raise Unreadable("sie_broken", row=number)
    if len(texts) > 1 and texts[1] and parse_day(texts[1]) is None:
        raise Unreadable("sie_broken", row=number)  # an amount in two pieces, 10 000.00, pushes the rest along
    objects = dict(reversed([*zip(codes[::2], codes[1::2], strict=False)]))
    return Posting(number, account, Decimal(texts[0].replace(",", ".")), objects, texts[2] if len(texts) > 2 else "")


def parse_day(text: str) -> date | None:
    """The day that eight digits mean; None when they mean none."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 and text.isdecimal() else None
    except ValueError:
        return None
