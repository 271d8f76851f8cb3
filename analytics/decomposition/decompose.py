"""The change of a share decomposed into rate, season, mix and coverage, service by service, in exact fractions.

A cell is a service in a month of the period; the months of the two periods are compared in pairs, so that a service that
reports nothing for a part of a period is missing in that part only. Over the cells that are in both periods, with weights
w (the part of the denominator) and shares r per service, and p the pooled share of these cells:

- rate + season = mean weight × change in r. Within a service, with u the part of its denominator that lies in a calendar month and
  q the share there: rate = Σ mean u × change in q: it became more digital. Season = Σ change in u × mean q: its cases moved to
  months in which they are more digital, or less. Where the two periods are not of the same calendar months all is rate.
- mix = change in w × (mean r − mean p): the volumes moved to services that are above or below the rest.
- coverage = the rest, (P − p) now − (P − p) then, P being the share of all cells. A cell that came in has
  w × (r − p) of it now, one that went away −w × (r − p) of it then, w being its part of all cells.

Rate, season and mix sum to the change of p, since ½(w+w')(r'−r) + (w'−w)·½(r+r') = w'r' − wr, and the changes in w sum to nothing.
Rate and season sum to their whole alike: ½(u+u')(q'−q) + (u'−u)·½(q+q') = u'q' − uq, and r is Σ uq.
Coverage sums to its whole, since w(r − p) over all cells is P − p, and over those in both it is nothing. All is `Fraction`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

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
ZERO = Fraction(0)


class Cell(NamedTuple):
    """A service in a month of the period (0 is the first). Fully reported cells are compared only with fully reported ones.

    `season` is the calendar month where both periods have the same ones, else 0.
    """

    service: str | None
    month: int = 0
    fully_reported: bool = True
    season: int = 0


class Counts(NamedTuple):
    """A numerator and a denominator."""

    numerator: int = 0
    denominator: int = 0

    @property
    def share(self) -> Fraction | None:
        """Numerator ÷ denominator; None when the denominator is 0."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True)
class ServiceEffect:
    """One service: its counts then and now, and its points of each part of the change (1 is 100 per cent)."""

    service: str | None
    then: Counts
    now: Counts
    rate: Fraction
    mix: Fraction
    coverage_reasons: tuple[tuple[CoverageReason, Fraction], ...]
    branch: str | None = None
    elsewhere: str | None = None  # the department that it moved from or to
    season: Fraction = ZERO

    @property
    def coverage(self) -> Fraction:
        """Its points from joining or leaving what is counted."""
        return sum((points for _why, points in self.coverage_reasons), ZERO)

    @property
    def points(self) -> Fraction:
        """Its points in all."""
        return self.rate + self.season + self.mix + self.coverage


@dataclass(frozen=True)
class Decomposition:
    """The change of a share between two periods. `then.share + rate + season + mix + coverage == now.share`, exactly."""

    then: Counts
    now: Counts
    services: tuple[ServiceEffect, ...]  # those with most points first
    like_for_like: tuple[Counts, Counts] = (Counts(), Counts())  # then and now, of what is counted in both

    def __len__(self) -> int:
        """The number of services."""
        return len(self.services)

    @cached_property
    def rate(self) -> Fraction:
        """The points from changed shares of the same services."""
        return sum((one.rate for one in self.services), ZERO)

    @cached_property
    def season(self) -> Fraction:
        """The points from the same services' cases coming in other months of the year."""
        return sum((one.season for one in self.services), ZERO)

    @cached_property
    def mix(self) -> Fraction:
        """The points from changed weights of the services."""
        return sum((one.mix for one in self.services), ZERO)

    @cached_property
    def coverage(self) -> Fraction:
        """The points from services that joined or left what is counted."""
        return sum((one.coverage for one in self.services), ZERO)

    @cached_property
    def change(self) -> Fraction:
        """The whole change."""
        return Fraction(*self.now) - Fraction(*self.then)


Cells = Mapping[Cell, Counts]
Whose = Mapping[str | None, str | None]  # a department by service


def decompose(
    then: Cells,
    now: Cells,
    why: Mapping[Cell, CoverageReason],
    branches: Whose | None = None,
    elsewhere: Whose | None = None,
) -> Decomposition | None:
    """The decomposition of the change between two periods; `why` has the reason of each cell that is in one of them only.

    `branches` are the services' departments, `elsewhere` those that some have moved from or to.
    None where there is nothing to divide by. With nothing in both to compare, all is coverage.
    """
    totals = total(then.values()), total(now.values())
    if not all(each.denominator for each in totals):
        return None
    both = _comparable(then, now)
    anchors = _anchors(then, now, both, totals)
    compared = _by_service(then, both), _by_service(now, both)
    seasons = _by_season(then, both), _by_season(now, both)
    whole = total(compared[0].values()), total(compared[1].values())
    moves = _moves(then, now, both, why, anchors, totals)
    all_counts = _by_service(then, then), _by_service(now, now)
    effects = []
    for service in all_counts[0].keys() | all_counts[1].keys():
        counted = all_counts[0].get(service, Counts()), all_counts[1].get(service, Counts())
        pair = compared[0].get(service, Counts()), compared[1].get(service, Counts())
        change, mix = _rate_and_mix(pair, whole, anchors)
        season = _season(seasons[0].get(service, {}), seasons[1].get(service, {})) * _mean_weight(pair, whole)
        if any(each.denominator for each in counted):
            reasons = tuple(sorted(moves.get(service, {}).items()))
            departments = (branches or {}).get(service), (elsewhere or {}).get(service)
            effects.append(ServiceEffect(service, *counted, change - season, mix, reasons, *departments, season))
    return Decomposition(*totals, tuple(sorted(effects, key=lambda one: (-abs(one.points), str(one.service)))), whole)


