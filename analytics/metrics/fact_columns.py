"""A fact as whole numbers in memory: each aggregate of its metrics is a column, a scope is a mask, an answer is a sum.

DuckDB makes the columns, from the aggregates of the catalogue as they stand there: one row for each month and each combination
of the other dimensions (an *entity*). Rows lie by month, so that a period is a slice. Quantiles are no sums and have no columns.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.metrics.catalogue import Fact, Metric, metrics
from analytics.metrics.formula import Floats, Formula, formula
from analytics.metrics.scope import Scope

Ints = NDArray[np.int64]
PARTS = ("numerator", "denominator", "population", "known", "total", "silent", "empty", "not_applicable", "suppressed")
TIMED = ("month", "year")


def formulas(metric: Metric) -> Mapping[str, Formula] | None:
    """The parts of a metric as formulas; None where it can only be counted in SQL."""
    if metric.kind not in ("share", "sum"):
        return None
    parts = {name: formula(getattr(metric, name)) for name in PARTS}
    return {name: part for name, part in parts.items() if part} if all(parts.values()) else None


def aggregates(fact: Fact) -> tuple[str, ...]:
    """The aggregates of all metrics that are counted in a fact."""
    of = (formulas(metric) for metric in metrics().values() if metric.fact.code == fact.code)
    return tuple(dict.fromkeys(sql for parts in of if parts for part in parts.values() for sql in part.aggregates))


@dataclass(frozen=True)
class Aggregate:
    """The whole numbers of an aggregate row by row (of `bool_or` whether it is true, of `bool_and` whether it is false).

    `known` is None where none is NULL.
    """

    function: str
    values: NDArray[Any]
    known: NDArray[np.bool_] | None

    def of(self, sums: Ints, known: Ints) -> list[int | bool | None]:
        """The aggregate of each group of rows whose values sum to this, of which so many are known."""
        values: list[int | bool | None] = self.unmasked(sums).tolist()
        if self.function == "count" or known.all():
            return values
        return [value if count else None for value, count in zip(values, known.tolist(), strict=True)]

    def unmasked(self, sums: Ints) -> NDArray[Any]:
        """The same where nothing were NULL, as an array."""
        return (sums > 0) == (self.function == "bool_or") if self.function.startswith("bool") else sums


class Groups:
    """The rows of a fact in a scope, by the values of dimensions: `labels[d][codes[d][i]]` is the value of group i in dimension d.

    Groups are in the order of their values, None last. Without dimensions there is one group, even of no rows.
    """

    def __init__(self, fact: "FactColumns", at: Any, labels: list[list[Any]], codes: list[Ints], group: Ints | None):
        self.labels, self.codes = labels, codes
        self.size = len(codes[0]) if codes else 1
        self._fact, self._at, self._group = fact, at, group
        self._sums: dict[str, tuple[Ints, Ints]] = {}

    def sums(self, aggregate: str) -> tuple[Ints, Ints]:
        """Of each group the sum of an aggregate's values, and how many of them are known."""
        if aggregate not in self._sums:
            column = self._fact.columns[aggregate]
            values = self._summed(column.values)
            self._sums[aggregate] = values, values if column.function == "count" else self._summed(column.known)
        return self._sums[aggregate]

    def _summed(self, values: NDArray[Any] | None) -> Ints:
        """The sum of each group; its number of rows where all count."""
        picked = None if values is None else values[self._at]
        if self._group is None:
            rows = len(self._fact.month[self._at]) if picked is None else picked.sum(dtype=np.int64)
            return np.array([rows], np.int64)
        return np.bincount(self._group, picked, self.size).astype(np.int64)

    def values(self, part: Formula) -> list[Any]:
        """The value of a formula for each group, as SQL gives it."""
        if not part.aggregates:
            return [part.constant] * self.size
        columns = [self._fact.columns[name].of(*self.sums(name)) for name in part.aggregates]
        return [*map(part.of, zip(*columns, strict=True))]

    def array(self, part: Formula) -> Floats:
        """The same as one array: NULL is NaN, and booleans are 0 and 1."""
        columns = []
        for name in part.aggregates:
            column, (sums, known) = self._fact.columns[name], self.sums(name)
            values = column.unmasked(sums).astype(float)
            columns.append(values if column.function == "count" else np.where(known > 0, values, np.nan))
        return np.broadcast_to(part.of_each(columns), self.size)


