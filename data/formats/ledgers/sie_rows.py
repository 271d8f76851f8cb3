"""A SIE 4 file as a sheet: its cost postings, and notes on the others and on the file."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from hashlib import md5
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.base.atomic_files import sql_path
from data.formats.ledgers.sheet import COLUMNS, LedgerSheet, PostingSum, ledger_names
from data.formats.ledgers.sie import NO_DATE, Posting, SieFile, Voucher, parse_day
from data.formats.ledgers.sie_text import is_sie
from data.formats.origin import Origin
from data.ledger_source import LedgerSource, month_range
from data.privacy import SOLE_TRADER, mask_all, mask_supplier_id
from data.readers.file_scan import FileScan
from data.readers.sheet import ROW_FILE, HeaderRow, Note, Opened, load_rows
from data.schema.column_sql import MOJIBAKE

_KINDS = {"T": "sie_left_balance", "S": "sie_left_balance", "I": "sie_left_income"}
_CLASSES = {"1": "sie_left_balance", "2": "sie_left_balance", "3": "sie_left_income"}
_RESULT = "899"  # the year's result, a sum of the other accounts: in class 8, but not a cost
EXCLUSION_REASONS = ("sie_left_balance", "sie_left_income", "sie_left_other")
_LISTED = 5  # vouchers listed in a note
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ufffd]")  # in a text
_MISREAD, _STRANGE = re.compile(MOJIBAKE), re.compile("[^\x00-\x7fåäöÅÄÖé·–]")
_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # digits could be taken for a personal identity number
_AT = {"sie_row": COLUMNS.index("amount"), "sie_loose": -1}  # where a fault is placed


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
    """What is summed over the vouchers, in how many texts personal data were masked, and how many were `damaged`."""

    file: PostingSum = field(default_factory=PostingSum)
    excluded: dict[str, PostingSum] = field(default_factory=lambda: {code: PostingSum() for code in EXCLUSION_REASONS})
    names: list[str] = field(default_factory=list)
    amounts: list[Decimal] = field(default_factory=list)
    unbalanced: int = 0
    masked: int = 0
    damaged: int = 0
    uncertain: int = 0  # postings whose amount cannot be told
    days: set[date] = field(default_factory=set)  # of all vouchers
    accounts: dict[str, Decimal] = field(default_factory=dict)  # sums of all postings
    result: PostingSum = field(default_factory=PostingSum)

    @property
    def has_costs(self) -> bool:
        """Whether a posting is a cost, or cannot be told."""
        return self.file.rows > sum(part.rows for part in self.excluded.values())

    def add_to_accounts(self, voucher: Voucher, today: date) -> None:
        """Add the postings to the sums of their accounts, and the day to those of the vouchers."""
        for posting in voucher.postings:
            if posting.amount is not None:
                self.accounts[posting.account] = self.accounts.get(posting.account, Decimal(0)) + posting.amount
        day = parse_day(voucher.day)
        if day and day <= today:
            self.days.add(day)

    def check_balance(self, voucher: Voucher) -> None:
        """Count a voucher whose postings do not sum to zero."""
        amounts = [posting.amount for posting in voucher.postings if not posting.fault and posting.amount is not None]
        difference = sum(amounts, Decimal(0))
        if difference and len(amounts) == len(voucher.postings):
            self.unbalanced += 1
            if self.unbalanced <= _LISTED:
                self.names.append(_name(voucher))
                self.amounts.append(difference)


def _name(voucher: Voucher) -> str:
    return f"{voucher.series} {voucher.number}".strip() or voucher.day


class SieSheet(LedgerSheet):
    """The cost postings of a SIE file in one CSV file, and the faults of those that cannot be read in another."""

    repeat_note, empty_note = "sie_twice", "sie_no_costs"
    has_refused_rows = True

    def __init__(self, path: Path, faults: Path, ledger: LedgerSource, totals: _Totals, notes: Sequence[Note]) -> None:
        super().__init__(None, 1, dict.fromkeys(COLUMNS))
        self._path, self._faults, self._notes = path, faults, notes
        self.ledger = ledger
        self._file, self._excluded, self._uncertain = totals.file, totals.excluded, totals.uncertain

    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """See `Sheet.load`."""
        tidy = f"{table}_tidy"
        load_rows(connection, tidy, self._path, len(COLUMNS))
        columns = "{'_row': 'INTEGER', 'position': 'INTEGER', 'code': 'VARCHAR', 'value': 'VARCHAR'}"
        connection.execute(
            f"CREATE TABLE {table}_refused AS FROM read_csv({sql_path(self._faults)}, columns = {columns}, header = false,"
            " auto_detect = false)"
        )
        named = ", ".join(f'c{i} AS "{code}"' for i, code in enumerate(COLUMNS))
        repeats = self._number_ids(connection, table, f"(SELECT _row, _extra, {named} FROM {tidy})")
        connection.execute(f"DROP VIEW {tidy}; DROP TABLE {tidy}_raw")
        return [*self._notes, *repeats]


def open_sie(path: Path, scan: FileScan, work: Path, origin: Origin) -> Opened | None:
    """The cost postings of a SIE file as one sheet; None when it is not one. Unreadable when it is malformed."""
    if not is_sie(scan.head):
        return None
    file, totals, copy, faults = SieFile(path, scan.head), _Totals(), work / "postings.csv", work / "faults.csv"
    with ExitStack() as files:
        rows, refused = (
            csv.writer(files.enter_context(out.open("w", encoding="utf-8", newline="")), ROW_FILE)
            for out in (copy, faults)
        )
        builder = _RowBuilder(file, totals, origin.today)
        for voucher in file.vouchers():
            totals.check_balance(voucher)
            totals.add_to_accounts(voucher, origin.today)
            for row, posting in builder.rows(voucher):
                rows.writerow(row)
                if posting.fault:
                    refused.writerow([row[0], _AT[posting.fault], posting.fault, posting.value])
    source = _source(file, totals, origin.today)
    return [SieSheet(copy, faults, source, totals, [*_notes(file, totals, origin.today)])], []


def _source(file: SieFile, totals: _Totals, today: date) -> LedgerSource:
    """Whose ledger it is, and which months it covers: those of its vouchers, and those that it states.

    It is the whole ledger of the year up to its end when the vouchers add up to the balances. Without a cost, it says of the
    months that it covers that there is none. A file without a year (4I) holds vouchers from another program, and says
    nothing of others.
    """
    names = ledger_names([(file.organisation, file.company)], today)
    source = LedgerSource("sie", names, scope="shared" if file.year else "vouchers").covering(totals.days)
    first, last = (parse_day(day) for day in file.year or ("", ""))
    if first is None or last is None:
        return source
    days = [parse_day(file.covers_to or file.generated), *totals.days]
    end = min(max((day for day in days if day), default=first), last, today)
    if not totals.uncertain and file.is_whole(totals.accounts):
        return replace(source, stated=month_range(first, end))
    if file.covers_to:
        source = source.covering(month_range(first, end))
    return source if totals.has_costs else replace(source, stated=source.months)


@dataclass
class _RowBuilder:
    """Makes rows of the table `costs` from postings, with personal data masked.

    Rows are numbered by the file's lines, raised where several postings share one.
    """

    file: SieFile
    totals: _Totals
    today: date
    _last: int = 0

    def rows(self, voucher: Voucher) -> Iterator[tuple[list[object], Posting]]:
        """The rows of a voucher's cost postings and of those that cannot be read; the others are added to `totals`."""
        for number, posting in enumerate(voucher.postings, 1):
            if posting.amount is None:
                self.totals.file.rows += 1
                self.totals.uncertain += 1
            else:
                self.totals.file.add(posting.amount)
            reason = None if posting.fault else exclusion_reason(posting.account, self.file.account_kinds)
            if reason and posting.amount is not None:
                self.totals.excluded[reason].add(posting.amount)
            else:
                yield self._row(voucher, posting, number), posting

    def _row(self, voucher: Voucher, posting: Posting, number: int) -> list[object]:
        if posting.account.startswith(_RESULT) and posting.amount is not None and not posting.fault:
            self.totals.result.add(posting.amount)
        self._last = max(posting.line, self._last + 1)
        values = self._values(voucher, posting, number)
        return [self._last, "", *(values.get(code, "") for code in COLUMNS)]

    def _values(self, voucher: Voucher, posting: Posting, number: int) -> Mapping[str, object]:
        day, cost_centre = self._day(voucher, posting), self._code(posting, "cost_centre")
        supplier, supplier_id = self._supplier(posting)
        texts = dict.fromkeys(text.strip() for text in (voucher.text, posting.text) if text.strip())
        return {
            "cost_id": self._id(voucher, posting, number),
            "booked_on": day.isoformat() if day else "" if voucher.day in NO_DATE else voucher.day,
            "amount": "" if posting.amount is None else posting.amount,
            "supplier": supplier,
            "text": self._mask(" · ".join(texts)),
            "account": posting.account,
            "account_text": self._mask(self.file.accounts.get(posting.account, "")),
            "cost_centre": self._mask(cost_centre),
            "project": self._mask(self._code(posting, "project")),
            "supplier_id": supplier_id,
            "office": self._mask(self._object("cost_centre", cost_centre)),
            "unit": self._mask(self._unit(posting)),
            "voucher": self._mask(f"{voucher.series} {voucher.number}".strip()),
            "counterparty": self._mask(self._code(posting, "counterparty")),
            "cost_type": "outside" if posting.account.startswith(_RESULT) else "",
        }

    def _id(self, voucher: Voucher, posting: Posting, number: int) -> str:
        """Year, series, number, row and day, since numbers may restart; without a number: what the posting says."""
        day = self._day(voucher, posting)
        written = f"{day:%Y%m%d}" if day else voucher.day
        if not voucher.number:
            content = "|".join([voucher.text, posting.text, *sum(sorted(posting.objects.items()), ())])
            letters = md5(content.encode(), usedforsecurity=False).hexdigest()[:10].translate(_LETTERS)
            parts = [voucher.series, written, posting.account, str(posting.amount), letters]
        elif self.file.year:
            parts = [_years(*self.file.year), voucher.series, voucher.number, str(number), written]
        else:
            parts = [written, voucher.series, voucher.number, str(number)]
        return "_".join(mask_all(_UNREADABLE.sub("?", part), self.today) for part in parts if part)

    def _day(self, voucher: Voucher, posting: Posting) -> date | None:
        """The voucher's date, or where it has none the row's own."""
        return parse_day(posting.day if voucher.day in NO_DATE else voucher.day)

    def _code(self, posting: Posting, meaning: str) -> str:
        return posting.objects.get(self.file.dimension(meaning), "")

    def _object(self, meaning: str, code: str) -> str:
        return self.file.objects.get((self.file.dimension(meaning), code), "")

    def _unit(self, posting: Posting) -> str:
        """The name of the posting's unit, or its code where it has no name."""
        code = self._code(posting, "unit")
        return self._object("unit", code) or code

    def _supplier(self, posting: Posting) -> tuple[str, str]:
        """The supplier's name and organisation number; blank when suppliers are not a dimension."""
        code = self._code(posting, "supplier")
        supplier_id, is_person = mask_supplier_id(code, self.today) if code else ("", False)
        if is_person:
            self.totals.masked += 1
            return SOLE_TRADER, supplier_id
        return self._mask(self._object("supplier", code)), supplier_id

    def _mask(self, text: str) -> str:
        legible = (_STRANGE if _MISREAD.search(text) else _UNREADABLE).sub("?", text)
        self.totals.damaged += legible != text
        masked = mask_all(legible, self.today)
        self.totals.masked += masked != legible
        return masked


