"""Recognition of a table by its headers; the name of the sheet or the file decides a tie."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
    name_fit: int = 0  # 2 when the sheet or the file has the table's name, 1 when its name holds it

    @property
    def complete(self) -> bool:
        """Whether every required column is present."""
        return not self.missing

    @property
    def has_key(self) -> bool:
        """Whether its columns identify the rows of the table, which it then can change."""
        either = [
            r.columns for r in self.dataset.rules if r.kind == "one_of" and set(r.columns) & set(self.dataset.key)
        ]
        required = all(code in self.positions for code in self.dataset.key if self.dataset.column(code).required)
        return required and all(set(columns) & set(self.positions) for columns in either)

    @property
    def has_values(self) -> bool:
        """Whether it has columns beside those of the key: keys alone change nothing."""
        return bool(set(self.positions) - set(self.dataset.key))

    @property
    def is_keyed_by_name(self) -> bool:
        """Whether this is the table by its name, with columns that identify its rows."""
        return self.name_fit == 2 and self.has_key

    @property
    def is_change(self) -> bool:
        """Whether this changes rows of the table: it identifies them, has more of its columns, and few other headers."""
        return self.has_key and self.has_values and self.unknown < len(self.positions)

    @property
    def is_recognised(self) -> bool:
        """Whether the headers say that this is the table, perhaps with some missing."""
        return self.complete or self.likely or self.is_keyed_by_name or self.is_change

    @property
    def unknown(self) -> int:
        """The number of headers that the table does not have."""
        return sum(bool(h) for h in self.headers) - len(self.positions)

    @property
    def likely(self) -> bool:
        """Whether this is probably the table: at least two columns, and half of the required ones."""
        required = len(self.missing) + sum(self.dataset.column(c).required for c in self.positions)
        return len(self.positions) >= 2 and 2 * len(self.missing) <= required


def _matches(row: Row, candidates: Iterable[Dataset]) -> Iterator[Match]:
    """One row as the headers of each dataset of which it has a header."""
    folded = tuple(map(fold, row[1]))
    for dataset in candidates:
        if not dataset.codes_by_name.keys().isdisjoint(folded):
            yield _as_headers(row, folded, dataset)


def _as_headers(row: Row, folded: Sequence[str], dataset: Dataset) -> Match:
    """One row, whose cells are also given `folded`, as the headers of a dataset."""
    number, cells = row
    headers = tuple(cell.strip() for cell in cells)
    positions: dict[str, int] = {}
    duplicates = []
    for i, name in enumerate(folded):
        code = dataset.codes_by_name.get(name)
        if code in positions:
            duplicates.append(headers[i])
        elif code:
            positions[code] = i
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
    known = [
        replace(match, name_fit=_name_fit(match.dataset, hints)) for row in rows for match in _matches(row, candidates)
    ]
    if forced and not known and rows:
        return _as_headers(rows[0], tuple(map(fold, rows[0][1])), candidates[0])
    return max(known, key=_rank, default=None)


def _name_fit(dataset: Dataset, hints: Sequence[str]) -> int:
    names = [fold(name) for name in (dataset.header, dataset.code, dataset.title["sv"], dataset.title["en"])]
    return max((2 if name == hint else 1 if name in hint else 0 for name in names for hint in hints), default=0)


def _rank(m: Match) -> tuple[float, ...]:
    """Sort key, larger is better: complete, of the name, more columns, a like name, fewer other headers, nearer the top.

    A change needs no column that it lacks.
    """
    fit = len(m.positions) - (0 if m.is_change else 2 * len(m.missing))
    return (m.complete, m.is_keyed_by_name, fit, m.name_fit, -m.unknown, -m.header_row)
