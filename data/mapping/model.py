"""Any table's columns onto those of the catalogue: which column of a file is read as what, and what a file lacks.

A mapping belongs to a layout: the headers of a sheet, folded. It holds positions and what was chosen, never a cell.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from data.readers.sheet import Row
from data.schema.catalogue import datasets, fold

GENERIC_HEADERS = frozenset(("nr", "no", "nummer", "number", "namn", "name", "kod", "code", "text", "id", "benamning"))
DATE_ORDERS = ("ymd", "dmy", "mdy")  # how a day can be written; ymd is what the reader knows by itself


@dataclass(frozen=True)
class FromColumn:
    """A column of the file, by its position.

    Money: `negate` turns the sign, `subtract` is the position of what is taken away (credit, or VAT). `order` of a date.
    """

    position: int
    negate: bool = False
    subtract: int | None = None
    order: str = "ymd"


@dataclass(frozen=True)
class Constant:
    """The same text on every row."""

    text: str


@dataclass(frozen=True)
class GeneratedId:
    """An id made from the columns that the catalogue names."""


ColumnSource = FromColumn | Constant | GeneratedId


@dataclass(frozen=True)
class Layout:
    """The headers of a sheet, the row where they stand, and the first rows below them."""

    row: int
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    sheet: str | None = None

    @property
    def key(self) -> str:
        """The same for the same headers in the same order. A digest: were the row no headers, nothing of it is kept."""
        return layout_key(self.headers)

    def cells(self, position: int) -> list[str]:
        """What stands in a column in the first rows, blank cells left out."""
        return [row[position].strip() for row in self.rows if position < len(row) and row[position].strip()]


@dataclass(frozen=True)
class ColumnMapping:
    """How sheets of one layout are read as a table: where each of its columns comes from, by code."""

    table: str
    layout: str
    sources: Mapping[str, ColumnSource]

    def as_json(self) -> dict[str, Any]:
        """The mapping as plain values."""
        return {"table": self.table, "parts": {code: _source_json(part) for code, part in self.sources.items()}}

    @classmethod
    def from_json(cls, layout: str, raw: Mapping[str, Any]) -> "ColumnMapping":
        """The mapping that was written so; KeyError, TypeError or ValueError when it makes no sense (any more)."""
        dataset = datasets()[raw["table"]]
        parts = {dataset.column(code).code: _parse_source(part) for code, part in raw["parts"].items()}
        return cls(dataset.code, layout, parts)


def _source_json(part: ColumnSource) -> dict[str, Any]:
    match part:
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
        raise ValueError(f"a column cannot be read so: {dict(raw)}")
    return FromColumn(position, bool(raw["reverse"]), minus, order)


def layout_key(headers: Sequence[str]) -> str:
    """What identifies a layout: its folded headers in order, without the empty ones after the last."""
    folded = [fold(header) for header in headers]
    while folded and not folded[-1]:
        folded.pop()
    return hashlib.sha256("\x1f".join(folded).encode()).hexdigest()


def possible_layouts(head: Sequence[Row], sheet: str | None = None) -> Iterator[Layout]:
    """Every one of the first rows as if it were the headers, together with the row above where that names groups."""
    rows = [tuple(cell.strip() for cell in cells) for _, cells in head]
    for i, (number, _) in enumerate(head):
        above = rows[i - 1] if i and head[i - 1][0] == number - 1 else ()
        yield Layout(number, _grouped_headers(above, rows[i]), tuple(rows[i + 1 :]), sheet)


def _grouped_headers(above: Sequence[str], headers: tuple[str, ...]) -> tuple[str, ...]:
    """The headers; those that are blank, stand twice or say little with the group that they stand under before them."""
    folded = [fold(header) for header in headers]
    twice = [not name or folded.count(name) > 1 for name in folded]
    if sum(map(bool, above)) < 2 or not any(twice) or len(headers) < 2:
        return headers
    unclear = [again or name in GENERIC_HEADERS for again, name in zip(twice, folded, strict=True)]
    padded = [*above, *[""] * (len(headers) - len(above))]
    groups: Iterator[str] = accumulate(padded[: len(headers)], lambda last, group: group or last)
    return tuple(
        f"{group} {header}".strip() if needs else header
        for group, header, needs in zip(groups, headers, unclear, strict=True)
    )
