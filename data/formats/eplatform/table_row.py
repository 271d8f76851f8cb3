"""A row of one of our tables, as an answer gives it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TableRow:
    """A row of the table `dataset`: texts by column, where "" is blank, and the columns that the answer tells.

    A column that is there but not told is a guess. `line` is where the answer says it, 0 when it is put together.
    """

    dataset: str
    values: Mapping[str, str]
    known_columns: frozenset[str]
    line: int


def table_row(dataset: str, line: int, guesses: Iterable[str], /, **values: object) -> TableRow:
    """A row that tells all of its columns but the guesses. None is blank."""
    texts = {code: _text(value) for code, value in values.items()}
    return TableRow(dataset, texts, frozenset(texts) - frozenset(guesses), line)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return "" if value is None else str(value)
