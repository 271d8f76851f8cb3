"""A sheet read by a column mapping: the file's columns, constants and computed columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from duckdb import DuckDBPyConnection

from data.formats.ledgers.sheet import TABLE as COSTS
from data.formats.ledgers.sheet import PostingSum, reconciliation_notes
from data.ledger_source import LedgerSource
from data.mapping.model import ColumnMapping, ColumnSource, Constant, FromColumn, GeneratedId, Layout, possible_layouts
from data.mapping.recognise import Match, missing_headers
from data.mapping.saved import SavedMapping
from data.readers.sheet import HeaderRow, Note, Sheet
from data.schema.catalogue import datasets
from data.schema.column_sql import legible_sql, literal

_PARTS = "([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})( .*)?"
_LETTERS = "'0123456789', 'ghijklmnop'"


class _Target(NamedTuple):
    """The position and header of a column of the table, and SQL for its text where that is not the file's own."""

    position: int
    header: str
    sql: str | None = None


@dataclass(frozen=True)
class Mappings:
    """The mappings to use: those chosen now, by file name, and those saved earlier, by layout key."""

    by_name: Mapping[str, ColumnMapping]
    by_layout: Mapping[str, SavedMapping]

    def find(self, sheet: Sheet, file: str, forced: str | None) -> "MappedSheet | None":
        """The sheet read by the mapping for its layout, the one chosen now first; None when there is none."""
        chosen = self.by_name.get(file)
        if sheet.dataset or not (chosen or self.by_layout):
            return None
        for layout in possible_layouts(sheet.head, sheet.name):
            saved = self.by_layout.get(layout.key)
            if chosen and chosen.layout == layout.key:
                return MappedSheet(sheet, layout, chosen)
            if saved and not chosen and forced in (None, saved.mapping.table):
                return MappedSheet(sheet, layout, saved.mapping, saved.saved_on)
        return None


