"""How sure what is scaled up from counting weeks is: the cases, the shares of goals 2 and 3, and a change or forecast of these.

A share is a ratio whose weeks are counted in both parts. Its error is that of the total of residuals (Cochran (1977), Sampling
Techniques, 3rd ed., ch. 6): of each scaled up case, 1 where the goal counts it and else 0, minus the share.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from math import hypot, inf
from typing import TypeVar

import duckdb

from analytics.metrics.catalogue import GOALS, facts, metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.statistics.significance import Change, significant_change
from analytics.statistics.stratified import LEVEL, Estimate, Stratum, estimate, half_width

Of = TypeVar("Of", bound=Hashable)
SAMPLED = "sampled_weeks"  # the way of counting
Key = tuple[
    int, str, tuple[date, ...], tuple[date, ...]
]  # year, season, the weeks that are counted, and those that are scaled up to
# Of each goal of cases: which of its service-months it counts, and which of these it counts as digital.
PARTS: Mapping[str, tuple[str, str]] = {
    GOALS[2]: ("true", "false"),  # an e-service counts itself
    GOALS[3]: ("m.handling IN ('digital', 'not_digital')", "m.handling = 'digital'"),
}


@dataclass(frozen=True)
class Used:
    """The cases of a goal that are scaled up from counting weeks, and half the width of the interval of its share (0–1)."""

    cases: Estimate
    share: float
    half_width: float | None

    @property
    def shares(self) -> tuple[float, float] | None:
        """The ends of the share's interval."""
        if self.half_width is None:
            return None
        return max(0.0, self.share - self.half_width), min(1.0, self.share + self.half_width)


@dataclass(frozen=True)
class _Part:
    """What a service and channel adds to a stratum: its counts by week, of those asked about, and how digital the others are."""

    key: Key
    counts: tuple[float, ...]
    known: float
    digital: float


def used(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope, level: float = LEVEL) -> Used | None:
    """What a goal has from counting weeks; None where it has nothing."""
    if code not in PARTS or not _is_sampled(cursor, scope):
        return None
    parts, row = _parts(cursor, code, scope), measure(cursor, code, scope)[0]
    cases = estimate(list(_strata(parts).values()))
    if cases is None or not parts or not row.denominator:
        return None
    share = float(row.value or 0)
    half = half_width(list(_strata(parts, share).values()), level=level)
    return Used(cases, share, None if half is None else half / float(row.denominator))


def narrowest(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[int, str, float, float] | None:
    """The year and season where one more week narrows the interval of goal 2's cases most: its half width now and then."""
    strata = _strata(_parts(cursor, GOALS[2], scope))
    listed, seasons = list(strata.values()), {key[:2] for key in strata}
    now = half_width(listed)
    if not now:
        return None
    then = {season: half_width(listed, [i for i, key in enumerate(strata) if key[:2] == season]) for season in seasons}
    best = min(seasons, key=lambda season: (then[season] or 0.0, season))
    return *best, now, then[best] or 0.0


def error(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope, level: float = LEVEL) -> float:
    """Half the width of the interval that counting weeks give a goal's share; infinite where it has none, 0 without such weeks."""
    found = used(cursor, code, scope, level)
    return 0.0 if found is None else inf if found.half_width is None else found.half_width


def errors_by(cursor: duckdb.DuckDBPyConnection, code: str, scopes: Mapping[Of, Scope]) -> dict[Of, float]:
    """The same of several scopes, those that have such weeks."""
    halves = {key: error(cursor, code, scope) for key, scope in scopes.items()}
    return {key: half for key, half in halves.items() if half}


def change_between(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope, before: Scope) -> Change | None:
    """The change of a share between two periods; None where it is not known, or no more than chance and counting weeks can give."""
    rows = measure(cursor, code, scope)[0], measure(cursor, code, before)[0]
    change = significant_change(code, *rows)
    if change is None or metrics()[code].time == "stock":
        return change
    return significant_change(code, *rows, hypot(error(cursor, code, scope), error(cursor, code, before)))


def error_of_part(errors: tuple[float, float], counted: tuple[Row, Row], part: tuple[Row, Row]) -> float:
    """Half the width of the interval of a change in a part of what is counted, that all of the weeks may lie in."""
    sizes = (
        half * float(whole.denominator or 0) / float(row.denominator or 1)
        for half, whole, row in zip(errors, counted, part, strict=True)
        if half
    )
    return hypot(*sizes)


def _is_sampled(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> bool:
    """Whether any case of the scope is scaled up: asked first, since it is remembered in columns."""
    rows = measure(cursor, "fully_reported_cases", scope, "method")
    return any(row.by["method"] == SAMPLED and row.value is not None for row in rows)


def _parts(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> list[_Part]:
    """What the goal's estimated cases of each service and channel come from, by season."""
    filters = facts()["case_months"].filters
    where, bound = scope.condition(filters, stock=False)
    counted, digital = PARTS[code]
    rows = cursor.execute(
        f"""WITH asked AS (
            SELECT DISTINCT c.service_id, c.channel, c.month, {digital} AS digital
            FROM (SELECT service_id, channel, month FROM {scope.organised("case_months", filters)}
                  WHERE {where} AND source = 'weeks' AND fully_reported) c
            JOIN service_months m USING (service_id, month) WHERE {counted}
        ), whole AS (
            SELECT DISTINCT a.service_id, a.channel, w.year, w.season FROM asked a JOIN weeks w USING (month)
        )
        SELECT h.year, h.season,
               list(w.week ORDER BY w.week) FILTER (k.week IS NOT NULL), list(k.cases ORDER BY w.week) FILTER (k.week IS NOT NULL),
               list(w.week ORDER BY w.week) FILTER (a.month IS NOT NULL AND k.week IS NULL),
               coalesce(sum(k.cases) FILTER (a.month IS NOT NULL), 0),
               coalesce(avg(a.digital::INTEGER) FILTER (a.month IS NOT NULL AND k.week IS NULL), 0)
        FROM whole h
        JOIN weeks w ON w.year = h.year AND w.season = h.season
        LEFT JOIN asked a ON a.service_id = h.service_id AND a.channel = h.channel AND a.month = w.month
        LEFT JOIN week_counts k ON k.service_id = h.service_id AND k.channel = h.channel AND k.week = w.week
        GROUP BY h.year, h.season, h.service_id, h.channel ORDER BY h.year, h.season, h.service_id, h.channel""",
        bound,
    ).fetchall()
    return [
        _Part((year, season, tuple(weeks or ()), tuple(uncounted or ())), tuple(counts or ()), float(known), digital)
        for year, season, weeks, counts, uncounted, known, digital in rows
    ]


def _strata(parts: list[_Part], share: float | None = None) -> dict[Key, Stratum]:
    """The strata of the cases, by year, season, counted weeks and those that are scaled up to; or of the residuals from a share.

    What was counted in the same weeks, of several services or channels, is added week by week: a busy week is busy for all.
    """
    sums: dict[Key, tuple[list[float], float]] = {}
    for part in parts:
        each = 1.0 if share is None else part.digital - share
        held, already = sums.get(part.key, ([0.0] * len(part.counts), 0.0))
        added = [a + each * b for a, b in zip(held, part.counts, strict=True)]
        sums[part.key] = added, already + each * part.known
    return {key: Stratum(tuple(counts), len(key[3]), known) for key, (counts, known) in sums.items()}
