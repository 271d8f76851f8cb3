"""The services ranked by their gap to a goal, in points of the municipality's value, and by SEK a year saved."""

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
from analytics.priorities.actions import NO_ACTION, Action, action_basis
from analytics.priorities.savings import Savings, savings_basis
from analytics.registers.services import services
from analytics.statistics.significance import MIN_DENOMINATOR


@dataclass(frozen=True)
class Gain:
    """A service's gap to a goal: `remaining` services (goal 1) or cases, of the municipality's `denominator`.

    `rank` is by points and `rank_kronor` by SEK a year, from 1, equal values sharing a rank; None where not ranked:
    nothing to do, fewer than `MIN_DENOMINATOR` in the denominator, or savings not known.
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
        """The gap as a share of the municipality's denominator; 1 is 100 percentage points."""
        return Fraction(self.remaining, self.denominator)

    @property
    def is_open(self) -> bool:
        """Whether there is something to do."""
        return self.action.code not in NO_ACTION


def share_of(gain: "Gain | Branch", denominator: int) -> Fraction:
    """The gap as a share of another denominator, such as the department's own; 1 is 100 percentage points."""
    return Fraction(gain.remaining, denominator)


def without_department_filter(scope: Scope) -> Scope:
    """The same period and audience, for all departments and services."""
    return replace(scope, departments=(), services=())


def gains(cursor: duckdb.DuckDBPyConnection, scope: Scope, goal: int, assumptions: Assumptions) -> tuple[Gain, ...]:
    """Every service in the scope with a gap to goal 1, 2 or 3, ranked: actionable ones first, the largest gap first.

    The gaps of all services of the municipality sum to its own gap.
    """
    code = GOALS[goal]
    denominator = int(measure(cursor, code, without_department_filter(scope))[0].denominator or 0)
    rows = [row for row in measure(cursor, code, scope, "service", "department") if remaining(row)]
    actions, savings = action_basis(cursor, scope), savings_basis(cursor, scope)
    result = []
    for row in rows:
        service_id, department = str(row.by["service"]), row.by["department"]
        department_id = None if department is None else str(department)
        action = actions.action(goal, service_id)
        saved = savings.savings(goal, service_id, action, assumptions)
        result.append(Gain(service_id, department_id, remaining(row), denominator, action, saved))
    return rank_gains(result, {key: i for i, key in enumerate(services(cursor))})


def rank_gains(all_gains: Sequence[Gain], order: Mapping[str, int]) -> tuple[Gain, ...]:
    """The gains in order with their ranks; full ties keep the order of `order` (service id → position)."""
    return tuple(
        _with_ranks(sorted(all_gains, key=lambda gain: (_sort_key(gain), order.get(gain.service_id, len(order)))))
    )


def remaining(row: Row) -> int:
    """The gap of a row: denominator minus numerator."""
    return int(row.denominator or 0) - int(row.numerator or 0)


def _sort_key(gain: Gain) -> tuple[bool, int, Decimal, Decimal]:
    """Sort key: by points, then by SEK, then by cases a year."""
    savings = gain.savings
    kronor = Decimal("Infinity") if savings.kronor is None else -savings.kronor
    return not gain.is_open, -gain.remaining, kronor, -(savings.year.cases or Decimal(0))


def _with_ranks(all_gains: Sequence[Gain]) -> Iterator[Gain]:
    """The gains with their ranks; none by points where the municipality's denominator is too small."""
    by_points = _ranks(all_gains, lambda g: g.remaining if g.is_open and g.denominator >= MIN_DENOMINATOR else None)
    by_kronor = _ranks(all_gains, lambda g: g.savings.kronor)
    for gain, rank, rank_kronor in zip(all_gains, by_points, by_kronor, strict=True):
        yield replace(gain, rank=rank, rank_kronor=rank_kronor)


def _ranks(all_gains: Sequence[Gain], value: Callable[[Gain], int | Decimal | None]) -> list[int | None]:
    """The rank of each by its value, the highest first; None for those without one."""
    values = [value(gain) for gain in all_gains]
    known = sorted((v for v in values if v is not None), reverse=True)
    return [None if v is None else known.index(v) + 1 for v in values]


def cumulative_shares(all_gains: Sequence[Gain]) -> list[Fraction]:
    """The share of the goal that the first, the first two, … actionable services give together."""
    return list(accumulate(gain.share for gain in all_gains if gain.is_open))


def services_needed(all_gains: Sequence[Gain], share: Fraction) -> int | None:
    """The smallest number of services that give `share` (0–1) of the total gap; None when all actionable ones do not."""
    total = sum((gain.share for gain in all_gains), Fraction(0))
    return next((n for n, reached in enumerate(cumulative_shares(all_gains), 1) if reached >= share * total), None)


@dataclass(frozen=True)
class RankDifference:
    """A gain with its two ranks, by points and by SEK, counted among the gains that have both."""

    gain: Gain
    rank: int
    rank_kronor: int

    @property
    def distance(self) -> int:
        """How many ranks lower it is by SEK than by points; negative when higher."""
        return self.rank_kronor - self.rank


def rank_differences(all_gains: Sequence[Gain]) -> list[RankDifference]:
    """The gains whose two ranks differ, the largest difference first; counted among those ranked both ways."""
    both = [gain for gain in all_gains if gain.rank is not None and gain.rank_kronor is not None]
    points = _ranks(both, lambda g: g.remaining)
    kronor = _ranks(both, lambda g: g.savings.kronor)
    differences = [
        RankDifference(g, p, k) for g, p, k in zip(both, points, kronor, strict=True) if p is not None and k is not None
    ]
    return sorted((d for d in differences if d.distance), key=lambda d: (-abs(d.distance), d.rank))


@dataclass(frozen=True)
class Branch:
    """The gap of a department and all below it, of the municipality's denominator; `branch` None is without department."""

    branch: str | None
    remaining: int
    denominator: int

    @property
    def share(self) -> Fraction:
        """The gap as a share of the municipality's denominator; 1 is 100 percentage points."""
        return Fraction(self.remaining, self.denominator)


def by_branch(cursor: duckdb.DuckDBPyConnection, scope: Scope, goal: int) -> tuple[Branch, ...]:
    """The gaps of the departments one level below the scope's, the largest first; they sum to the scope's gap."""
    denominator = int(measure(cursor, GOALS[goal], without_department_filter(scope))[0].denominator or 0)
    rows = [(row.by["branch"], remaining(row)) for row in measure(cursor, GOALS[goal], scope, "branch")]
    branches = [Branch(None if key is None else str(key), n, denominator) for key, n in rows if n]
    return tuple(sorted(branches, key=lambda branch: -branch.remaining))
