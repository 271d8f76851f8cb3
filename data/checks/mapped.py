"""A sheet read by a column mapping: positions as they were chosen, constants and computed columns beside the file's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from duckdb import DuckDBPyConnection

from data.formats.ledgers.sheet import TABLE as COSTS
from data.formats.ledgers.sheet import PostingSum, reconciliation_notes
from data.mapping.model import ColumnMapping, ColumnSource, Constant, FromColumn, GeneratedId, Layout, possible_layouts
from data.mapping.recognise import Match, missing_headers
from data.mapping.saved import SavedMapping
from data.readers.sheet import Note, Sheet
from data.schema.catalogue import datasets
from data.schema.column_sql import literal

_PARTS = "([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})( .*)?"
_LETTERS = "'0123456789', 'ghijklmnop'"


class _Target(NamedTuple):
    """Where a column of the table stands: a position, its header there, and SQL for what is not as in the file."""

    position: int
    header: str
    sql: str | None = None


@dataclass(frozen=True)
class Mappings:
    """What is known of how files are read: by their names as somebody says now, and by their layouts from before."""

    by_name: Mapping[str, ColumnMapping]
    by_layout: Mapping[str, SavedMapping]

    def find(self, sheet: Sheet, file: str, forced: str | None) -> "MappedSheet | None":
        """The sheet read by a mapping of its layout; None when there is none."""
        told = self.by_name.get(file)
        if sheet.dataset or not (told or self.by_layout):
            return None
        for layout in possible_layouts(sheet.head, sheet.name):
            before = self.by_layout.get(layout.key)
            if told and told.layout == layout.key:
                return MappedSheet(sheet, layout, told)
            if before and not told and forced in (None, before.mapping.table):
                return MappedSheet(sheet, layout, before.mapping, before.saved_on)
        return None


class MappedSheet(Sheet):
    """The sheet with every column of the mapping at a position of its own; `match` says where.

    `saved_on` is the day the mapping was chosen, when that was before.
    """

    def __init__(self, sheet: Sheet, layout: Layout, mapping: ColumnMapping, on: date | None = None) -> None:
        self.layout, self.mapping, self.saved_on = layout, mapping, on
        self.name = sheet.name
        self._sheet, self._dataset = sheet, datasets()[mapping.table]
        self._parts = {code: part for code, part in mapping.sources.items() if self._stands(part)}
        self._places = self._placed()
        self.match = self._match()
        self.head = [(layout.row, self.match.headers)]

    def _stands(self, part: ColumnSource) -> bool:
        """Whether the sheet has what the part needs."""
        width = len(self.layout.headers)
        return not isinstance(part, FromColumn) or max(part.position, part.subtract or 0) < width

    def _placed(self) -> Mapping[str, _Target]:
        """A place for each part: the file's own where that is free, else one beyond its columns."""
        beyond, taken, places = count(len(self.layout.headers)), set[int](), dict[str, _Target]()
        for code, part in self._parts.items():
            if not isinstance(part, FromColumn):
                places[code] = _Target(next(beyond), self._dataset.column(code).header, self._sql(code, part))
                continue
            own = part.position not in taken
            taken.add(part.position)
            sql = self._sql(code, part) or (None if own else f"c{part.position}")
            places[code] = _Target(part.position if own else next(beyond), self._header(part), sql)
        return places

    def _header(self, part: FromColumn) -> str:
        headers = self.layout.headers
        minus = "" if part.subtract is None else f" − {headers[part.subtract]}"
        return headers[part.position] + minus

    def _match(self) -> Match:
        headers = dict(enumerate(self.layout.headers)) | {p.position: p.header for p in self._places.values()}
        positions = {code: place.position for code, place in self._places.items()}
        used = frozenset(
            p.subtract for p in self._parts.values() if isinstance(p, FromColumn) and p.subtract is not None
        )
        listed = tuple(headers[i] for i in sorted(headers))
        missing = missing_headers(self._dataset, positions)
        return Match(self._dataset, self.layout.row, listed, positions, missing, (), used - set(positions.values()))

    def load(
        self, connection: DuckDBPyConnection, table: str, header: int, width: int, types: Mapping[int, str]
    ) -> Sequence[Note]:
        """See `Sheet.load`."""
        source, own = f"{table}_file", len(self.layout.headers)
        remarks = self._sheet.load(connection, source, header, own, self._types())
        computed = {place.position: place.sql for place in self._places.values()}
        cells = ", ".join(f"{computed.get(i) or f'c{i}'} AS c{i}" for i in range(width))
        connection.execute(
            f"CREATE TABLE {table}_raw AS {self._layers(source)} SELECT _row, _extra, {cells} FROM made ORDER BY _row"
        )
        connection.execute(f"CREATE VIEW {table} AS FROM {table}_raw; DROP VIEW {source}; DROP TABLE {source}_raw")
        said = [Note("mapped", {"table": self._dataset.code, "on": self.saved_on})] if self.saved_on else []
        return [*said, *remarks]

    def totals(self, connection: DuckDBPyConnection, typed: str) -> Iterable[Note]:
        """See `Sheet.totals`: of a ledger, where every posting of the file went."""
        if self._dataset.code != COSTS:
            return ()
        ((rows, total, unsure),) = connection.execute(
            f"SELECT count(*), coalesce(sum(amount), 0), count(*) FILTER (amount IS NULL) FROM {typed}"
        ).fetchall()
        return reconciliation_notes(connection, typed, PostingSum(rows, Decimal(total)), unsure)

    def _layers(self, source: str) -> str:
        """`WITH … made`: the file's cells and what is computed of them, in layers so that nothing is computed twice.

        Of an amount at c3: `t3` is its text without a currency, `d3` its digits, `n3` the number and `w3` whether it
        cannot be read. Of a column x: `x_v` is its amount, and `x_m` its made id.
        """
        money = {
            code: part for code, part in self._parts.items() if self._is_money(code) and isinstance(part, FromColumn)
        }
        at = sorted({i for part in money.values() for i in (part.position, part.subtract) if i is not None})
        made = {code: self._stem(code) for code, part in self._parts.items() if isinstance(part, GeneratedId)}
        layers = {
            "texts": [f"tidy(amount_of(tidy(c{i}))) AS t{i}" for i in at],
            "spelt": [f"digits(t{i}) AS d{i}" for i in at],
            "numbers": [
                f"try_cast(d{i} AS DECIMAL(30, 10)) AS n{i},"
                f" t{i} IS NOT NULL AND (try_cast(d{i} AS DECIMAL(30, 10)) IS NULL OR two_ways(t{i})) AS w{i}"
                for i in at
            ],
            "amounts": [f'{_amount_sql(part)} AS "{code}_v"' for code, part in money.items()],
            "made": [f'{stem} AS "{code}_m"' for code, stem in made.items()],
        }
        below, told = source, []
        for name, columns in layers.items():
            told.append(f"{name} AS (SELECT {', '.join(['*', *columns])} FROM {below})")
            below = name
        return f"WITH {', '.join(told)}"

    def _is_money(self, code: str) -> bool:
        return self._dataset.column(code).type == "money"

    def _types(self) -> Mapping[int, str]:
        """The catalogue's types by the file's positions."""
        types: dict[int, str] = {}
        for code, part in self._parts.items():
            if isinstance(part, FromColumn):
                places = (part.position, part.subtract) if part.subtract is not None else (part.position,)
                types = dict.fromkeys(places, self._dataset.column(code).type) | types
        return types

    def _sql(self, code: str, part: ColumnSource) -> str | None:
        """SQL for the text of the column; None where it is the file's as it stands."""
        match part:
            case Constant(text):
                return f"CASE WHEN {self._filled()} THEN {literal(text)} END"
            case GeneratedId():
                again = f'row_number() OVER (PARTITION BY "{code}_m" ORDER BY _row)'
                return f"\"{code}_m\" || CASE {again} WHEN 1 THEN '' ELSE '-' || {again} END"
            case FromColumn(_, reverse, minus, _) if self._is_money(code) and (reverse or minus is not None):
                return _amount_text_sql(code, part)
            case FromColumn(position, _, _, order) if self._dataset.column(code).type == "date" and order != "ymd":
                return _day_sql(f"c{position}", order)
        return None

    def _filled(self) -> str:
        """SQL that is true where something stands on the row."""
        return f"tidy(concat({', '.join(f'c{i}' for i in range(len(self.layout.headers)))})) IS NOT NULL"

    def _stem(self, code: str) -> str:
        """SQL for an id: the first of its sources as it stands, the rest as letters.

        The same row gets the same id wherever it stands, so that a file that has grown brings nothing twice; rows that
        are alike are numbered. Digits could be taken for a personal number.
        """
        sources = self._dataset.column(code).generated_from
        own = {c: self._alike(c, part) for c in sources if isinstance(part := self._parts.get(c), FromColumn)}
        first, rest = own.pop(sources[0], "NULL"), ", ".join(own.values()) or "''"
        letters = f"translate(left(md5(concat_ws('|', {rest})), 10), {_LETTERS})"
        return f"CASE WHEN {self._filled()} THEN concat_ws('-', {first}, {letters}) END"

    def _alike(self, code: str, part: FromColumn) -> str:
        """SQL for a column's text in one spelling, whatever the file's; an amount without its sign."""
        text = f"tidy({self._sql(code, part) or f'c{part.position}'})"
        if self._is_money(code):
            return f'coalesce(CAST(abs("{code}_v") AS VARCHAR), tidy(c{part.position}))'
        if self._dataset.column(code).type == "date":
            return f"coalesce(CAST(day_of({text}) AS VARCHAR), {text})"
        return text


