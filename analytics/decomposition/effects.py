"""What a decomposition says: the points of each service and each part (1 is 100 per cent), and the causes behind them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from math import fsum
from typing import Literal, NamedTuple, get_args

# Why a service is counted in one period only, or in less of it: it came into force or left it; the measure began or ceased to
# apply to it; it began or stopped being reported; only some months more or fewer of it are reported; or it moved from or to a
# department outside the scope.
CoverageReason = Literal[
    "published",
    "withdrawn",
    "applicable",
    "not_applicable",
    "began",
    "stopped",
    "more",
    "less",
    "moved_in",
    "moved_out",
]
REASONS: tuple[CoverageReason, ...] = get_args(CoverageReason)
Kind = Literal["rate", "season", "mix"] | CoverageReason
MOVED: tuple[CoverageReason, ...] = ("moved_in", "moved_out")
NOTHING = 1e-14  # fewer points are left of the arithmetic, not of a change


def add_points(points: Iterable[float]) -> float:
    """The sum of points, exactly 0 where they even out."""
    whole = fsum(points)
    return whole if abs(whole) > NOTHING else 0.0


def most_first(points: float) -> float:
    """What points sort by, the largest first whichever way they pull; alike where only the arithmetic tells them apart."""
    return -round(abs(points), 12)


class Counts(NamedTuple):
    """A numerator and a denominator."""

    numerator: int = 0
    denominator: int = 0

    @property
    def share(self) -> float | None:
        """Numerator ÷ denominator; None when the denominator is 0."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class ServiceEffect:
    """One service: its counts then and now, and its points of each part of the change."""

    service: str | None
    then: Counts
    now: Counts
    rate: float
    mix: float
    coverage_reasons: tuple[tuple[CoverageReason, float], ...]
    branch: str | None = None
    elsewhere: str | None = None  # the department that it moved from or to
    season: float = 0.0

    @cached_property
    def coverage(self) -> float:
        """Its points from joining or leaving what is counted."""
        return add_points(points for _why, points in self.coverage_reasons)

    @cached_property
    def points(self) -> float:
        """Its points in all."""
        return add_points((self.rate, self.season, self.mix, self.coverage))


@dataclass(frozen=True)
class Cause:
    """Points of the change with one cause. `services` change in its direction, largest first; `opposing` in the other.

    `branch` is the department behind most of a change of coverage (where services have moved, the one they came from or went to);
    the rest, less than half as much, is a separate cause.
    """

    kind: Kind
    points: float
    services: tuple[str | None, ...]
    opposing: tuple[str | None, ...] = ()
    branch: str | None = None
    dominant: bool = False  # whether the first service has at least half of the points
    whole_branch: bool = False  # whether all counted services of the branch are in it


@dataclass(frozen=True)
class Decomposition:
    """The change of a share between two periods: rate + season + mix + coverage, to the last digits of a float."""

    then: Counts
    now: Counts
    services: tuple[ServiceEffect, ...]  # those with most points first
    like_for_like: tuple[Counts, Counts] = (Counts(), Counts())  # then and now, of what is counted in both

    def __len__(self) -> int:
        """The number of services."""
        return len(self.services)

    @cached_property
    def rate(self) -> float:
        """The points from changed shares of the same services."""
        return add_points(one.rate for one in self.services)

    @cached_property
    def season(self) -> float:
        """The points from the same services' cases coming in other months of the year."""
        return add_points(one.season for one in self.services)

    @cached_property
    def mix(self) -> float:
        """The points from changed weights of the services."""
        return add_points(one.mix for one in self.services)

    @cached_property
    def coverage(self) -> float:
        """The points from services that joined or left what is counted."""
        return add_points(one.coverage for one in self.services)

    @cached_property
    def change(self) -> float:
        """The whole change."""
        (n0, d0), (n1, d1) = self.then, self.now
        return (n1 * d0 - n0 * d1) / (d0 * d1)

    @cached_property
    def causes(self) -> list[Cause]:
        """The causes, which sum to the change, the largest first; empty ones are left out."""
        return _causes(self)


def _causes(split: Decomposition) -> list[Cause]:
    result = [_cause(kind, split.services) for kind in ("rate", "season", "mix")]
    reasons: dict[CoverageReason, list[ServiceEffect]] = defaultdict(list)
    for one in split.services:
        for reason, _points in one.coverage_reasons:
            reasons[reason].append(one)
    for reason, effects in sorted(reasons.items()):
        result += _by_branch(reason, effects, split)
    return sorted(
        (c for c in result if c.services or c.opposing), key=lambda c: (most_first(c.points), c.kind, str(c.branch))
    )


def points_of(one: ServiceEffect, kind: Kind) -> float:
    """A service's points of a kind of cause."""
    parts: dict[Kind, float] = {"rate": one.rate, "season": one.season, "mix": one.mix, **dict(one.coverage_reasons)}
    return parts.get(kind, 0.0)


def _by_branch(reason: CoverageReason, effects: list[ServiceEffect], split: Decomposition) -> list[Cause]:
    """A reason for a change of coverage as one cause, or as two where one department is behind most of it."""
    points: dict[str | None, list[float]] = defaultdict(list)
    for one in effects:
        points[_whose(one, reason)].append(points_of(one, reason))
    branches = {branch: add_points(own) for branch, own in points.items()}
    top = max(branches, key=lambda branch: (-most_first(branches[branch]), str(branch)))
    rest = add_points(branches.values()) - branches[top]
    if top is None or 2 * abs(rest) > abs(branches[top]) + NOTHING:
        return [_cause(reason, effects)]
    inside, outside = ([one for one in effects if (_whose(one, reason) == top) == within] for within in (True, False))
    whole_branch = all(one in inside for one in split.services if one.branch == top)
    cause = replace(_cause(reason, inside), branch=top, whole_branch=whole_branch)
    return [cause, _cause(reason, outside)] if outside else [cause]


def _whose(one: ServiceEffect, reason: CoverageReason) -> str | None:
    return one.elsewhere if reason in MOVED else one.branch


def _cause(kind: Kind, effects: Iterable[ServiceEffect]) -> Cause:
    parts = {one.service: points_of(one, kind) for one in effects}
    whole = add_points(parts.values())
    order = sorted((s for s in parts if parts[s]), key=lambda service: (most_first(parts[service]), str(service)))
    sign = _sign(whole)
    agreeing = tuple(service for service in order if parts[service] * sign > 0)
    dominant = bool(agreeing) and 2 * parts[agreeing[0]] * sign >= abs(whole) - NOTHING
    return Cause(kind, whole, agreeing, tuple(s for s in order if s not in agreeing), dominant=dominant)


def _sign(points: float) -> int:
    return -1 if points < 0 else 1
