"""A SIE 4 file as a sheet: its cost postings, and notes on the others and on the file."""

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
from data.readers.sheet import HeaderRow, Note, Opened, load_rows

_KINDS = {"T": "sie_left_balance", "S": "sie_left_balance", "I": "sie_left_income"}
_CLASSES = {"1": "sie_left_balance", "2": "sie_left_balance", "3": "sie_left_income"}
_RESULT = "899"  # the year's result, a sum of the other accounts: in class 8, but not a cost
EXCLUSION_REASONS = ("sie_left_balance", "sie_left_income", "sie_left_other")
_LISTED = 5  # vouchers listed in a note


def exclusion_reason(account: str, kinds: Mapping[str, str]) -> str | None:
    """The code of the reason why postings on an account are not costs; None when they are.

    The account's type in the file (#KTYP) takes precedence over its first digit.
    """
    kind = kinds.get(account, "")
    if kind in _KINDS or kind == "K":
        return _KINDS.get(kind)
    return None if account[0] in "45678" else _CLASSES.get(account[0], "sie_left_other")


@dataclass
class _Totals:
    """What is summed over the vouchers. `masked` is the number of texts in which personal data were masked."""

    file: PostingSum = field(default_factory=PostingSum)
    excluded: dict[str, PostingSum] = field(default_factory=lambda: {code: PostingSum() for code in EXCLUSION_REASONS})
    names: list[str] = field(default_factory=list)
    amounts: list[Decimal] = field(default_factory=list)
    unbalanced: int = 0
    masked: int = 0
    result: PostingSum = field(default_factory=PostingSum)

    def check_balance(self, voucher: Voucher) -> None:
        """Count a voucher whose postings do not sum to zero."""
        difference = sum((posting.amount for posting in voucher.postings), Decimal(0))
        if difference:
            self.unbalanced += 1
            if self.unbalanced <= _LISTED:
                self.names.append(_name(voucher))
                self.amounts.append(difference)


def _name(voucher: Voucher) -> str:
    return f"{voucher.series} {voucher.number}".strip() or voucher.day


class SieSheet(LedgerSheet):
    """The cost postings of a SIE file, in a CSV file."""

    repeat_note = "sie_twice"

    def __init__(self, path: Path, totals: _Totals, notes: Sequence[Note]) -> None:
        super().__init__(None, 1, dict.fromkeys(COLUMNS))
        self._path, self._notes = path, notes
        self._file, self._excluded = totals.file, totals.excluded

    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """See `Sheet.load`."""
        tidy = f"{table}_tidy"
        load_rows(connection, tidy, self._path, len(COLUMNS))
        named = ", ".join(f'c{i} AS "{code}"' for i, code in enumerate(COLUMNS))
        repeats = self._number_ids(connection, table, f"(SELECT _row, _extra, {named} FROM {tidy})")
        connection.execute(f"DROP VIEW {tidy}; DROP TABLE {tidy}_raw")
        return [*self._notes, *repeats]


def open_sie(path: Path, scan: FileScan, work: Path, origin: Origin) -> Opened | None:
    """The cost postings of a SIE file as one sheet; None when it is not one. Unreadable when it is malformed."""
    if not is_sie(scan.head):
        return None
    file, totals, copy = SieFile(path, scan.head), _Totals(), work / "postings.csv"
    with copy.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=",", lineterminator="\n", quoting=csv.QUOTE_ALL)
        for voucher in file.vouchers():
            totals.check_balance(voucher)
            writer.writerows(_RowBuilder(file, totals, origin.today).rows(voucher))
    return [SieSheet(copy, totals, [*_notes(file, totals, origin.today)])], []


