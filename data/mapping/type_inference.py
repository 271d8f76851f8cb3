"""How many of a column's cells fit a type, for suggestions; the values themselves are read by SQL."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from data.schema.catalogue import Column
from data.schema.column_sql import code_of

_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: .*)?")
_NAME = (
    "(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:s|ch)?|apr(?:il)?|ma[jy]|jun[ie]?|jul[iy]?|aug(?:usti|ust)?"
    "|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_BETWEEN = r" ?[-\u2010-\u2014/.] ?"
_MONTH = re.compile(
    rf"\d{{4}}-?(?:0[1-9]|1[0-2])(?:-?01)?|\d{{4}}[/.](?:0[1-9]|1[0-2])[/.]01"
    rf"|\d{{4}} ?[-\u2010-\u2014/.M] ?(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2]){_BETWEEN}\d{{4}}"
    rf"|{_NAME}\.?,?(?:{_BETWEEN}| ?['\u2019]?)(?:\d{{4}}|\d{{2}})|\d{{4}}(?:{_BETWEEN}| ?){_NAME}\.?",
    re.I,
)
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
    """The share (0–1) of the cells that fit the column's type; None when there are none, or when any text fits."""
    test = _test(column)
    return sum(map(test, cells)) / len(cells) if cells and test else None


def _test(column: Column) -> Callable[[str], bool] | None:
    if column.type in ("enum", "bool"):
        return lambda cell: code_of(column.values, cell) is not None
    if column.states:
        return lambda cell: is_number(cell) or code_of(column.states, cell) is not None
    if column.type == "text" and column.example:  # the example shows whether the column holds words or codes
        expected = str.isdigit if any(c.isdigit() for c in column.example) else str.isalpha
        return lambda cell: any(map(expected, cell))
    return _TESTS.get(column.type)


def is_number(cell: str) -> bool:
    """Whether the cell is an amount or another number."""
    return bool(_NUMBER.fullmatch(_UNITS.sub("", re.sub("^[\u2012\u2013\u2212]", "-", _SPACES.sub(" ", cell)))))


def is_value(cell: str) -> bool:
    """Whether the cell is a value and no header: a number, a date or a web address."""
    return is_number(cell) or any(_TESTS[kind](cell) for kind in ("date", "month", "url"))


def day_order(cells: Sequence[str]) -> tuple[str, bool]:
    """The date order of the cells, and whether it is certain, which takes a day after the 12th."""
    parts = [(int(hit[1]), int(hit[2])) for cell in cells if (hit := _PARTS.fullmatch(cell))]
    if not parts or len(parts) < len(cells):
        return "ymd", not parts
    day_first, month_first = (all(pair[i] <= 12 for pair in parts) for i in (1, 0))
    if day_first != month_first:
        return ("dmy" if day_first else "mdy"), True
    return "ymd", False


def has_day_first(cells: Sequence[str]) -> bool:
    """Whether some cell is a date that does not start with the year."""
    return any(_PARTS.fullmatch(cell) for cell in cells)


def _is_date(cell: str) -> bool:
    hit = _DAY.fullmatch(cell)
    try:
        return bool(hit and date(*map(int, hit.groups())))
    except ValueError:
        return False
