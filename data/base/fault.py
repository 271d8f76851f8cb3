"""What is told of a file before it is imported, as frozen values: findings, changed values, and what becomes 0."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Fault:
    """One finding, blocking or not: its place and the values of its sentence.

    `code` names the sentence in `data.messages.templates` and `params` fill it. `row` is the spreadsheet's row number,
    `column` the header as in the file, `value` the cell's text, shortened, with personal data masked.
    """

    code: str
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One value that a file changes: the row's key and the column, by code, and its texts before and after (None: blank).

    `row` is the file's row, where the value stands in it; None where the file changes it by what else it has.
    """

    dataset: str
    key: tuple[tuple[str, str], ...]  # without what is blank
    column: str
    old: str | None
    new: str | None
    row: int | None = None


@dataclass(frozen=True)
class NewRow:
    """A row that the database lacks: its number, and the texts of its columns by code, without blank ones."""

    dataset: str
    row: int
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Zeros:
    """What is covered and has no row: `count` services and months of a channel, from the first month to the last, that become 0."""

    dataset: str
    channel: str
    month_from: date
    month_to: date
    count: int


@dataclass(frozen=True)
class Contradiction:
    """Two rows of a table with one key, the later of which counts, and a column where they differ, with its text in each."""

    dataset: str
    sheet: str | None
    row: int
    later_row: int
    column: str
    text: str | None
    later_text: str | None


@dataclass(frozen=True)
class WithoutDepartment:
    """A row that belongs to no department, and the column whose id leads to none."""

    dataset: str
    file: str
    sheet: str | None
    row: int
    column: str
    text: str | None
