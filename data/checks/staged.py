"""A sheet's text in DuckDB, read as a dataset: which column is what, and where a closer look is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from duckdb import DuckDBPyConnection

from data.privacy import CANDIDATE
from data.schema.catalogue import Column, Dataset
from data.schema.column_sql import CONTROL, TEXTUAL, literal

_UNTIDY = (
    r"^[\s\x{00A0}\x{1680}\x{2000}-\x{206F}\x{3000}\x{FEFF}]|[\s\x{00A0}\x{1680}\x{2000}-\x{206F}\x{3000}\x{FEFF}]$"
)


@dataclass(frozen=True)
class Staged:
    """A text relation read as a dataset: `positions` of its columns, `unlisted` positions of all others.

    Beside the relation `text` lie `text_raw` (what was loaded), `text_values` (fixed values), `text_personal` and
    `text_typed`, the only one that outlives the checks.
    """

    connection: DuckDBPyConnection
    dataset: Dataset
    text: str
    positions: Mapping[str, int]
    unlisted: tuple[int, ...]
    today: date
    has_refused_rows: bool = False  # whether the sheet itself tells of rows that are wrong as a whole

    @property
    def typed(self) -> str:
        """The name of the typed relation."""
        return f"{self.text}_typed"

    @property
    def personal(self) -> str:
        """The name of the relation of cells with personal data: `_row`, `position`, `kind`, `shown`, `listed`."""
        return f"{self.text}_personal"

    @property
    def refused(self) -> str:
        """The name of the relation of rows that the sheet refuses: `_row`, `position`, `code`, `value`."""
        return f"{self.text}_refused"

    @property
    def values(self) -> str:
        """The name of the relation from texts to the codes they mean: `position`, `text`, `code`."""
        return f"{self.text}_values"

    def column(self, position: int) -> Column | None:
        """The dataset's column at a position; None for an unlisted one."""
        return next((self.dataset.column(c) for c, i in self.positions.items() if i == position), None)

    def first_row(self, sql: str) -> tuple[Any, ...]:
        """The first row of a query that always gives one."""
        row: tuple[Any, ...] | None = self.connection.execute(sql).fetchone()
        if row is None:
            raise LookupError(sql)
        return row

    @cached_property
    def irregular(self) -> frozenset[int]:
        """Positions where some cell needs a closer look: white space around it, odd characters, perhaps personal."""
        tests = {i: test for i in (*self.positions.values(), *self.unlisted, -1) if (test := self._odd_test(i))}
        asked = ", ".join(f"bool_or({test})" for test in tests.values())
        return frozenset(
            i for i, odd in zip(tests, self.first_row(f"SELECT {asked} FROM {self.text}"), strict=True) if odd
        )

    def _odd_test(self, position: int) -> str:
        """SQL that is true for a cell that needs a closer look; cells that look like their type are passed over."""
        cell, column = cell_column(position), self.column(position)
        personal = f"regexp_matches({cell}, {literal(CANDIDATE)})"
        if column is None:
            return personal
        if column.type in TEXTUAL:
            return f"regexp_matches({cell}, {literal(f'{_UNTIDY}|{CONTROL}|{CANDIDATE}')})"
        plain = {"date": "____-__-__", "month": "____-__"}.get(column.type)
        closer = f"{cell} NOT LIKE '{plain}'" if plain else f"strlen({cell}) > 9 OR contains({cell}, '@')"
        return f"CASE WHEN {closer} THEN {personal} END"  # which, unlike AND, leaves the rest alone

    def drop_texts(self) -> None:
        """Remove the text relations: what is left holds typed values only."""
        self.connection.execute(
            f"DROP VIEW {self.text}; DROP TABLE {self.text}_raw; DROP TABLE {self.personal}; DROP TABLE {self.values};"
            f" DROP TABLE IF EXISTS {self.refused}"
        )


def cell_column(position: int) -> str:
    """The text column at a position; -1 is what lies beyond the headers."""
    return f"c{position}" if position >= 0 else "_extra"
