"""The decomposition a second, dumber way: cell by cell in dictionaries, in exact fractions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import duckdb
import numpy as np
import pytest

from analytics.decomposition import decompose as ours
from analytics.decomposition.cells import have_same_months
from analytics.decomposition.effects import REASONS, Counts, CoverageReason
from analytics.decomposition.effects import Decomposition as Ours
from analytics.metrics.catalogue import Metric, metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope, months_between

ZERO = Fraction(0)


class Cell(NamedTuple):
    """A service in a month of the period (0 is the first). Fully reported cells are compared only with fully reported ones.

    `season` is the calendar month where both periods have the same ones, else 0.
    """

    service: str | None
    month: int = 0
    fully_reported: bool = True
    season: int = 0


class Effect(NamedTuple):
    """The points of a service, 1 being 100 per cent."""

    then: Counts
    now: Counts
    rate: Fraction
    season: Fraction
    mix: Fraction
    coverage_reasons: dict[CoverageReason, Fraction]
    branch: str | None
    elsewhere: str | None


class Decomposition(NamedTuple):
    """The totals, those of what is counted in both periods, and each service's effect."""

    then: Counts
    now: Counts
    like_for_like: tuple[Counts, Counts]
    services: dict[str | None, Effect]


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
    effects = {}
    for service in all_counts[0].keys() | all_counts[1].keys():
        counted = all_counts[0].get(service, Counts()), all_counts[1].get(service, Counts())
        pair = compared[0].get(service, Counts()), compared[1].get(service, Counts())
        change, mix = _rate_and_mix(pair, whole, anchors)
        season = _season(seasons[0].get(service, {}), seasons[1].get(service, {})) * _mean_weight(pair, whole)
        if any(each.denominator for each in counted):
            departments = (branches or {}).get(service), (elsewhere or {}).get(service)
            reasons = dict(moves.get(service, {}))
            effects[service] = Effect(*counted, change - season, season, mix, reasons, *departments)
    return Decomposition(*totals, whole, effects)


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
    shares = [Fraction(*counted) for counted in pair if counted.denominator]
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


REPORTING = "reporting"  # the metric of fully reported service-months
STOPPED_MONTHS = 3  # a service without a full report in the last so many months has stopped reporting
ServiceMonth = tuple[str | None, int]  # a service, and the month of the period
Elsewhere = Mapping[ServiceMonth, str | None]  # a department outside the scope


@dataclass(frozen=True)
class _Period:
    """What is known of each service and month of a period."""

    cells: Mapping[Cell, Counts]
    branches: Mapping[str | None, str | None]
    in_force: frozenset[ServiceMonth]
    not_applicable: frozenset[ServiceMonth]

    @property
    def at(self) -> dict[ServiceMonth, Cell]:
        """The cell of each service and month."""
        return {(cell.service, cell.month): cell for cell in self.cells}


