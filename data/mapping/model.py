"""Column mappings: which column of a file is read as which column of an input table, and what replaces missing ones.

A mapping belongs to a layout: the folded headers of a sheet. It holds positions and choices, never a cell's content.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from data.readers.sheet import Row
from data.schema.catalogue import datasets, fold

GENERIC_HEADERS = frozenset(("nr", "no", "nummer", "number", "namn", "name", "kod", "code", "text", "id", "benamning"))
DATE_ORDERS = ("ymd", "dmy", "mdy")  # order of year, month and day in dates; ymd needs no conversion


@dataclass(frozen=True)
class FromColumn:
    """A column of the file, by its position from 0.

    For money, `negate` changes the sign and `subtract` is the position of an amount to subtract (credit, or VAT). For
    dates, `order` is one of DATE_ORDERS.
    """

    position: int
    negate: bool = False
    subtract: int | None = None
    order: str = "ymd"

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions of the column and of the subtracted one."""
        return (self.position,) if self.subtract is None else (self.position, self.subtract)


@dataclass(frozen=True)
class Constant:
    """The same text on every row."""

    text: str


@dataclass(frozen=True)
class GeneratedId:
    """An id generated from the columns that the catalogue names in `generated_from`."""


ColumnSource = FromColumn | Constant | GeneratedId


@dataclass(frozen=True)
class Layout:
    """The headers of a sheet, their row number, and the first rows below them."""

    row: int
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    sheet: str | None = None

    @property
    def key(self) -> str:
        """The layout's `layout_key`."""
        return layout_key(self.headers)

    def cells(self, position: int) -> list[str]:
        """The cells of a column in the first rows, without blank ones."""
        return [row[position].strip() for row in self.rows if position < len(row) and row[position].strip()]


@dataclass(frozen=True)
class ColumnMapping:
    """How sheets of one layout are read as a table: the source of each of its columns, by code."""

    table: str
    layout: str
    sources: Mapping[str, ColumnSource]

    def as_json(self) -> dict[str, Any]:
        """The mapping as plain values for JSON, without its layout."""
        return {"table": self.table, "parts": {code: _source_json(source) for code, source in self.sources.items()}}

    @classmethod
    def from_json(cls, layout: str, raw: Mapping[str, Any]) -> "ColumnMapping":
        """The mapping that `as_json` wrote; KeyError, TypeError or ValueError when it is not valid (any longer)."""
        dataset = datasets()[raw["table"]]
        sources = {dataset.column(code).code: _parse_source(source) for code, source in raw["parts"].items()}
        return cls(dataset.code, layout, sources)


def _source_json(source: ColumnSource) -> dict[str, Any]:
    match source:
        case FromColumn(position, reverse, minus, order):
            return {"column": position, "reverse": reverse, "minus": minus, "order": order}
        case Constant(text):
            return {"value": text}
        case GeneratedId():
            return {"made": True}


def _parse_source(raw: Mapping[str, Any]) -> ColumnSource:
    if "column" not in raw:
        return Constant(str(raw["value"])) if "value" in raw else GeneratedId()
    position, minus, order = raw["column"], raw["minus"], raw["order"]
    if min(position, minus or 0) < 0 or order not in DATE_ORDERS:
        raise ValueError(f"no column source: {dict(raw)}")
    return FromColumn(position, bool(raw["reverse"]), minus, order)


def layout_key(headers: Sequence[str]) -> str:
    """The SHA-256 of a layout's folded headers in order, without empty ones at the end; a digest stores no cell."""
    folded = [fold(header) for header in headers]
    while folded and not folded[-1]:
        folded.pop()
    return hashlib.sha256("\x1f".join(folded).encode()).hexdigest()


def possible_layouts(head: Sequence[Row], sheet: str | None = None) -> Iterator[Layout]:
    """Each of the first rows as the headers of a layout, combined with the row above where that names groups."""
    rows = [tuple(cell.strip() for cell in cells) for _, cells in head]
    for i, (number, _) in enumerate(head):
        above = rows[i - 1] if i and head[i - 1][0] == number - 1 else ()
        yield Layout(number, _grouped_headers(above, rows[i]), tuple(rows[i + 1 :]), sheet)


def _grouped_headers(above: Sequence[str], headers: tuple[str, ...]) -> tuple[str, ...]:
    """The headers, prefixed with the group in the row above where they are blank, repeated or generic."""
    folded = [fold(header) for header in headers]
    ambiguous = [not name or folded.count(name) > 1 for name in folded]
    if sum(map(bool, above)) < 2 or not any(ambiguous) or len(headers) < 2:
        return headers
    incomplete = [repeated or name in GENERIC_HEADERS for repeated, name in zip(ambiguous, folded, strict=True)]
    padded = [*above, *[""] * (len(headers) - len(above))]
    groups: Iterator[str] = accumulate(padded[: len(headers)], lambda last, group: group or last)
    return tuple(
        f"{group} {header}".strip() if prefixed else header
        for group, header, prefixed in zip(groups, headers, incomplete, strict=True)
    )
