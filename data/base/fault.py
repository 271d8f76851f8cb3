"""One finding about a file, an error or a note, as a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