class MappedSheet(Sheet):
    """The sheet with every column of the mapping at its own position, as `match` has them.

    `saved_on` is the day the mapping was saved; None when it was chosen now.
    """

    def __init__(self, sheet: Sheet, layout: Layout, mapping: ColumnMapping, saved_on: date | None = None) -> None:
        self.layout, self.mapping, self.saved_on = layout, mapping, saved_on
        self.name = sheet.name
        self._sheet, self._dataset = sheet, datasets()[mapping.table]
        self._sources = {code: source for code, source in mapping.sources.items() if self._is_present(source)}
        self._targets = self._place_sources()
        self.match = self._match()
        self.head = [(layout.row, self.match.headers)]
        if mapping.table == COSTS and isinstance(self._sources.get("cost_id"), GeneratedId):
            self.ledger = LedgerSource(layout.key)

    def _is_present(self, source: ColumnSource) -> bool:
        """Whether the sheet has the columns that the source needs."""
        return not isinstance(source, FromColumn) or max(source.positions) < len(self.layout.headers)

    def _place_sources(self) -> Mapping[str, _Target]:
        """A target for each source: at the file's own position when that is free, else beyond the file's columns."""
        next_position, taken, targets = count(len(self.layout.headers)), set[int](), dict[str, _Target]()
        for code, source in self._sources.items():
            if not isinstance(source, FromColumn):
                targets[code] = _Target(next(next_position), self._dataset.column(code).header, self._sql(code, source))
                continue
            is_free = source.position not in taken
            taken.add(source.position)
            sql = self._sql(code, source) or (None if is_free else f"c{source.position}")
            targets[code] = _Target(source.position if is_free else next(next_position), self._header(source), sql)
        return targets

    def _header(self, source: FromColumn) -> str:
        return " − ".join(self.layout.headers[i] for i in source.positions)

    def _match(self) -> Match:
        headers = dict(enumerate(self.layout.headers)) | {t.position: t.header for t in self._targets.values()}
        positions = {code: target.position for code, target in self._targets.items()}
        columns = [source for source in self._sources.values() if isinstance(source, FromColumn)]
        subtracted = frozenset(i for column in columns for i in column.positions[1:])
        used, missing = subtracted - set(positions.values()), missing_headers(self._dataset, positions)
        all_headers = tuple(headers[i] for i in sorted(headers))
        return Match(self._dataset, self.layout.row, all_headers, positions, missing, (), used)

    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """See `Sheet.load`."""
        source, file_width = f"{table}_file", len(self.layout.headers)
        notes = self._sheet.load(connection, source, HeaderRow(header.row, file_width, self._file_types()))
        computed = {target.position: target.sql for target in self._targets.values()}
        cells = ", ".join(f"{computed.get(i) or f'c{i}'} AS c{i}" for i in range(header.width))
        connection.execute(
            f"CREATE TABLE {table}_raw AS {self._computed_cte(source)}"
            f" SELECT _row, _extra, {cells} FROM generated ORDER BY _row"
        )
        connection.execute(f"CREATE VIEW {table} AS FROM {table}_raw; DROP VIEW {source}; DROP TABLE {source}_raw")
        mapped = [Note("mapped", {"table": self._dataset.code, "on": self.saved_on})] if self.saved_on else []
        return [*mapped, *notes]

    def totals(self, connection: DuckDBPyConnection, typed: str) -> Iterable[Note]:
        """See `Sheet.totals`: of a ledger, the sums of postings read and left out."""
        if self._dataset.code != COSTS:
            return ()
        ((rows, total, unsure),) = connection.execute(
            f"SELECT count(*), coalesce(sum(amount), 0), count(*) FILTER (amount IS NULL) FROM {typed}"
        ).fetchall()
        return reconciliation_notes(connection, typed, PostingSum(rows, Decimal(total)), unsure)

    def _computed_cte(self, source: str) -> str:
        """`WITH … generated`: the file's cells and the values computed from them, in layers, each computed once.

        For an amount at c3, `t3` is its text without a currency, `d3` its digits, `n3` the number and `w3` whether it is
        unreadable. For a column x, `x_v` is its amount, and `x_m` its generated id.
        """
        columns = {code: source for code, source in self._sources.items() if isinstance(source, FromColumn)}
        money = {code: source for code, source in columns.items() if self._is_money(code)}
        positions = sorted({i for source in money.values() for i in source.positions})
        ids = {code: self._id_sql(code) for code, source in self._sources.items() if isinstance(source, GeneratedId)}
        layers = {
            "texts": [f"tidy(amount_of(tidy(c{i}))) AS t{i}" for i in positions],
            "digits": [f"digits(t{i}) AS d{i}" for i in positions],
            "numbers": [
                f"try_cast(d{i} AS DECIMAL(30, 10)) AS n{i},"
                f" t{i} IS NOT NULL AND (try_cast(d{i} AS DECIMAL(30, 10)) IS NULL OR two_ways(t{i})) AS w{i}"
                for i in positions
            ],
            "amounts": [f'{_amount_sql(source)} AS "{code}_v"' for code, source in money.items()],
            "generated": [f'{id_sql} AS "{code}_m"' for code, id_sql in ids.items()],
        }
        relation, layers_sql = source, []
        for name, expressions in layers.items():
            layers_sql.append(f"{name} AS (SELECT {', '.join(['*', *expressions])} FROM {relation})")
            relation = name
        return f"WITH {', '.join(layers_sql)}"

    def _is_money(self, code: str) -> bool:
        return self._dataset.column(code).type == "money"

    def _file_types(self) -> Mapping[int, str]:
        """The catalogue's types by position in the file."""
        types: dict[int, str] = {}
        for code, source in self._sources.items():
            if isinstance(source, FromColumn):
                types = dict.fromkeys(source.positions, self._dataset.column(code).type) | types
        return types

    def _sql(self, code: str, source: ColumnSource) -> str | None:
        """SQL for the text of the column; None where it is the file's own text."""
        match source:
            case Constant(text):
                return f"CASE WHEN {self._filled_sql()} THEN {literal(text)} END"
            case GeneratedId():
                occurrence = f'row_number() OVER (PARTITION BY "{code}_m" ORDER BY _row)'
                return f"\"{code}_m\" || CASE {occurrence} WHEN 1 THEN '' ELSE '-' || {occurrence} END"
            case FromColumn(_, reverse, minus, _) if self._is_money(code) and (reverse or minus is not None):
                return _amount_text_sql(code, source)
            case FromColumn(position, _, _, order) if self._dataset.column(code).type == "date" and order != "ymd":
                return _day_sql(f"c{position}", order)
        return None

    def _filled_sql(self) -> str:
        """SQL that is true when the row is not blank."""
        return f"tidy(concat({', '.join(f'c{i}' for i in range(len(self.layout.headers)))})) IS NOT NULL"

    def _id_sql(self, code: str) -> str:
        """SQL for an id: the first of its columns as text, and a hash of the others in letters.

        The id does not depend on the row's position, so that a longer export brings nothing twice; `_sql` numbers equal
        ids. Letters, because digits could be taken for a personal identity number.
        """
        codes, texts = self._dataset.column(code).generated_from, dict[str, str]()
        for other in codes:
            if isinstance(source := self._sources.get(other), FromColumn):
                texts[other] = self._normalized_sql(other, source)
        first, rest = texts.pop(codes[0], "NULL"), ", ".join(texts.values()) or "''"
        letters = f"translate(left(md5(concat_ws('|', {rest})), 10), {_LETTERS})"
        legible = legible_sql(f"concat_ws('-', {first}, {letters})")
        return f"CASE WHEN {self._filled_sql()} THEN {legible} END"

    def _normalized_sql(self, code: str, source: FromColumn) -> str:
        """SQL for a column's text in one spelling, whatever the file's; amounts are absolute."""
        text = f"tidy({self._sql(code, source) or f'c{source.position}'})"
        if self._is_money(code):
            return f'coalesce(CAST(abs("{code}_v") AS VARCHAR), tidy(c{source.position}))'
        if self._dataset.column(code).type == "date":
            return f"coalesce(CAST(day_of({text}) AS VARCHAR), {text})"
        return text