def decompose_change(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> Decomposition | None:
    """The decomposition of a share's change from `then` (the scope's comparison, when None); None without a comparison."""
    metric, earlier = metrics()[code], scope.compared()
    assert earlier
    if metric.time == "stock":
        scope, earlier = (replace(one, month_from=one.month_to) for one in (scope, earlier))
    seasonal = have_same_months(earlier, scope)
    before, now = (_read(cursor, metric, one, seasonal) for one in (earlier, scope))
    branches = {**before.branches, **now.branches}
    changed = {str(service) for service, _month in before.in_force ^ now.in_force if service}
    elsewhere = tuple(
        _elsewhere(cursor, one, period.in_force, changed) for one, period in ((earlier, before), (scope, now))
    )
    where = {service: department for one in elsewhere for (service, _month), department in one.items()}
    return decompose(before.cells, now.cells, _why(before, now, scope.months, elsewhere), branches, where)


def _read(cursor: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope, seasonal: bool) -> _Period:
    reporting = measure(cursor, REPORTING, scope, "service", "month")
    in_force = frozenset(
        _service_month(row, scope.month_from) for row in reporting if row.denominator or row.state == "not_applicable"
    )
    full = measure(cursor, "fully_reported_cases", scope, "service", "month")
    fully_reported = frozenset(_service_month(row, scope.month_from) for row in full if row.numerator is not None)
    of_cases = metric.time == "flow" and metric.code != REPORTING  # else there is nothing that could be half reported
    cells, branches, not_applicable = {}, {}, set()
    for row in measure(cursor, metric.code, scope, "branch", "service", "month"):
        key = _service_month(row, scope.month_from)
        branches[key[0]] = None if row.by["branch"] is None else str(row.by["branch"])
        if row.denominator or (key in in_force and _known_empty(row)):
            counted = Counts(int(row.numerator or 0), int(row.denominator or 0))
            season = (scope.month_from.month - 1 + key[1]) % 12 if seasonal else 0
            cells[Cell(*key, not of_cases or key in fully_reported, season)] = counted
        elif row.state == "not_applicable":
            not_applicable.add(key)
    return _Period(cells, branches, in_force, frozenset(not_applicable))


def _elsewhere(
    cursor: duckdb.DuckDBPyConnection, scope: Scope, in_force: frozenset[ServiceMonth], services: set[str]
) -> Elsewhere:
    """The department of those of the services that are in force in a month, but outside the chosen departments."""
    if not scope.departments or not services:
        return {}
    wider = replace(scope, departments=(), services=tuple(sorted(services)))
    rows = measure(cursor, REPORTING, wider, "service", "month", "department")
    known = {
        _service_month(row, scope.month_from): row for row in rows if row.denominator or row.state == "not_applicable"
    }
    return {
        key: None if row.by["department"] is None else str(row.by["department"])
        for key, row in known.items()
        if key not in in_force
    }


def _service_month(row: Row, first: date) -> ServiceMonth:
    month, service = row.by["month"], row.by["service"]
    assert isinstance(month, date)
    return None if service is None else str(service), months_between(first, month)


def _known_empty(row: Row) -> bool:
    """Whether there was nothing to count, by a complete report."""
    return row.coverage == 1 or (row.population == 0 and row.state != "not_applicable")


def _why(then: _Period, now: _Period, months: int, elsewhere: tuple[Elsewhere, ...]) -> dict[Cell, CoverageReason]:
    """Why each cell that is in one of the periods only is not in the other."""
    before, after = then.at, now.at
    ever_reported = {cell.service for cells in (then.cells, now.cells) for cell in cells if cell.fully_reported}
    reported = {cell.service for cell in then.cells if cell.fully_reported or cell.service not in ever_reported}
    recent = [cell for cell in now.cells if cell.month >= months - STOPPED_MONTHS]
    recently_reported = {cell.service for cell in recent if cell.fully_reported or cell.service not in ever_reported}

    def left(service: str | None, month: int) -> CoverageReason:
        if (service, month) in elsewhere[1]:
            return "moved_out"
        if (service, month) not in now.in_force:
            return "withdrawn"
        if (service, month) in now.not_applicable:
            return "not_applicable"
        return "less" if service in recently_reported else "stopped"

    def came(service: str | None, month: int) -> CoverageReason:
        if (service, month) in elsewhere[0]:
            return "moved_in"
        if (service, month) not in then.in_force:
            return "published"
        if (service, month) in then.not_applicable:
            return "applicable"
        return "more" if service in reported else "began"

    reasons: dict[Cell, CoverageReason] = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        less = new is None or (
            old is not None and old.fully_reported
        )  # counted in both, but not all its cases in one of them
        if old != new:
            reasons |= {cell: (left if less else came)(*key) for cell in (old, new) if cell}
    return reasons


def decompose_arrays(
    then: Cells,
    now: Cells,
    why: Mapping[Cell, CoverageReason],
    branches: Whose | None = None,
    elsewhere: Whose | None = None,
) -> Ours | None:
    """What the product makes of the same cells, of which there is one for a service and month."""
    services = list(dict.fromkeys(cell.service for cell in (*then, *now)))
    months = 1 + max((cell.month for cell in (*then, *now)), default=0)
    seasons, reasons = [0] * months, np.zeros((len(services), months), int)
    for cell in (*then, *now):
        seasons[cell.month] = cell.season
        reasons[services.index(cell.service), cell.month] = REASONS.index(why.get(cell, REASONS[0]))

    def arrays(cells: Cells) -> ours.Cells:
        whole, flags = (np.zeros((2, len(services), months), kind) for kind in (np.int64, bool))
        for cell, counted in cells.items():
            place = services.index(cell.service), cell.month
            whole[:, *place], flags[:, *place] = counted, (True, cell.fully_reported)
        return ours.Cells(*whole, *flags)

    return ours.decompose(services, arrays(then), arrays(now), reasons, seasons, branches, elsewhere)


def near(points: float | Fraction) -> object:
    """Equal to the last digits of a float."""
    return pytest.approx(float(points), abs=2e-15, rel=0)


def agree(found: Ours | None, expected: Decomposition | None) -> None:
    """Whether the product says what the fractions say: counts and words exactly, points to the last digits."""
    assert (found is None) == (expected is None)
    if found and expected:
        assert (found.then, found.now, found.like_for_like) == expected[:3]
        assert sorted(one.service or "" for one in found.services) == sorted(key or "" for key in expected.services)
        for one in found.services:
            other = expected.services[one.service]
            points = [(one.rate, other.rate), (one.season, other.season), (one.mix, other.mix)]
            points += [(size, other.coverage_reasons[why]) for why, size in one.coverage_reasons]
            assert all(mine == near(theirs) and bool(mine) == bool(theirs) for mine, theirs in points), (one, other)
            assert (one.then, one.now, one.branch, one.elsewhere) == (*other[:2], other.branch, other.elsewhere)
            assert [why for why, _size in one.coverage_reasons] == sorted(other.coverage_reasons)