@dataclass(frozen=True, eq=False)
class FactColumns:
    """The columns of a fact in one version of the data, organisation and rule set.

    Row by row: the number of its `entity`, and of its month among `months`; the rows of months[i] end at ends[i]. `codes` are an
    entity's values in each dimension, as places in `labels` (in order, None last). `columns` lacks what cannot be summed exactly.
    `calendar` is every month of the database.
    """

    filters: frozenset[str]
    calendar: Sequence[date]
    months: list[date]
    ends: list[int]
    month: NDArray[Any]
    entity: NDArray[Any]
    labels: Mapping[str, list[Any]]
    codes: Mapping[str, Ints]
    columns: Mapping[str, Aggregate]

    @property
    def bytes(self) -> int:
        """The memory that the columns take."""
        arrays = [self.month, self.entity, *self.codes.values()]
        arrays += [a for c in self.columns.values() for a in (c.values, c.known) if a is not None]
        return sum(a.nbytes for a in arrays)

    def can(self, metric: Metric) -> bool:
        """Whether the metric can be counted from these columns."""
        parts = formulas(metric)
        return parts is not None and all(sql in self.columns for part in parts.values() for sql in part.aggregates)

    def groups(self, metric: Metric, scope: Scope, by: Sequence[str], lineage: "Lineage") -> Groups:
        """The rows that the metric counts in the scope, by dimensions. A stock is as `measure` has it."""
        timed = [name for name in by if name in TIMED]
        stock = metric.time == "stock"
        at = self._rows(scope, scope.month_to if stock and not timed else scope.month_from, lineage)
        if stock and timed == ["year"]:
            lasts = {month.year: month for month in self.calendar if month <= scope.month_to}.values()
            at = np.arange(len(self.month))[at]
            at = at[np.isin(self.month[at], [i for i, month in enumerate(self.months) if month in lasts])]
        if not by:
            return Groups(self, at, [], [], None)
        keys = [self._keyed(name, scope, lineage) for name in by]
        month, entity = self.month[at], self.entity[at]
        group = np.zeros(len(month), np.int64)
        for name, (codes, labels) in zip(by, keys, strict=True):
            group = group * len(labels) + codes[month if name in TIMED else entity]
        sizes = [len(labels) for _codes, labels in keys]
        present, group = _dense(group, int(np.prod(sizes)))
        return Groups(self, at, [labels for _codes, labels in keys], list(np.unravel_index(present, sizes)), group)

    def _rows(self, scope: Scope, first: date, lineage: "Lineage") -> Any:
        """The rows of the scope from a month on: a slice, or their numbers."""
        low, high = bisect_left(self.months, first), bisect_right(self.months, scope.month_to)
        span = slice(self.ends[low - 1] if low else 0, self.ends[high - 1] if high > low else 0)
        keep: dict[str, Callable[[Any], bool]] = {}
        if scope.departments and "department" in self.filters:
            keep["path"] = lambda path: path is not None and any(one in lineage.whose for one in path)
        if scope.audience and "audience" in self.filters:
            keep["audience"] = lambda audience: bool(audience == scope.audience)
        if scope.services and "service" in self.filters:
            chosen = frozenset(scope.services)
            if "shared" in self.filters:
                keep["service_ids"] = lambda ids: not chosen.isdisjoint(ids or ())
            else:
                keep["service"] = chosen.__contains__
        if not keep:
            return span
        masks = [np.array([*map(test, self.labels[of])], bool)[self.codes[of]] for of, test in keep.items()]
        return np.flatnonzero(np.logical_and.reduce(masks)[self.entity[span]]) + span.start

    def _keyed(self, name: str, scope: Scope, lineage: "Lineage") -> tuple[Ints, list[Any]]:
        """A dimension as a code for each entity (for each month where it is of time), and the values that the codes stand for."""
        if name == "month":
            return np.arange(len(self.months)), list(self.months)
        if name == "year":
            return coded([month.year for month in self.months])
        if name == "administration":
            return coded([path[0] if path else None for path in self.labels["path"]], self.codes["path"])
        if name == "branch":
            return coded([*map(lineage.branch, self.labels["path"])], self.codes["path"])
        if name == "payer":
            pairs = product(self.labels["path"], self.labels["payer_kind"])
            payers = [lineage.branch(path) if kind == "department" else kind for path, kind in pairs]
            return coded(payers, self.codes["path"] * len(self.labels["payer_kind"]) + self.codes["payer_kind"])
        return self.codes[name], self.labels[name]


@dataclass(frozen=True)
class Lineage:
    """The ids that the chosen departments stand under, and whose each is. `several` are chosen."""

    whose: Mapping[str, str]
    several: bool = False

    def branch(self, path: Sequence[str] | None) -> str | None:
        """What `grouping.dimension` says of "branch", for a department by its path from the top."""
        if not self.whose:
            return path[0] if path else None
        top = next((place for place, one in enumerate(path or ()) if one in self.whose), None)
        if self.several:
            return None if top is None or path is None else self.whose[path[top]]
        below = path[top + 1] if path and top is not None and top + 1 < len(path) else None
        return below or next(iter(self.whose.values()))


def _dense(group: Ints, width: int) -> tuple[Ints, Ints]:
    """The numbers that occur, in order, and for each of the given ones its place among them."""
    if width > 4 * len(group) + 1000:
        return np.unique(group, return_inverse=True)
    present = np.flatnonzero(np.bincount(group, minlength=width))
    place = np.zeros(width, np.int64)
    place[present] = np.arange(len(present))
    return present, place[group]


def coded(values: Sequence[Any], of: Ints | None = None) -> tuple[Ints, list[Any]]:
    """The distinct values in order, None last, and the place of each (or of those `of` other codes) among them."""
    distinct = sorted(set(values), key=lambda value: (value is None, value))
    place = {value: i for i, value in enumerate(distinct)}
    codes = np.array([place[value] for value in values], np.int64)
    return codes if of is None else codes[of], distinct


def aggregate(sql: str, values: NDArray[Any]) -> Aggregate:
    """The column of an aggregate's values row by row, where NULL is masked."""
    function = sql.partition("(")[0]
    masked = np.ma.getmaskarray(values)
    plain = np.ma.filled(values, function == "bool_and")
    return Aggregate(function, narrow(~plain if function == "bool_and" else plain), ~masked if masked.any() else None)


def narrow(values: NDArray[Any]) -> NDArray[Any]:
    """The numbers in as few bytes as they need."""
    if not len(values):
        return values.astype(np.int8)
    return values.astype(np.result_type(np.min_scalar_type(values.min()), np.min_scalar_type(values.max())))
