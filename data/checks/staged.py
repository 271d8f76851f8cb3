"""A sheet's text in DuckDB, read as a dataset."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import compress
from typing import Any

from duckdb import DuckDBPyConnection

from data.privacy import CANDIDATE
from data.schema.catalogue import Column, Dataset
from data.schema.column_sql import CONTROL, MOJIBAKE, TEXTUAL, legible_sql, literal

_UNTIDY = r"^'[=+@-]|^[\s\x{00A0}\x{1680}\x{2000}-\x{206F}\x{3000}\x{FEFF}]|[\s\x{00A0}\x{1680}\x{2000}-\x{206F}\x{3000}\x{FEFF}]$"


@dataclass(frozen=True)
class Staged:
    """A text relation read as a dataset: `positions` of its columns, `unlisted` positions of all others.

    Related relations are `text_raw` (as loaded), `text_values` (allowed values), `text_personal`, `text_refused` and
    `text_typed`, the only one that remains after the checks.
    """

    connection: DuckDBPyConnection
    dataset: Dataset
    text: str
    positions: Mapping[str, int]
    unlisted: tuple[int, ...]
    today: date
    has_refused_rows: bool = False  # whether the relation `refused` exists

    @property
    def typed(self) -> str:
        """The name of the typed relation."""
        return f"{self.text}_typed"

    @property
    def personal(self) -> str:
        """The name of the relation of cells with personal data: `_row`, `position`, `kind`, `listed`."""
        return f"{self.text}_personal"

    @property
    def refused(self) -> str:
        """The name of the relation of rows that the sheet refuses: `_row`, `position`, `code`, `value`."""
        return f"{self.text}_refused"

    @property
    def values(self) -> str:
        """The name of the relation of allowed values: `position`, `text`, `code`."""
        return f"{self.text}_values"

    def column(self, position: int) -> Column | None:
        """The dataset's column at a position; None for an unlisted one."""
        return next((self.dataset.column(c) for c, i in self.positions.items() if i == position), None)

    def first_row(self, sql: str) -> tuple[Any, ...]:
        """The first row of a query's result; LookupError when there is none."""
        row: tuple[Any, ...] | None = self.connection.execute(sql).fetchone()
        if row is None:
            raise LookupError(sql)
        return row

    @cached_property
    def irregular(self) -> frozenset[int]:
        """Positions where some cell has surrounding white space, control characters or perhaps personal data."""
        tests = {i: test for i in (*self.positions.values(), *self.unlisted, -1) if (test := self._irregular_test(i))}
        tests_sql = ", ".join(f"bool_or({test})" for test in tests.values())
        is_irregular = self.first_row(f"SELECT {tests_sql} FROM {self.text}")
        return frozenset(compress(tests, is_irregular))

    def _irregular_test(self, position: int) -> str:
        """SQL that is true for an irregular cell; cells in the plain form of their type are not tested."""
        cell, column = cell_column(position), self.column(position)
        personal = f"regexp_matches({cell}, {literal(CANDIDATE)})"
        if column is None:
            return personal
        if column.type in TEXTUAL:
            return f"regexp_matches({cell}, {literal(f'{_UNTIDY}|{CONTROL}|{MOJIBAKE}|{CANDIDATE}')})"
        plain = {"date": "____-__-__", "month": "____-__"}.get(column.type)
        irregular = f"{cell} NOT LIKE '{plain}'" if plain else f"strlen({cell}) > 9 OR contains({cell}, '@')"
        return f"CASE WHEN {irregular} THEN {personal} END"  # unlike AND, evaluated for the other cells only

    def mark_damaged_letters(self) -> int:
        """Put ? for letters that are damaged in the texts of a table of amounts; the number of cells.

        No amount is refused for a letter. Elsewhere a text is a name, and its row is refused.
        """
        marked = 0
        if any(column.type == "money" for column in self.dataset.columns):
            for position in sorted(self.irregular):
                column = self.column(position)
                if column and column.type == "text":
                    cell = cell_column(position)
                    (cells,) = self.first_row(
                        f"SELECT count(*) FROM {self.text} WHERE regexp_matches(tidy({cell}), '{CONTROL}')"
                    )
                    marked += cells
                    self.connection.execute(
                        f"UPDATE {self.text}_raw SET {cell} = {legible_sql(f'tidy({cell})')}"
                        f" WHERE regexp_matches({cell}, '{CONTROL}')"
                    )
        return marked

    def drop_texts(self) -> None:
        """Drop all relations but the typed one."""
        self.connection.execute(
            f"DROP VIEW {self.text}; DROP TABLE {self.text}_raw; DROP TABLE {self.personal}; DROP TABLE {self.values};"
            f" DROP TABLE IF EXISTS {self.refused}"
        )


def cell_column(position: int) -> str:
    """The name of the text column at a position; -1 is the extra cell beyond the headers."""
    return f"c{position}" if position >= 0 else "_extra"
