"""What moves a goal most: every service's gap in points of the municipality's goal, and what closing it is worth a year."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

import duckdb

from analytics.costs.break_even import Assumptions
from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.priorities.actions import NO_ACTION, Action, service_statuses
from analytics.priorities.savings import Savings, savings_basis
from analytics.registers.services import services
from analytics.statistics.significance import MIN_DENOMINATOR


@dataclass(frozen=True)
class Gain:
    """A service's gap to a goal: what it lacks, `remaining` (itself in goal 1, else cases), of the municipality's `denominator`.

    `rank` is its place by points and `rank_kronor` by kronor a year, the same for those that are alike; None where
    it is not ranked: there is nothing to do, too little is counted, or the kronor are not told.
    """

    service_id: str
    department_id: str | None
    remaining: int
    denominator: int
    action: Action
    savings: Savings
    rank: int | None = None
    rank_kronor: int | None = None

    @property
    def share(self) -> Fraction:
        """The gap as a part of the municipality's goal, exactly; 1 is 100 percentage points."""
        return Fraction(self.remaining, self.denominator)

    @property
    def is_open(self) -> bool:
        """Whether there is something to do."""
        return self.action.code not in NO_ACTION


def without_department_filter(scope: Scope) -> Scope:
    """The municipality: the same period and audience, every department."""
    return replace(scope, departments=(), services=())


def gains(cursor: duckdb.DuckDBPyConnection, scope: Scope, goal: int, assumed: Assumptions) -> tuple[Gain, ...]:
    """Every service in the scope with a gap, those where something can be done first, the largest gap first.

    The gaps of all services of the municipality sum to what is left of its goal.
    """
    code = GOALS[goal]
    of = int(measure(cursor, code, without_department_filter(scope))[0].denominator or 0)
    found = [row for row in measure(cursor, code, scope, "service", "department") if remaining(row)]
    known = service_statuses(cursor, scope)
    valued = savings_basis(cursor, scope)
    every = []
    for row in found:
        service, unit = str(row.by["service"]), row.by["department"]
        department = None if unit is None else str(unit)
        way = known.action(goal, service)
        worth = valued.savings(goal, service, way, assumed)
        every.append(Gain(service, department, remaining(row), of, way, worth))
    return ranked(every, {key: i for i, key in enumerate(services(cursor))})


def ranked(every: Sequence[Gain], order: Mapping[str, int]) -> tuple[Gain, ...]:
    """The gains in order, with their places; those that are alike in all stand in the order of their services."""
    return tuple(_placed(sorted(every, key=lambda gain: (_rank(gain), order.get(gain.service_id, len(order))))))


def remaining(row: Row) -> int:
    """What a row of a goal lacks."""
    return int(row.denominator or 0) - int(row.numerator or 0)


def _rank(gain: Gain) -> tuple[bool, int, Decimal, Decimal]:
    """The order: by points, then by kronor, then by cases a year."""
    worth = gain.savings
    kronor = Decimal("Infinity") if worth.kronor is None else -worth.kronor
    return not gain.is_open, -gain.remaining, kronor, -(worth.year.cases or Decimal(0))


def _placed(every: Sequence[Gain]) -> Iterator[Gain]:
    """The gains with their places; fewer than twenty in the municipality's denominator are not ranked."""
    by_points = _places(every, lambda g: g.remaining if g.is_open and g.denominator >= MIN_DENOMINATOR else None)
    by_kronor = _places(every, lambda g: g.savings.kronor)
    for gain, place, place_kronor in zip(every, by_points, by_kronor, strict=True):
        yield replace(gain, rank=place, rank_kronor=place_kronor)


def _places(every: Sequence[Gain], value: Callable[[Gain], int | Decimal | None]) -> list[int | None]:
    """The place of each by its value, the highest first; None for those without one."""
    values = [value(gain) for gain in every]
    known = sorted((v for v in values if v is not None), reverse=True)
    return [None if v is None else known.index(v) + 1 for v in values]


def cumulative(every: Sequence[Gain]) -> list[Fraction]:
    """How many points the first, the first two, … of the services give together, of those where something can be done."""
    return list(accumulate(gain.share for gain in every if gain.is_open))


def services_needed(every: Sequence[Gain], share: Fraction) -> int | None:
    """How few services give this share of all the points there are; None when those where something can be done do not."""
    total = sum((gain.share for gain in every), Fraction(0))
    return next((n for n, sum_ in enumerate(cumulative(every), 1) if sum_ >= share * total), None)


@dataclass(frozen=True)
class RankDifference:
    """A gain with its places among those that have both: by points and by kronor."""

    gain: Gain
    rank: int
    rank_kronor: int

    @property
    def distance(self) -> int:
        """How many places it falls, told in kronor; below zero it rises."""
        return self.rank_kronor - self.rank


def rank_differences(every: Sequence[Gain]) -> list[RankDifference]:
    """Where the two orders disagree, the most first; among those that have a place in both, so that the places compare."""
    both = [gain for gain in every if gain.rank is not None and gain.rank_kronor is not None]
    points = _places(both, lambda g: g.remaining)
    kronor = _places(both, lambda g: g.savings.kronor)
    found = [
        RankDifference(g, p, k) for g, p, k in zip(both, points, kronor, strict=True) if p is not None and k is not None
    ]
    return sorted((one for one in found if one.distance), key=lambda one: (-abs(one.distance), one.rank))


@dataclass(frozen=True)
class Branch:
    """What a department and all below it lack, of the municipality's denominator."""

    branch: str | None
    remaining: int
    denominator: int

    @property
    def share(self) -> Fraction:
        """Its part of the municipality's goal; 1 is 100 percentage points."""
        return Fraction(self.remaining, self.denominator)


def by_branch(cursor: duckdb.DuckDBPyConnection, scope: Scope, goal: int) -> tuple[Branch, ...]:
    """The departments one level down from what is chosen, most points first; they sum to those of the scope."""
    of = int(measure(cursor, GOALS[goal], without_department_filter(scope))[0].denominator or 0)
    rows = [(row.by["branch"], remaining(row)) for row in measure(cursor, GOALS[goal], scope, "branch")]
    found = [Branch(None if key is None else str(key), n, of) for key, n in rows if n]
    return tuple(sorted(found, key=lambda one: -one.remaining))
