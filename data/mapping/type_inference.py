"""What the cells of a column look like: the share of them that a type can read. For suggestions; SQL does the reading."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from data.schema.catalogue import Column
from data.schema.column_sql import code_of

_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: .*)?")
_MONTH = re.compile(r"\d{4}-?(?:0[1-9]|1[0-2])(?:-?01)?")
_NUMBER = re.compile(
    r"[+-]? ?(?:(?:\d+|\d{1,3}(?: \d{3})+)(?:[.,]\d+)?|[.,]\d+|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?)"
)
_UNITS = re.compile(r"(?i)^(?:kr|sek) ?| ?(?:kr\.?|sek|:-|%|procent)$")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f'\u2019]")
_ADDRESS = re.compile(r"(?i)(?:https?://|www\.)\S+")
_TESTS: Mapping[str, Callable[[str], bool]] = {
    "date": lambda cell: bool(_is_date(cell) or _PARTS.fullmatch(cell)),
    "month": lambda cell: bool(_MONTH.fullmatch(cell)),
    "year": lambda cell: bool(re.fullmatch(r"(?:19|20)\d\d", cell)),
    "money": lambda cell: is_number(cell),
    "percent": lambda cell: is_number(cell),
    "count": lambda cell: is_number(cell) and not re.search(r"[.,]\d{1,2}$", cell),
    "url": lambda cell: bool(_ADDRESS.fullmatch(cell)),
}


def readable_share(column: Column, cells: Sequence[str]) -> float | None:
    """The share of the cells that can be the column's; None when there are none, or when anything can."""
    test = _test(column)
    return sum(map(test, cells)) / len(cells) if cells and test else None


def _test(column: Column) -> Callable[[str], bool] | None:
    if column.type in ("enum", "bool"):
        return lambda cell: code_of(column.values, cell) is not None
    if column.states:
        return lambda cell: is_number(cell) or code_of(column.states, cell) is not None
    if column.type == "text" and column.example:  # the catalogue's example shows whether it is words or a code
        coded = any(c.isdigit() for c in column.example)
        return (lambda cell: any(c.isdigit() for c in cell)) if coded else (lambda cell: any(c.isalpha() for c in cell))
    return _TESTS.get(column.type)


def is_number(cell: str) -> bool:
    """Whether the cell is an amount or another number."""
    return bool(_NUMBER.fullmatch(_UNITS.sub("", re.sub("^[\u2012\u2013\u2212]", "-", _SPACES.sub(" ", cell)))))


def is_value(cell: str) -> bool:
    """Whether the cell is plainly a value and no header: a number, a day or an address."""
    return is_number(cell) or any(_TESTS[kind](cell) for kind in ("date", "month", "url"))


def day_order(cells: Sequence[str]) -> tuple[str, bool]:
    """How days are written, and whether that is certain: some day after the 12th settles it."""
    parts = [(int(found[1]), int(found[2])) for cell in cells if (found := _PARTS.fullmatch(cell))]
    if not parts or len(parts) < len(cells):
        return "ymd", not parts
    day_first, month_first = (all(pair[i] <= 12 for pair in parts) for i in (1, 0))
    if day_first != month_first:
        return ("dmy" if day_first else "mdy"), True
    return "ymd", False


def has_day_first(cells: Sequence[str]) -> bool:
    """Whether some cell is a day in which the year does not stand first."""
    return any(_PARTS.fullmatch(cell) for cell in cells)


def _is_date(cell: str) -> bool:
    found = _DAY.fullmatch(cell)
    try:
        return bool(found and date(*map(int, found.groups())))
    except ValueError:
        return False
