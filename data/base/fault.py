"""What is wrong with, or worth saying about, a file: one frozen value a finding."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One finding, blocking or not: where it is, and what the sentence about it needs.

    `code` names the sentence in `data.messages.templates`. `row` is the row as a spreadsheet shows it, `column` the header as the
    file writes it. `value` is the cell's text, shortened, with personal data masked. `params` fills the sentence.
    """

    code: str
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)
