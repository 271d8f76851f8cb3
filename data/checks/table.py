"""The check of one sheet: recognised, loaded, typed, with its faults and notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress

from xlsxwriter.utility import xl_col_to_name

from data.base.fault import Change, Contradiction, Fault, NewRow, WithoutDepartment
from data.checks.changes import Register, refuse_disorder, refuse_new_rows
from data.checks.circles import refuse_circles
from data.checks.interpret import Interpretation
from data.checks.personal_data import find_personal_cells, personal_columns
from data.checks.staged import Staged
from data.checks.staging import find_faults, type_rows
from data.coverage import date_column
from data.ledger_source import LedgerSource
from data.mapping.model import ColumnMapping
from data.mapping.recognise import Match
from data.privacy import is_personal_header, mask, personal_data_kind
from data.readers.errors import Unreadable
from data.readers.sheet import HeaderRow, Sheet
from data.schema.catalogue import Dataset

MAX_FAULTS = 100_000  # listed for a table; a file with more has one fault that repeats
VALUE_LENGTH = 80  # characters of a value in a fault


@dataclass(frozen=True)
class CheckedTable:
    """A recognised sheet. `relation` names its typed rows in the draft: the stored columns, `_row`, `_ok`, `_unread`.

    `faults` are the first MAX_FAULTS of `fault_count`; `notes` refuse nothing. `known_columns` are the columns that the
    file has values for. `from_source`: the rows come from the system that they describe. `ledger` is the source of
    a ledger's postings. `changes` are the first of the `change_count` values that it changes in the database, `new_count`
    how many rows that lacks (None: not known), `new_rows` the first of them where others are known. `contradictions` are
    the first values in which rows of one key differ, and `without_department` the first of the rows that belong to none.
    """

    dataset: Dataset
    sheet: str | None
    header_row: int
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    rows: int
    good: int
    faults: tuple[Fault, ...]
    fault_count: int
    notes: tuple[Fault, ...]
    relation: str
    known_columns: frozenset[str] | None = None
    from_source: bool = False
    mapping: ColumnMapping | None = None
    ledger: LedgerSource | None = None
    changes: tuple[Change, ...] = ()
    change_count: int = 0
    new_count: int | None = None
    new_rows: tuple[NewRow, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    without_department: tuple[WithoutDepartment, ...] = ()
    without_department_count: int = 0

    @property
    def is_placed(self) -> bool:
        """Whether its rows are of services, channels and months, so that they can be covered."""
        return self.dataset.covers and {"channel", date_column(self.dataset)} <= set(self.columns)

    @property
    def refuses_places(self) -> bool:
        """Whether a refused row leaves a service, channel and month unknown: its own, or those of the case that it changes."""
        changed = {"service_id", "e_service_id", "channel", "received_on"} & set(self.columns)
        return self.is_placed or (self.dataset.code == "cases" and bool(changed))


def check_sheet(
    register: Register, name: str, interpretation: Interpretation, file: str, today: date
) -> CheckedTable | Fault:
    """Check an interpreted sheet against the register, in relations whose names begin with `name`; a fault when it is no table."""
    connection = register.connection
    sheet, match = interpretation.sheet, interpretation.match
    title = mask(sheet.name, today) if sheet.name else None
    if match is None or not interpretation.certain:
        closest = {"table": match.dataset.code, "missing": list(match.missing)} if match else {}
        return Fault("not_recognised", file, title, params=closest)
    types = {i: match.dataset.column(c).type for c, i in match.positions.items()}
    try:
        sheet_notes = sheet.load(connection, name, HeaderRow(match.header_row, len(match.headers), types))
    except Unreadable as error:
        return Fault(error.code, file, title, row=error.row, params=error.params)
    listed = match.used.union(match.positions.values())
    unlisted = tuple(i for i in range(len(match.headers)) if i not in listed)
    staged = Staged(connection, match.dataset, name, match.positions, unlisted, today, sheet.has_refused_rows)
    checked = _SheetChecker(staged, _original_headers(match, sheet), file, title).table(register, sheet.empty_note)
    sheet_notes = (*sheet.totals(connection, staged.typed), *sheet_notes)
    notes = tuple(Fault(note.code, file, title, params=note.params) for note in sheet_notes)
    return replace(
        checked,
        notes=(*notes, *checked.notes),
        known_columns=_present_columns(match) if sheet.known_columns is None else sheet.known_columns,
        from_source=sheet.dataset is not None,
        mapping=interpretation.mapping,
        ledger=_ledger(sheet, staged),
    )


def _present_columns(match: Match) -> frozenset[str]:
    """The columns that a file has values for; one of two that exclude each other says that the other is blank."""
    either = (rule.columns for rule in match.dataset.rules if rule.kind == "one_of")
    return frozenset(match.positions).union(*(columns for columns in either if set(columns) & set(match.positions)))


def _ledger(sheet: Sheet, staged: Staged) -> LedgerSource | None:
    """The source of a ledger's postings, covering the months of its rows; None where it is no ledger."""
    if sheet.ledger is None:
        return None
    month = "date_trunc('month', booked_on)::DATE"
    rows = staged.connection.execute(
        f"SELECT DISTINCT {month} FROM {staged.typed} WHERE _ok AND booked_on IS NOT NULL"
    ).fetchall()
    return sheet.ledger.covering(day for (day,) in rows)