def total(counted: Iterable[Counts]) -> Counts:
    """The sum of the numerators and of the denominators."""
    numerator = denominator = 0
    for one in counted:
        numerator += one.numerator
        denominator += one.denominator
    return Counts(numerator, denominator)


def _comparable(then: Cells, now: Cells) -> Collection[Cell]:
    """The cells that are in both periods, if there is something to divide by in both."""
    both = then.keys() & now.keys()
    return both if all(any(of[cell].denominator for cell in both) for of in (then, now)) else frozenset()


def _anchors(
    then: Cells, now: Cells, both: Collection[Cell], totals: tuple[Counts, Counts]
) -> tuple[Fraction, Fraction]:
    """The shares, then and now, that joining and leaving cells are compared with: of the rest, or else the mean of the totals."""
    if both:
        return Fraction(*total(then[cell] for cell in both)), Fraction(*total(now[cell] for cell in both))
    middle = (Fraction(*totals[0]) + Fraction(*totals[1])) / 2
    return middle, middle


def _by_service(cells: Cells, selected: Collection[Cell]) -> dict[str | None, Counts]:
    groups: dict[str | None, list[Counts]] = defaultdict(list)
    for cell in selected:
        groups[cell.service].append(cells[cell])
    return {service: total(counted) for service, counted in groups.items()}


def _by_season(cells: Cells, selected: Collection[Cell]) -> dict[str | None, dict[int, Counts]]:
    groups: dict[str | None, dict[int, list[Counts]]] = defaultdict(lambda: defaultdict(list))
    for cell in selected:
        groups[cell.service][cell.season].append(cells[cell])
    return {service: {month: total(found) for month, found in months.items()} for service, months in groups.items()}


def _season(then: Mapping[int, Counts], now: Mapping[int, Counts]) -> Fraction:
    """The part of the change of a service's own share that comes from other months; 0 without anything to count in one period."""
    before, after = total(then.values()).denominator, total(now.values()).denominator
    if not before or not after or len(then) == 1:
        return ZERO
    result = ZERO
    for month, first in then.items():
        last = now[month]
        if first.denominator and last.denominator:
            shares = first.numerator * last.denominator + last.numerator * first.denominator  # their sum
            twice = 2 * first.denominator * last.denominator
        else:  # without any case in one of the periods it has the share of the other
            shares, twice = first.numerator + last.numerator, max(1, first.denominator + last.denominator)
        moved = last.denominator * before - first.denominator * after
        result += Fraction(moved * shares, twice)
    return result / (before * after)


def _mean_weight(pair: tuple[Counts, Counts], whole: tuple[Counts, Counts]) -> Fraction:
    """The mean of a service's weight then and now; 0 where there is nothing to compare."""
    if not all(each.denominator for each in whole):
        return ZERO
    return (
        Fraction(pair[0].denominator, whole[0].denominator) + Fraction(pair[1].denominator, whole[1].denominator)
    ) / 2


def _rate_and_mix(
    pair: tuple[Counts, Counts], whole: tuple[Counts, Counts], anchors: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction]:
    """A service's points. One without any case in one of the periods has the share of the other: it weighs nothing there."""
    before, after = pair
    shares = [share for share in (before.share, after.share) if share is not None]
    if not shares:
        return ZERO, ZERO
    first, last = shares[0], shares[-1]
    weights = Fraction(before.denominator, whole[0].denominator), Fraction(after.denominator, whole[1].denominator)
    rate = (weights[0] + weights[1]) / 2 * (last - first)
    return rate, (weights[1] - weights[0]) * ((first + last) / 2 - (anchors[0] + anchors[1]) / 2)


def _moves(
    then: Cells,
    now: Cells,
    both: Collection[Cell],
    why: Mapping[Cell, CoverageReason],
    anchors: tuple[Fraction, Fraction],
    totals: tuple[Counts, Counts],
) -> dict[str | None, dict[CoverageReason, Fraction]]:
    """The points of each service by the reason that it joined or left what is counted."""
    points: dict[str | None, dict[CoverageReason, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for sign, cells, anchor, whole in ((-1, then, anchors[0], totals[0]), (1, now, anchors[1], totals[1])):
        groups: dict[tuple[str | None, CoverageReason], list[Counts]] = defaultdict(list)
        for cell, counted in cells.items():
            if cell not in both and counted.denominator:
                # a cell in both, but with nothing to count in one of them, has no reason in `why`
                reason = why.get(cell, "more" if sign > 0 else "less")
                groups[cell.service, reason].append(counted)
        for (service, reason), counts in groups.items():
            subtotal = total(counts)
            points[service][reason] += sign * (subtotal.numerator - subtotal.denominator * anchor) / whole.denominator
    return points
