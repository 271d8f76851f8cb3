"""The change of a share decomposed into rate, season, mix and coverage, service by service.

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
Coverage sums to its whole, since w(r − p) over all cells is P − p, and over those in both it is nothing.

Counts are whole numbers, summed exactly; points are floats, each of its own few counts, within 1e-15 of the fractions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.decomposition.effects import (
    NOTHING,
    REASONS,
    Counts,
    CoverageReason,
    Decomposition,
    ServiceEffect,
    most_first,
)
from analytics.metrics.service_months import Booleans, Floats, Integers, Service

Whose = Mapping[Service, str | None]  # a department by service


@dataclass(frozen=True)
class Cells:
    """The cells of a period as services × months. Fully reported cells are compared only with fully reported ones."""

    numerator: Integers
    denominator: Integers
    counted: Booleans  # elsewhere there is no cell
    fully_reported: Booleans

    def by_service(self, selected: Booleans) -> tuple[Integers, Integers]:
        """The numerator and the denominator of each service over some of the cells."""
        numerator, denominator = ((part * selected).sum(1) for part in (self.numerator, self.denominator))
        return numerator, denominator

    def total(self, selected: Booleans) -> Counts:
        """Both over all services."""
        return Counts(*(int(part.sum()) for part in self.by_service(selected)))


def decompose(
    services: Sequence[Service],
    then: Cells,
    now: Cells,
    why: Integers,
    seasons: Sequence[int],
    branches: Whose | None = None,
    elsewhere: Whose | None = None,
) -> Decomposition | None:
    """The decomposition of the change between two periods of the services.

    `why` has the index in `REASONS` for each cell that is in one of the periods only, `seasons` the calendar month of each month
    (all alike where the periods have not the same). `branches` are the services' departments, `elsewhere` those that some have
    moved from or to. None where there is nothing to divide by. With nothing in both to compare, all is coverage.
    """
    totals = then.total(then.counted), now.total(now.counted)
    if not all(each.denominator for each in totals):
        return None
    alike = then.counted & now.counted & (then.fully_reported == now.fully_reported)
    whole = then.total(alike), now.total(alike)
    both = alike if all(each.denominator for each in whole) else np.zeros_like(alike)
    anchors = whole if both.any() else (_middle(totals),) * 2
    whole = whole if both.any() else (Counts(), Counts())
    rate, season, mix = _of_the_same((then, now), both, seasons, whole)
    gone, come = (
        np.where(alike, REASONS.index(without), why) for without in ("less", "more")
    )  # alike has no reason in `why`
    points = _moves(((then, gone), (now, come)), both, anchors, totals)
    counted = [np.stack(period.by_service(period.counted), 1).tolist() for period in (then, now)]
    effects = [
        ServiceEffect(
            service,
            Counts(*counted[0][i]),
            Counts(*counted[1][i]),
            float(rate[i]),
            float(mix[i]),
            tuple(sorted(points[i].items())),
            (branches or {}).get(service),
            (elsewhere or {}).get(service),
            float(season[i]),
        )
        for i, service in enumerate(services)
        if counted[0][i][1] or counted[1][i][1]
    ]
    effects.sort(key=lambda one: (most_first(one.points), str(one.service)))
    return Decomposition(*totals, tuple(effects), whole)


def _middle(totals: tuple[Counts, Counts]) -> Counts:
    """The mean of two shares as a fraction."""
    (n0, d0), (n1, d1) = totals
    return Counts(n0 * d1 + n1 * d0, 2 * d0 * d1)


def _of_the_same(
    periods: tuple[Cells, Cells], both: Booleans, seasons: Sequence[int], whole: tuple[Counts, Counts]
) -> tuple[Floats, Floats, Floats]:
    """Rate, season and mix of each service. One without any case in one of the periods weighs nothing there."""
    if not both.any():
        nothing = np.zeros(len(both))
        return nothing, nothing, nothing
    within = [_by_season(period, both, seasons) for period in periods]
    counts = [(numerator.sum(1), denominator.sum(1)) for numerator, denominator in within]
    weights = [denominator / of.denominator for (_n, denominator), of in zip(counts, whole, strict=True)]
    first, last = _shares(*counts)
    shares = _shares(*within)
    middle = (first + last) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [season[1] / service[1][:, None] for season, service in zip(within, counts, strict=True)]
    digital = (parts[0] + parts[1]) / 2 * (shares[1] - shares[0])
    moved = (parts[1] - parts[0]) * ((shares[0] + shares[1]) / 2 - middle[:, None])
    rate, season = (
        np.where((counts[0][1] > 0) & (counts[1][1] > 0), (weights[0] + weights[1]) / 2 * _sum(terms), 0.0)
        for terms in (digital, moved)
    )
    anchor = sum(of.numerator / of.denominator for of in whole) / 2
    return rate, season, _sum(np.stack([(weights[1] - weights[0]) * middle, (weights[0] - weights[1]) * anchor], 1))


def _by_season(period: Cells, selected: Booleans, seasons: Sequence[int]) -> tuple[Integers, Integers]:
    """The numerator and the denominator of each service and calendar month over some of the cells."""
    months = [np.array(seasons) == season for season in sorted(set(seasons))]
    numerator, denominator = (
        np.stack([(part * selected)[:, month].sum(1) for month in months], 1)
        for part in (period.numerator, period.denominator)
    )
    return numerator, denominator


def _shares(then: tuple[Integers, Integers], now: tuple[Integers, Integers]) -> tuple[Floats, Floats]:
    """The shares then and now. What has nothing to divide by in one of them has the share of the other, or else 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        first, last = then[0] / then[1], now[0] / now[1]
    first = np.where(np.isnan(first), last, first)
    return np.nan_to_num(first), np.nan_to_num(np.where(np.isnan(last), first, last))


def _sum(terms: Floats) -> Floats:
    """The sum of each row; exactly 0 where it is only what the arithmetic leaves."""
    whole = terms.sum(1)
    result: Floats = np.where(np.abs(whole) <= NOTHING * np.abs(terms).sum(1), 0.0, whole)
    return result


def _moves(
    periods: tuple[tuple[Cells, Integers], tuple[Cells, Integers]],
    both: Booleans,
    anchors: tuple[Counts, Counts],
    totals: tuple[Counts, Counts],
) -> dict[int, dict[CoverageReason, float]]:
    """The points of each service by the reason that it joined or left what is counted, from whole numbers."""
    points: dict[int, dict[CoverageReason, float]] = defaultdict(lambda: defaultdict(float))
    for sign, (cells, why), anchor, whole in zip((-1, 1), periods, anchors, totals, strict=True):
        at = np.nonzero(cells.counted & ~both & (cells.denominator > 0))
        keys, groups = np.unique(at[0] * len(REASONS) + why[at], return_inverse=True)
        sums = np.zeros((2, len(keys)), np.int64)
        for total, part in zip(sums, (cells.numerator, cells.denominator), strict=True):
            np.add.at(total, groups, part[at])
        for key, numerator, denominator in zip(keys.tolist(), *sums.tolist(), strict=True):
            service, reason = divmod(key, len(REASONS))
            above = numerator * anchor.denominator - denominator * anchor.numerator
            points[service][REASONS[reason]] += sign * above / (anchor.denominator * whole.denominator)
    return points