def _original_headers(match: Match, sheet: Sheet) -> Match:
    """The match with the file's original headers."""
    original = sheet.original_headers
    headers, duplicates = (tuple(original.get(h, h) for h in names) for names in (match.headers, match.duplicates))
    return replace(match, headers=headers, duplicates=duplicates)


class _SheetChecker:
    """Creates the typed relation of a sheet, and its faults and notes."""

    def __init__(self, staged: Staged, match: Match, file: str, sheet: str | None) -> None:
        self._staged, self._match, self._file, self._sheet = staged, match, file, sheet
        self._headers = [_short(h, staged.today) or f"({xl_col_to_name(i)})" for i, h in enumerate(match.headers)]
        self._codes = {i: code for code, i in match.positions.items()}

    def table(self, register: Register, empty_note: str) -> CheckedTable:
        """Run all checks; drops the text relations."""
        match, notes = self._match, list[Fault]()
        if traders := find_personal_cells(self._staged):
            notes.append(self._finding("ledger_sole_traders", count=traders))
        if damaged := self._staged.mark_damaged_letters():
            notes.append(self._finding("ledger_damaged", count=damaged))
        type_rows(self._staged)
        changing = match.missing and match.has_key and match.has_values
        partial = refuse_new_rows(self._staged, register) if changing else None
        staged = self._staged = refuse_disorder(partial or self._staged, register)
        staged = self._staged = refuse_circles(staged, register)
        blocking = [*self._blocking(match.missing if partial is None else ())]
        if blocking:
            staged.connection.execute(f"UPDATE {staged.typed} SET _ok = false, _unread = coalesce(_unread, [])")
        columns = [*self._personal_columns()]
        total, good = staged.first_row(f"SELECT count(*), count(*) FILTER (_ok) FROM {staged.typed}")
        count, rows = find_faults(staged, MAX_FAULTS) if good < total else (0, [])
        faults = [*blocking, *columns, *(self._fault(*row) for row in rows)]
        ignored, personal = self._ignored(), {fault.column for fault in columns}
        if unused := [name for name in ignored if name not in personal]:  # the others have a fault each
            notes.append(self._finding("ignored_columns", match.header_row, names=unused))
        for i, blank, first in _blank_counts(staged):
            notes.append(self._finding("blank_counts", column=self._headers[i], rows=first, count=blank))
        for i, overflowed, first in _overflowed_texts(staged):
            notes.append(self._finding("overflow_text", column=self._headers[i], rows=first, count=overflowed))
        if not total:
            notes.append(self._finding(empty_note, match.header_row if empty_note == "no_rows" else None))
        staged.drop_texts()
        return CheckedTable(
            match.dataset, self._sheet, match.header_row, {c: self._headers[i] for c, i in match.positions.items()},
            ignored, total, good, tuple(faults[:MAX_FAULTS]), count + len(blocking) + len(columns),
            tuple(notes), staged.typed,
        )  # fmt: skip

    def _finding(
        self, code: str, row: int | None = None, column: str | None = None, value: str | None = None, **params: object
    ) -> Fault:
        params = {"table": self._match.dataset.code, **params}
        return Fault(code, self._file, self._sheet, row, column, value, params)

    def _blocking(self, missing: Sequence[str]) -> Iterator[Fault]:
        """Faults of the headers, with which no row can be imported."""
        for header in missing:
            yield self._finding("missing_column", column=header)
        for header in self._match.duplicates:
            yield self._finding("column_twice", self._match.header_row, mask(header, self._staged.today))

    def _personal_columns(self) -> Iterator[Fault]:
        """Faults of unlisted columns with personal data, by their header or their cells."""
        personal = personal_columns(self._staged)
        for i in self._staged.unlisted:
            if is_personal_header(self._match.headers[i], self._match.dataset.code):
                yield self._finding("personal_header", self._match.header_row, self._headers[i])
            elif i in personal:
                row, kind, count = personal[i]
                yield self._finding("personal_column", row, self._headers[i], kind=kind, count=count)
            elif personal_data_kind(self._match.headers[i], self._staged.today):
                yield self._finding("personal_header", self._match.header_row, self._headers[i])

    def _ignored(self) -> tuple[str, ...]:
        """The headers of unlisted columns; those without a header only when some cell is not blank."""
        named = self._match.headers
        filled = _filled_positions(self._staged, tuple(i for i in self._staged.unlisted if not named[i]))
        return tuple(self._headers[i] for i in self._staged.unlisted if named[i] or i in filled)

    def _fault(self, row: int, position: int, code: str, value: str | None) -> Fault:
        """A fault of a row, its value shortened, and masked again as it may hold personal data of another kind."""
        text = _short(value, self._staged.today) if value else None
        column = self._headers[position] if position >= 0 else None
        code, _, other = code.partition(":")
        params = {"field": self._codes[position]} if position in self._codes else {}
        if other:
            place = self._match.positions.get(other)
            params["other"] = self._match.dataset.column(other).header if place is None else self._headers[place]
        if code.startswith("one_of"):
            params["columns"] = self._choice()
        if code == "new_row":
            params["columns"] = ", ".join(self._match.missing)
        return self._finding(code, row, column, text, **params)

    def _choice(self) -> str:
        rules = (r for r in self._match.dataset.rules if r.kind == "one_of")
        return ", ".join(self._match.dataset.column(c).header for rule in rules for c in rule.columns)


