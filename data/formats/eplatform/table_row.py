"""A row of an input table, made from an answer of the platform."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TableRow:
    """A row of the table `dataset`: texts by column, "" for blank. Columns other than `known_columns` are guesses.

    `line` is the row's line in the answer, 0 when it has none.
    """

    dataset: str
    values: Mapping[str, str]
    known_columns: frozenset[str]
    line: int


def table_row(dataset: str, line: int, guesses: Iterable[str], /, **values: object) -> TableRow:
    """A row of `values`, whose columns are known except for the `guesses`. None becomes blank."""
    texts = {code: _text(value) for code, value in values.items()}
    return TableRow(dataset, texts, frozenset(texts) - frozenset(guesses), line)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return "" if value is None else str(value)
