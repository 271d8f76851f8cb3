"""Which table is it? Told from the headers; the sheet's or the file's name breaks a tie."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from data.readers.sheet import Row
from data.schema.catalogue import Dataset, datasets, fold


@dataclass(frozen=True)
class Match:
    """A row of headers read as a dataset: where each column stands, and which required ones are not there."""

    dataset: Dataset
    header_row: int
    headers: tuple[str, ...]
    positions: Mapping[str, int]
    missing: tuple[str, ...]  # headers of required columns; "a | b" when one of several would do
    duplicates: tuple[str, ...]
    used: frozenset[int] = frozenset()  # other positions that something is computed from

    @property
    def complete(self) -> bool:
        """Whether every required column is there."""
        return not self.missing

    @property
    def likely(self) -> bool:
        """Whether enough is there to say that this is the table that was meant."""
        required = len(self.missing) + sum(self.dataset.column(c).required for c in self.positions)
        return len(self.positions) >= 2 and 2 * len(self.missing) <= required


def match_headers(dataset: Dataset, row: Row) -> Match:
    """Read one row as the headers of a dataset."""
    number, cells = row
    names = {fold(name): c.code for c in reversed(dataset.columns) for name in (c.code, c.header)}
    positions: dict[str, int] = {}
    twice = []
    for i, cell in enumerate(cells):
        code = names.get(fold(cell))
        if code in positions:
            twice.append(cell.strip())
        elif code:
            positions[code] = i
    headers = tuple(cell.strip() for cell in cells)
    return Match(dataset, number, headers, positions, missing_headers(dataset, positions), tuple(twice))


def missing_headers(dataset: Dataset, there: Iterable[str]) -> tuple[str, ...]:
    """The headers of the required columns that are not there; "a | b" when one of several would do."""
    known = set(there)
    missing = [c.header for c in dataset.columns if c.required and c.code not in known]
    for rule in dataset.rules:
        if rule.kind == "one_of" and not set(rule.columns) & known:
            missing.append(" | ".join(dataset.column(c).header for c in rule.columns))
    return tuple(missing)


def best_match(rows: Sequence[Row], names: Iterable[str | None], forced: str | None = None) -> Match | None:
    """The best reading of the first rows, whole or not; None when no row holds a single known header.

    Of a table that is `forced`, the first row holds the headers when none is known.
    """
    candidates = [datasets()[forced]] if forced else list(datasets().values())
    hints = [fold(PurePath(name).stem) for name in names if name]
    found = [match_headers(dataset, row) for row in rows for dataset in candidates]
    known = [m for m in found if m.positions]
    if forced and not known:
        return found[0] if found else None
    return max(known, key=lambda m: _rank(m, hints), default=None)


def _rank(m: Match, hints: Sequence[str]) -> tuple[float, ...]:
    """More is better: whole, then more columns, then a name that fits, then fewer other headers, then further up."""
    own = [fold(name) for name in (m.dataset.header, m.dataset.code, m.dataset.title["sv"], m.dataset.title["en"])]
    named = max((2 if name == hint else 1 if name in hint else 0 for name in own for hint in hints), default=0)
    others = sum(bool(h) for h in m.headers) - len(m.positions)
    return (m.complete, len(m.positions) - 2 * len(m.missing), named, -others, -m.header_row)