def _short(text: str, today: date) -> str:
    """The first characters of a text, masked: shortened before, since it may be long, and after, since a number may be cut."""
    masked = mask(text[: 2 * VALUE_LENGTH], today)
    return masked[:VALUE_LENGTH] + "…" if len(masked) > VALUE_LENGTH else masked


def _blank_counts(staged: Staged) -> list[tuple[int, int, list[int]]]:
    """(position, count, first rows) of blank cells in columns with states."""
    counts = []
    for code, i in staged.positions.items():
        if staged.dataset.column(code).states:
            not_reported = f"SELECT _row FROM {staged.typed} WHERE _ok AND {code}_state = 'not_reported'"
            count, rows = staged.first_row(
                f"SELECT count(*), list(_row ORDER BY _row)[:5] FROM {staged.text}"
                f" WHERE tidy(c{i}) IS NULL AND _row IN ({not_reported})"
            )
            counts += [(i, count, rows)] if count else []
    return counts


def _overflowed_texts(staged: Staged) -> list[tuple[int, int, list[int]]]:
    """(position, count, first rows) of cells in text columns that were too narrow in the spreadsheet."""
    counts = []
    for code, i in staged.positions.items():
        if staged.dataset.column(code).type == "text":
            count, rows = staged.first_row(
                f"SELECT count(*), list(_row ORDER BY _row)[:5] FROM {staged.text}"
                f" WHERE starts_with(tidy(c{i}), '##') AND overflowed(tidy(c{i}))"
            )
            counts += [(i, count, rows)] if count else []
    return counts


def _filled_positions(staged: Staged, positions: tuple[int, ...]) -> frozenset[int]:
    if not positions:
        return frozenset()
    tests = ", ".join(f"bool_or(c{i} IS NOT NULL)" for i in positions)
    is_filled = staged.first_row(f"SELECT {tests} FROM {staged.text}")
    return frozenset(compress(positions, is_filled))