def _years(first: str, last: str) -> str:
    return first[:4] if first[:4] == last[:4] else f"{first[:4]}-{last[2:4]}"


def _notes(file: SieFile, totals: _Totals, today: date) -> Iterator[Note]:
    """Notes on the file: company, checksum, balance, masked data."""
    number, is_person = mask_supplier_id(file.organisation, today)
    names = [] if is_person else [name for name in (mask_all(file.company, today), number) if name]
    if names:
        yield Note("sie_company", {"names": ", ".join(names)})
    checksum_notes = {None: "sie_checksum_none", True: "sie_checksum_right", False: "sie_checksum_wrong"}
    yield Note(checksum_notes[file.checksum_matches], {})
    if totals.result.rows:
        yield Note("sie_result", {"rows": totals.result.rows, "total": totals.result.total})
    if totals.unbalanced:
        names = [mask_all(name, today) for name in totals.names]
        yield Note("sie_unbalanced", {"count": totals.unbalanced, "names": names, "amounts": totals.amounts})
    if file.unmatched_added:
        yield Note("sie_added_alone", {"count": file.unmatched_added})
    if totals.damaged:
        yield Note("ledger_damaged", {"count": totals.damaged})
    if totals.masked:
        yield Note("ledger_masked", {"count": totals.masked})
