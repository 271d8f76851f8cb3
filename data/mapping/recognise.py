"""Recognition of a table by its headers; the name of the sheet or the file decides a tie."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from data.readers.sheet import Row
from data.schema.catalogue import Dataset, datasets, fold


@dataclass(frozen=True)
class Match:
    """A row of headers read as a dataset: the position of each column by code, and which required ones are missing."""

    dataset: Dataset
    header_row: int
    headers: tuple[str, ...]
    positions: Mapping[str, int]
    missing: tuple[str, ...]  # headers of required columns; "a | b" when either would do
    duplicates: tuple[str, ...]
    used: frozenset[int] = frozenset()  # other positions that values are computed from

    @property
    def complete(self) -> bool:
        """Whether every required column is present."""
        return not self.missing

    @property
    def likely(self) -> bool:
        """Whether this is probably the table: at least two columns, and half of the required ones."""
        required = len(self.missing) + sum(self.dataset.column(c).required for c in self.positions)
        return len(self.positions) >= 2 and 2 * len(self.missing) <= required


def match_headers(dataset: Dataset, row: Row) -> Match:
    """One row as the headers of a dataset."""
    number, cells = row
    names = {fold(name): c.code for c in reversed(dataset.columns) for name in (c.code, c.header)}
    positions: dict[str, int] = {}
    duplicates = []
    for i, cell in enumerate(cells):
        code = names.get(fold(cell))
        if code in positions:
            duplicates.append(cell.strip())
        elif code:
            positions[code] = i
    headers = tuple(cell.strip() for cell in cells)
    return Match(dataset, number, headers, positions, missing_headers(dataset, positions), tuple(duplicates))


def missing_headers(dataset: Dataset, present: Iterable[str]) -> tuple[str, ...]:
    """The headers of the required columns that are not `present`; "a | b" when either would do."""
    known = set(present)
    missing = [c.header for c in dataset.columns if c.required and c.code not in known]
    for rule in dataset.rules:
        if rule.kind == "one_of" and not set(rule.columns) & known:
            missing.append(" | ".join(dataset.column(c).header for c in rule.columns))
    return tuple(missing)


def best_match(rows: Sequence[Row], names: Iterable[str | None], forced: str | None = None) -> Match | None:
    """The best match of a row and a dataset, complete or not; None when no row has a known header.

    With a `forced` table, the first row is taken as the headers when no row has a known one.
    """
    candidates = [datasets()[forced]] if forced else list(datasets().values())
    hints = [fold(PurePath(name).stem) for name in names if name]
    matches = [match_headers(dataset, row) for row in rows for dataset in candidates]
    known = [m for m in matches if m.positions]
    if forced and not known:
        return matches[0] if matches else None
    return max(known, key=lambda m: _rank(m, hints), default=None)


def _rank(m: Match, hints: Sequence[str]) -> tuple[float, ...]:
    """Sort key, larger is better: complete, more columns, a matching name, fewer other headers, nearer the top."""
    names = [fold(name) for name in (m.dataset.header, m.dataset.code, m.dataset.title["sv"], m.dataset.title["en"])]
    named = max((2 if name == hint else 1 if name in hint else 0 for name in names for hint in hints), default=0)
    unknown = sum(bool(h) for h in m.headers) - len(m.positions)
    return (m.complete, len(m.positions) - 2 * len(m.missing), named, -unknown, -m.header_row)
