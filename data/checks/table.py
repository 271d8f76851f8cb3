"""One sheet: recognised, loaded, typed, and everything that is wrong with it as faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from duckdb import DuckDBPyConnection

from data.base.fault import Fault
from data.checks.interpret import Interpretation
from data.checks.personal_data import find_personal_cells, personal_columns
from data.checks.staged import Staged
from data.checks.staging import find_faults, type_rows
from data.mapping.model import ColumnMapping
from data.mapping.recognise import Match
from data.privacy import is_personal_header, mask, personal_data_kind
from data.readers.errors import Unreadable
from data.readers.sheet import Sheet
from data.schema.catalogue import Dataset

MAX_FAULTS = 100_000  # faults told of a table; a file with more has one fault that repeats
VALUE_LENGTH = 80  # characters shown of a value


@dataclass(frozen=True)
class CheckedTable:
    """A sheet that was recognised. `relation` names its typed rows in the draft: the stored columns, `_row`, `_ok`.

    `faults` are those that are told, `fault_count` how many there are. `notes` are said and stop nothing. `known_columns` are the
    columns that the file can tell, None when all. `from_source`: the rows are what another system knows of itself.
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


def check_sheet(
    connection: DuckDBPyConnection, name: str, reading: Interpretation, file: str, today: date
) -> CheckedTable | Fault:
    """The table of a sheet that is read so, as relations that begin with `name`; a fault when it is none."""
    sheet, found = reading.sheet, reading.match
    title = mask(sheet.name, today) if sheet.name else None
    if found is None or not reading.certain:
        return Fault("not_recognised", file, title, params=_closest_table(found))
    types = {i: found.dataset.column(c).type for c, i in found.positions.items()}
    try:
        remarks = sheet.load(connection, name, found.header_row, len(found.headers), types)
    except Unreadable as error:
        return Fault(error.code, file, title, row=error.row, params=error.params)
    listed = found.used.union(found.positions.values())
    unlisted = tuple(i for i in range(len(found.headers)) if i not in listed)
    staged = Staged(connection, found.dataset, name, found.positions, unlisted, today, sheet.has_refused_rows)
    checked = _SheetChecker(staged, _original_headers(found, sheet), file, title).table()
    remarks = (*sheet.totals(connection, staged.typed), *remarks)
    notes = tuple(Fault(r.code, file, title, params=r.params) for r in remarks)
    return replace(
        checked,
        notes=(*notes, *checked.notes),
        known_columns=_known_columns(found, sheet),
        from_source=sheet.dataset is not None,
        mapping=reading.mapping,
    )


def _original_headers(found: Match, sheet: Sheet) -> Match:
    """The match with the headers as the file has them, where the sheet was put together from it."""
    headers, twice = (
        tuple(sheet.original_headers.get(h, h) for h in told) for told in (found.headers, found.duplicates)
    )
    return replace(found, headers=headers, duplicates=twice)


def _known_columns(found: Match, sheet: Sheet) -> frozenset[str] | None:
    """The columns that the sheet tells; of a table that is merged, those that it has."""
    if sheet.known_columns is not None:
        return sheet.known_columns
    return frozenset(found.positions) if found.dataset.merged else None


def _closest_table(found: Match | None) -> Mapping[str, object]:
    if found is None:
        return {}
    return {"table": found.dataset.code, "missing": list(found.missing)}


def column_letters(position: int) -> str:
    """A for 0, AA for 26."""
    text, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