def _amount_sql(source: FromColumn) -> str:
    """SQL for an amount, minus the subtracted one, with the sign changed if chosen; NULL when unreadable."""
    unclear = " OR ".join(f"w{i}" for i in source.positions)
    blank = " AND ".join(f"t{i} IS NULL" for i in source.positions)
    value = " - ".join(f"coalesce(n{i}, 0)" for i in source.positions)
    return f"CASE WHEN {unclear} OR ({blank}) THEN NULL ELSE {'-' if source.negate else ''}({value}) END"


def _amount_text_sql(code: str, source: FromColumn) -> str:
    """SQL for the text of a computed amount; an unreadable one is left as in the file, for the checks to report."""
    unclear = " ".join(f"WHEN w{i} THEN c{i}" for i in source.positions)
    v = f'"{code}_v"'
    text = (
        f"CASE WHEN {v} = round({v}, 2) THEN CAST(CAST({v} AS DECIMAL(24, 2)) AS VARCHAR) ELSE CAST({v} AS VARCHAR) END"
    )
    return f"CASE {unclear} ELSE {text} END"


def _day_sql(cell: str, order: str) -> str:
    """SQL for a date as YYYY-MM-DD where it is written with the day or month first."""
    day, month = (1, 2) if order == "dmy" else (2, 1)
    first, second, year = (f"regexp_extract(tidy({cell}), '{_PARTS}', {i})" for i in (day, month, 3))
    century = f"CASE length({year}) WHEN 2 THEN '20' ELSE '' END"
    iso = f"{century} || {year} || '-' || lpad({second}, 2, '0') || '-' || lpad({first}, 2, '0')"
    return f"CASE WHEN regexp_full_match(tidy({cell}), '{_PARTS}') THEN {iso} ELSE {cell} END"
