"""SIE 4 as a sheet: which postings are costs, what is left out and why, and what is worth saying of the file."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.formats.ledgers.sheet import COLUMNS, LedgerSheet, PostingSum
from data.formats.ledgers.sie import Posting, SieFile, Voucher, parse_day
from data.formats.ledgers.sie_text import is_sie
from data.formats.origin import Origin
from data.privacy import SOLE_TRADER, mask_all, mask_supplier_id
from data.readers.file_scan import FileScan
from data.readers.sheet import Note, load_rows

_KINDS = {"T": "sie_left_balance", "S": "sie_left_balance", "I": "sie_left_income"}
_CLASSES = {"1": "sie_left_balance", "2": "sie_left_balance", "3": "sie_left_income"}
_RESULT = "899"  # the year's result, a sum of the other accounts: in class 8, and still no cost of anything
EXCLUSION_REASONS = ("sie_left_balance", "sie_left_income", "sie_left_other")
_LISTED = 5  # vouchers named in a remark


def exclusion_reason(account: str, kinds: Mapping[str, str]) -> str | None:
    """Why postings on an account are no costs; None when they are.

    What the file says of the account (#KTYP) goes before its first digit.
    """
    kind = kinds.get(account, "")
    if kind in _KINDS or kind == "K":
        return _KINDS.get(kind)
    return None if account[0] in "45678" else _CLASSES.get(account[0], "sie_left_other")


@dataclass
class _Totals:
    """What is counted while the vouchers go by."""

    file: PostingSum = field(default_factory=PostingSum)
    left: dict[str, PostingSum] = field(default_factory=lambda: {code: PostingSum() for code in EXCLUSION_REASONS})
    names: list[str] = field(default_factory=list)
    amounts: list[Decimal] = field(default_factory=list)
    unbalanced: int = 0
    hidden: int = 0
    result: PostingSum = field(default_factory=PostingSum)

    def balance(self, voucher: Voucher) -> None:
        """Remember a voucher that does not balance."""
        rest = sum((posting.amount for posting in voucher.postings), Decimal(0))
        if rest:
            self.unbalanced += 1
            if self.unbalanced <= _LISTED:
                self.names.append(_name(voucher))
                self.amounts.append(rest)


def _name(voucher: Voucher) -> str:
    return f"{voucher.series} {voucher.number}".strip() or voucher.day


class SieSheet(LedgerSheet):
    """The cost postings of a SIE file, from a tidy copy of them."""

    alike = "sie_twice"

    def __init__(self, path: Path, seen: _Totals, remarks: Sequence[Note]) -> None:
        super().__init__(None, 1, dict.fromkeys(COLUMNS))
        self._path, self._remarks = path, remarks
        self._file, self._left = seen.file, seen.left

    def load(
        self, connection: DuckDBPyConnection, table: str, header: int, width: int, types: Mapping[int, str]
    ) -> Sequence[Note]:
        """See `Sheet.load`."""
        tidy = f"{table}_tidy"
        load_rows(connection, tidy, self._path, len(COLUMNS))
        named = ", ".join(f'c{i} AS "{code}"' for i, code in enumerate(COLUMNS))
        alike = self._number(connection, table, f"(SELECT _row, _extra, {named} FROM {tidy})")
        connection.execute(f"DROP VIEW {tidy}; DROP TABLE {tidy}_raw")
        return [*self._remarks, *alike]


def open_sie(
    path: Path, surveyed: FileScan, work: Path, origin: Origin
) -> tuple[Sequence[SieSheet], Sequence[Note]] | None:
    """The cost postings of a SIE file as one sheet; None when it is none. Unreadable when it is broken."""
    if not is_sie(surveyed.head):
        return None
    file, seen, copy = SieFile(path, surveyed.head), _Totals(), work / "postings.csv"
    with copy.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=",", lineterminator="\n", quoting=csv.QUOTE_ALL)
        for voucher in file.vouchers():
            seen.balance(voucher)
            writer.writerows(_RowBuilder(file, seen, origin.today).of(voucher))
    return [SieSheet(copy, seen, [*_remarks(file, seen, origin.today)])], []


@dataclass(frozen=True)
class _RowBuilder:
    """Makes rows of postings."""

    file: SieFile
    seen: _Totals
    today: date

    def of(self, voucher: Voucher) -> Iterator[list[object]]:
        """The cost postings of a voucher; all others are counted."""
        for number, posting in enumerate(voucher.postings, 1):
            self.seen.file.add(posting.amount)
            reason = exclusion_reason(posting.account, self.file.account_kinds)
            if reason:
                self.seen.left[reason].add(posting.amount)
            else:
                if posting.account.startswith(_RESULT):
                    self.seen.result.add(posting.amount)
                values = self._values(voucher, posting, number)
                yield [posting.line, "", *(values.get(code, "") for code in COLUMNS)]

    def _values(self, voucher: Voucher, posting: Posting, number: int) -> Mapping[str, object]:
        day, centre = parse_day(voucher.day), self._code(posting, "cost_centre")
        supplier, supplier_id = self._supplier(posting)
        texts = dict.fromkeys(text.strip() for text in (voucher.text, posting.text) if text.strip())
        return {
            "cost_id": self._id(voucher, posting, number),
            "booked_on": day.isoformat() if day else voucher.day,
            "amount": posting.amount,
            "supplier": supplier,
            "text": self._clean(" · ".join(texts)),
            "account": posting.account,
            "account_text": self._clean(self.file.accounts.get(posting.account, "")),
            "cost_centre": self._clean(centre),
            "project": self._clean(self._code(posting, "project")),
            "supplier_id": supplier_id,
            "office": self._clean(self._object("cost_centre", centre)),
            "voucher": self._clean(f"{voucher.series} {voucher.number}".strip()),
            "counterparty": self._clean(self._code(posting, "counterparty")),
            "cost_type": "outside" if posting.account.startswith(_RESULT) else "",
        }

    def _id(self, voucher: Voucher, posting: Posting, number: int) -> str:
        """Year, series, number and row. A voucher that nobody has numbered yet is known by what it says."""
        if not voucher.number:
            parts = [voucher.series, voucher.day, posting.account, str(posting.amount)]
        elif self.file.year:
            parts = [_years(*self.file.year), voucher.series, voucher.number, str(number)]
        else:  # of a system before the ledger: its numbers begin anew as it pleases
            parts = [voucher.day, voucher.series, voucher.number, str(number)]
        return "_".join(mask_all(part, self.today) for part in parts if part)

    def _code(self, posting: Posting, meaning: str) -> str:
        return posting.objects.get(self.file.dimension(meaning), "")

    def _object(self, meaning: str, code: str) -> str:
        return self.file.objects.get((self.file.dimension(meaning), code), "")

    def _supplier(self, posting: Posting) -> tuple[str, str]:
        """The supplier's name and organisation number, where suppliers are a dimension."""
        code = self._code(posting, "supplier")
        shown, person = mask_supplier_id(code, self.today) if code else ("", False)
        if person:
            self.seen.hidden += 1
            return SOLE_TRADER, shown
        return self._clean(self._object("supplier", code)), shown

    def _clean(self, text: str) -> str:
        shown = mask_all(text, self.today)
        self.seen.hidden += shown != text
        return shown


def _years(first: str, last: str) -> str:
    return first[:4] if first[:4] == last[:4] else f"{first[:4]}-{last[2:4]}"


def _remarks(file: SieFile, seen: _Totals, today: date) -> Iterator[Note]:
    """What a person should know of the file."""
    number, person = mask_supplier_id(file.organisation, today)
    names = [] if person else [name for name in (mask_all(file.company, today), number) if name]
    if names:
        yield Note("sie_company", {"names": names})
    sure = {None: "sie_checksum_none", True: "sie_checksum_right", False: "sie_checksum_wrong"}
    yield Note(sure[file.agrees], {})
    if seen.result.rows:
        yield Note("sie_result", {"rows": seen.result.rows, "total": seen.result.total})
    if seen.unbalanced:
        shown = [mask_all(name, today) for name in seen.names]
        yield Note("sie_unbalanced", {"count": seen.unbalanced, "names": shown, "amounts": seen.amounts})
    if file.added_alone:
        yield Note("sie_added_alone", {"count": file.added_alone})
    if seen.hidden:
        yield Note("ledger_masked", {"count": seen.hidden})
