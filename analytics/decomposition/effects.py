"""What a decomposition says: the points of each service and each part (1 is 100 per cent)."""

from collections.abc import Iterable
from dataclasses import dataclass
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