def _amount_sql(part: FromColumn) -> str:
    """SQL for an amount: less another, and with the other sign where that was chosen; NULL when it cannot be read."""
    at = [i for i in (part.position, part.subtract) if i is not None]
    unclear, blank = " OR ".join(f"w{i}" for i in at), " AND ".join(f"t{i} IS NULL" for i in at)
    value = " - ".join(f"coalesce(n{i}, 0)" for i in at)
    return f"CASE WHEN {unclear} OR ({blank}) THEN NULL ELSE {'-' if part.negate else ''}({value}) END"


def _amount_text_sql(code: str, part: FromColumn) -> str:
    """SQL for the text of a computed amount; what cannot be read stands as it is in the file, for the checks to tell."""
    unclear = " ".join(f"WHEN w{i} THEN c{i}" for i in (part.position, part.subtract) if i is not None)
    v = f'"{code}_v"'
    exact = (
        f"CASE WHEN {v} = round({v}, 2) THEN CAST(CAST({v} AS DECIMAL(24, 2)) AS VARCHAR) ELSE CAST({v} AS VARCHAR) END"
    )
    return f"CASE {unclear} ELSE {exact} END"


def _day_sql(cell: str, order: str) -> str:
    """SQL for a day as ÅÅÅÅ-MM-DD where it is written day or month first."""
    day, month = (1, 2) if order == "dmy" else (2, 1)
    first, second, year = (f"regexp_extract(tidy({cell}), '{_PARTS}', {i})" for i in (day, month, 3))
    century = f"CASE length({year}) WHEN 2 THEN '20' ELSE '' END"
    written = f"{century} || {year} || '-' || lpad({second}, 2, '0') || '-' || lpad({first}, 2, '0')"
    return f"CASE WHEN regexp_full_match(tidy({cell}), '{_PARTS}') THEN {written} ELSE {cell} END"