@dataclass(frozen=True)
class _RowBuilder:
    """Makes rows of the table `costs` from postings, with personal data masked."""

    file: SieFile
    totals: _Totals
    today: date

    def rows(self, voucher: Voucher) -> Iterator[list[object]]:
        """The rows of a voucher's cost postings; the others are added to `totals`."""
        for number, posting in enumerate(voucher.postings, 1):
            self.totals.file.add(posting.amount)
            reason = exclusion_reason(posting.account, self.file.account_kinds)
            if reason:
                self.totals.excluded[reason].add(posting.amount)
            else:
                if posting.account.startswith(_RESULT):
                    self.totals.result.add(posting.amount)
                values = self._values(voucher, posting, number)
                yield [posting.line, "", *(values.get(code, "") for code in COLUMNS)]

    def _values(self, voucher: Voucher, posting: Posting, number: int) -> Mapping[str, object]:
        day, cost_centre = parse_day(voucher.day), self._code(posting, "cost_centre")
        supplier, supplier_id = self._supplier(posting)
        texts = dict.fromkeys(text.strip() for text in (voucher.text, posting.text) if text.strip())
        return {
            "cost_id": self._id(voucher, posting, number),
            "booked_on": day.isoformat() if day else voucher.day,
            "amount": posting.amount,
            "supplier": supplier,
            "text": self._mask(" · ".join(texts)),
            "account": posting.account,
            "account_text": self._mask(self.file.accounts.get(posting.account, "")),
            "cost_centre": self._mask(cost_centre),
            "project": self._mask(self._code(posting, "project")),
            "supplier_id": supplier_id,
            "office": self._mask(self._object("cost_centre", cost_centre)),
            "voucher": self._mask(f"{voucher.series} {voucher.number}".strip()),
            "counterparty": self._mask(self._code(posting, "counterparty")),
            "cost_type": "outside" if posting.account.startswith(_RESULT) else "",
        }

    def _id(self, voucher: Voucher, posting: Posting, number: int) -> str:
        """Year, series, number and row; for a voucher without number: series, day, account and amount."""
        if not voucher.number:
            parts = [voucher.series, voucher.day, posting.account, str(posting.amount)]
        elif self.file.year:
            parts = [_years(*self.file.year), voucher.series, voucher.number, str(number)]
        else:  # from a subsystem, whose numbers may restart within a year
            parts = [voucher.day, voucher.series, voucher.number, str(number)]
        return "_".join(mask_all(part, self.today) for part in parts if part)

    def _code(self, posting: Posting, meaning: str) -> str:
        return posting.objects.get(self.file.dimension(meaning), "")

    def _object(self, meaning: str, code: str) -> str:
        return self.file.objects.get((self.file.dimension(meaning), code), "")

    def _supplier(self, posting: Posting) -> tuple[str, str]:
        """The supplier's name and organisation number; blank when suppliers are not a dimension."""
        code = self._code(posting, "supplier")
        supplier_id, is_person = mask_supplier_id(code, self.today) if code else ("", False)
        if is_person:
            self.totals.masked += 1
            return SOLE_TRADER, supplier_id
        return self._mask(self._object("supplier", code)), supplier_id

    def _mask(self, text: str) -> str:
        masked = mask_all(text, self.today)
        self.totals.masked += masked != text
        return masked


def _years(first: str, last: str) -> str:
    return first[:4] if first[:4] == last[:4] else f"{first[:4]}-{last[2:4]}"


def _notes(file: SieFile, totals: _Totals, today: date) -> Iterator[Note]:
    """Notes on the file: company, checksum, balance, masked data."""
    number, is_person = mask_supplier_id(file.organisation, today)
    names = [] if is_person else [name for name in (mask_all(file.company, today), number) if name]
    if names:
        yield Note("sie_company", {"names": names})
    checksum_notes = {None: "sie_checksum_none", True: "sie_checksum_right", False: "sie_checksum_wrong"}
    yield Note(checksum_notes[file.checksum_matches], {})
    if totals.result.rows:
        yield Note("sie_result", {"rows": totals.result.rows, "total": totals.result.total})
    if totals.unbalanced:
        names = [mask_all(name, today) for name in totals.names]
        yield Note("sie_unbalanced", {"count": totals.unbalanced, "names": names, "amounts": totals.amounts})
    if file.unmatched_added:
        yield Note("sie_added_alone", {"count": file.unmatched_added})
    if totals.masked:
        yield Note("ledger_masked", {"count": totals.masked})
