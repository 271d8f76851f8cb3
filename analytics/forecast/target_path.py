"""The targets of a goal as a path of straight lines between dated shares, and a value's deviation from it."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import duckdb

from analytics.metrics.catalogue import metrics
from analytics.metrics.dimensions import departments
from analytics.metrics.measure import measure
from analytics.metrics.period import period
from analytics.metrics.scope import Scope, add_months
from analytics.metrics.served import read_once
from analytics.statistics.significance import MIN_DENOMINATOR

MONTH = 365.25 / 12  # days
STILL = (
    0.005  # of a share: within half a point it is in step with the targets, and the forecast's line where the goal is
)


@dataclass(frozen=True)
class Target:
    """A share (0–1) to reach by a day."""

    day: date
    share: float


@dataclass(frozen=True)
class Deviation:
    """The deviation from the path, in shares (1 is 100 percentage points) and in months; positive when ahead.

    `months` is None where the path is level on the day, or never has that share.
    """

    points: float
    months: float | None

    @property
    def is_behind(self) -> bool:
        """Whether it is behind the targets, by half a point or more."""
        return self.points <= -STILL


@dataclass(frozen=True)
class TargetPath:
    """Dated targets in order, of a department (`owner`) or, when that is None, the municipality.

    `exact_match`: the owner is exactly what the scope has chosen. `start` is the owner's first known value, if that was
    before the first target.
    """

    owner: str | None
    exact_match: bool
    targets: tuple[Target, ...]
    start: Target | None = None

    @property
    def vertices(self) -> tuple[Target, ...]:
        """The end points of the straight lines."""
        return (self.start, *self.targets) if self.start else self.targets

    def at(self, day: date) -> float | None:
        """The path's share on a day; None before it begins, the last target's after its end."""
        if not self.vertices or day < self.vertices[0].day:
            return None
        for first, second in pairwise(self.vertices):
            if day <= second.day:
                return _between(first, second, day)
        return self.vertices[-1].share

    def next(self, day: date) -> Target | None:
        """The first target after a day."""
        return next((target for target in self.targets if target.day > day), None)

    def deviation(self, day: date, share: float) -> Deviation | None:
        """The deviation of a share measured on a day; None before the path begins."""
        expected = self.at(day)
        if expected is None:
            return None
        if share == expected:
            return Deviation(0.0, 0.0)
        if self._is_level(day):
            return Deviation(share - expected, None)
        same = next(self._later(day, share), None) if share > expected else next(self._earlier(day, share), None)
        return Deviation(share - expected, None if same is None else (same - day).days / MONTH)

    def _is_level(self, day: date) -> bool:
        """Whether the targets ask for no change around a day; after the last one they do not."""
        parts = [(a, b) for a, b in pairwise(self.vertices) if a.day <= day <= b.day]
        return all(first.share == second.share for first, second in parts)

    def _later(self, day: date, share: float) -> Iterator[date]:
        """The days from `day` on when the path rises to a share, the nearest first."""
        for first, second in pairwise(self.vertices):
            if second.day > day and first.share < share <= second.share:
                yield max(day, _when(first, second, share))

    def _earlier(self, day: date, share: float) -> Iterator[date]:
        """The days up to `day` when the path last had a share before rising above it, the nearest first."""
        for first, second in reversed(list(pairwise(self.vertices))):
            if first.day < day and first.share <= share < second.share:
                yield min(day, _when(first, second, share))


def _between(first: Target, second: Target, day: date) -> float:
    if day == second.day:
        return second.share
    part = (day - first.day).days / (second.day - first.day).days
    return first.share + part * (second.share - first.share)


def _when(first: Target, second: Target, share: float) -> date:
    """The day on a rising line with this share."""
    part = (share - first.share) / (second.share - first.share)
    return first.day + timedelta(days=round(part * (second.day - first.day).days))


def month_end(month: date) -> date:
    """The last day of a month, the day of its measurement."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def target_path(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> TargetPath | None:
    """The target path of a goal for the scope: its department's, else the nearest above's, else the municipality's, else None.

    Several departments together have none of their own: theirs is the municipality's.
    """
    chosen = scope.departments[0] if len(scope.departments) == 1 else None
    for owner in (*_upwards(cursor, chosen), None):
        targets = _targets(cursor).get((metrics()[code].goal, owner), ())
        if targets:
            exact = owner == chosen and len(scope.departments) < 2 and not scope.audience and not scope.services
            return TargetPath(owner, exact, targets, _start(cursor, code, scope, owner, targets[0].day))
    return None


def _upwards(cursor: duckdb.DuckDBPyConnection, department: str | None) -> Sequence[str]:
    """A department and those above it, the nearest first."""
    path = next((one.path for one in departments(cursor) if one.department_id == department), ())
    return path[::-1]


def has_targets(cursor: duckdb.DuckDBPyConnection, code: str, owner: str | None) -> bool:
    """Whether a department has targets of its own for a goal, or the municipality has, when None."""
    return (metrics()[code].goal, owner) in _targets(cursor)


@read_once
def _targets(cursor: duckdb.DuckDBPyConnection) -> dict[tuple[int | None, str | None], tuple[Target, ...]]:
    """The dated targets by goal and owner, in order."""
    rows = cursor.execute(
        "SELECT goal::INTEGER, department_id, date, share::DOUBLE / 100 FROM targets ORDER BY date"
    ).fetchall()
    targets: dict[tuple[int | None, str | None], tuple[Target, ...]] = {}
    for goal, owner, day, share in rows:
        targets[goal, owner] = (*targets.get((goal, owner), ()), Target(day, share))
    return targets


def _start(
    cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope, owner: str | None, before: date
) -> Target | None:
    """The owner's first known value: of a stock in its first month, of a flow over its first twelve; None from `before` on."""
    first = min(period(cursor).first, scope.month_to)
    owned = Scope(first, scope.month_to, departments=(owner,) if owner else (), organisation=scope.organisation)
    known = (row.by["month"] for row in measure(cursor, code, owned, "month") if row.value is not None)
    month = next((month for month in known if isinstance(month, date)), None)
    if month is None:
        return None
    last = month if metrics()[code].time == "stock" else add_months(month, 11)
    if last > scope.month_to or month_end(last) >= before:
        return None
    row = measure(cursor, code, replace(owned, month_from=month, month_to=last))[0]
    enough = row.value is not None and (row.denominator or 0) >= MIN_DENOMINATOR
    return Target(month_end(last), float(row.value or 0)) if enough else None