class _SheetChecker:
    """Turns what the relations of a sheet say into faults."""

    def __init__(self, staged: Staged, found: Match, file: str, sheet: str | None) -> None:
        self._staged, self._found, self._file, self._sheet = staged, found, file, sheet
        self._headers = [
            mask(header, staged.today) or f"({column_letters(i)})" for i, header in enumerate(found.headers)
        ]

    def table(self) -> CheckedTable:
        """The table with its first faults and its counts."""
        staged, found, notes = self._staged, self._found, tuple[Fault, ...]()
        if traders := find_personal_cells(staged):
            notes += (self._at("ledger_sole_traders", None, None, count=traders),)
        type_rows(staged)
        blocking = [*self._blocking()]
        if found.missing or found.duplicates:
            staged.connection.execute(f"UPDATE {staged.typed} SET _ok = false")
        columns = [*self._personal_columns()]
        total, good = staged.first_row(f"SELECT count(*), count(*) FILTER (_ok) FROM {staged.typed}")
        count, rows = find_faults(staged, MAX_FAULTS) if good < total else (0, [])
        faults = [*blocking, *columns, *(self._fault(*row) for row in rows)]
        ignored = self._ignored()
        if ignored:
            notes += (self._at("ignored_columns", found.header_row, None, names=list(ignored)),)
        for i, blank, first in _blank_counts(staged):
            notes += (self._at("blank_counts", None, self._headers[i], rows=first, count=blank),)
        if not total:
            notes += (self._at("no_rows", found.header_row, None),)
        staged.drop_texts()
        return CheckedTable(
            found.dataset, self._sheet, found.header_row, {c: self._headers[i] for c, i in found.positions.items()},
            ignored, total, good, tuple(faults[:MAX_FAULTS]), count + len(blocking) + len(columns),
            notes, staged.typed,
        )  # fmt: skip

    def _at(self, code: str, row: int | None, column: str | None, value: str | None = None, **params: object) -> Fault:
        told = {"table": self._found.dataset.code, **params}
        return Fault(code, self._file, self._sheet, row, column, value, told)

    def _blocking(self) -> Iterator[Fault]:
        """What is wrong with the headers, so that no row can be taken."""
        for header in self._found.missing:
            yield self._at("missing_column", None, header)
        for header in self._found.duplicates:
            yield self._at("column_twice", self._found.header_row, mask(header, self._staged.today))

    def _personal_columns(self) -> Iterator[Fault]:
        """Columns that are not listed and look personal: by their header, or by what stands in them."""
        inside = personal_columns(self._staged)
        for i in self._staged.unlisted:
            if is_personal_header(self._found.headers[i], self._found.dataset.code):
                yield self._at("personal_header", self._found.header_row, self._headers[i])
            elif i in inside:
                row, found, shown, count = inside[i]
                yield self._at("personal_column", row, self._headers[i], shown[:VALUE_LENGTH], kind=found, count=count)
            elif personal_data_kind(self._found.headers[i], self._staged.today):
                yield self._at("personal_header", self._found.header_row, self._headers[i])

    def _ignored(self) -> tuple[str, ...]:
        """The columns that are not listed; those without a header only when something stands in them."""
        filled = _filled_positions(self._staged, tuple(i for i in self._staged.unlisted if not self._found.headers[i]))
        return tuple(self._headers[i] for i in self._staged.unlisted if self._found.headers[i] or i in filled)

    def _fault(self, row: int, position: int, code: str, value: str | None) -> Fault:
        """A fault of a row. The value comes shortened, and masked once more: it may hold more than one kind."""
        shown = mask(value, self._staged.today) if value else None
        shown = shown[:VALUE_LENGTH] + "…" if shown and len(shown) > VALUE_LENGTH else shown
        column = self._headers[position] if position >= 0 else None
        code, _, other = code.partition(":")
        params = {"field": self._codes[position]} if position in self._codes else {}
        if other:
            params["other"] = self._headers[self._found.positions[other]]
        if code.startswith("one_of"):
            params["columns"] = self._choice()
        return self._at(code, row, column, shown, **params)

    @property
    def _codes(self) -> Mapping[int, str]:
        return {i: code for code, i in self._found.positions.items()}

    def _choice(self) -> str:
        rules = (r for r in self._found.dataset.rules if r.kind == "one_of")
        return ", ".join(self._found.dataset.column(c).header for rule in rules for c in rule.columns)


def _blank_counts(staged: Staged) -> list[tuple[int, int, list[int]]]:
    """(position, how many, the first rows) of blank cells where a number or a state could stand."""
    found = []
    for code, i in staged.positions.items():
        if staged.dataset.column(code).states:
            unsaid = f"SELECT _row FROM {staged.typed} WHERE _ok AND {code}_state = 'not_reported'"
            count, rows = staged.first_row(
                f"SELECT count(*), list(_row ORDER BY _row)[:5] FROM {staged.text}"
                f" WHERE tidy(c{i}) IS NULL AND _row IN ({unsaid})"
            )
            found += [(i, count, rows)] if count else []
    return found


def _filled_positions(staged: Staged, positions: tuple[int, ...]) -> frozenset[int]:
    """Those of the positions in which some cell is not blank."""
    if not positions:
        return frozenset()
    tests = ", ".join(f"bool_or(c{i} IS NOT NULL)" for i in positions)
    return frozenset(
        i for i, some in zip(positions, staged.first_row(f"SELECT {tests} FROM {staged.text}"), strict=True) if some
    )
