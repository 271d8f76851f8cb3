"""Counting weeks: which weeks a department counts, and what was counted.

The weeks are drawn by permanent random numbers (Ohlsson (1995), Coordination of samples using permanent random numbers, in
Business Survey Methods): a week's number follows from the year, the week and the department. So nobody can choose, and one
more is the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.scope import Scope
from analytics.statistics.stratified import Stratum

DRAWN: Mapping[str, int] = {"spring": 3, "summer": 2, "autumn": 3, "holiday": 2}  # weeks a year, by season
UNKNOWN_WAYS = ("phone", "visit", "email")  # what to count where no other channel than the e-service is known


@dataclass(frozen=True)
class Sample:
    """What was counted of a service and channel in a season of a year, and in how many of its weeks."""

    service_id: str
    channel: str
    year: int
    season: str
    counts: tuple[int, ...]
    weeks: int

    @property
    def stratum(self) -> Stratum:
        """The sample as a stratum that is asked about whole."""
        return Stratum(self.counts, self.weeks - len(self.counts), sum(self.counts))


def samples(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Sample]:
    """What is counted of the scope's services in the years of its months, each service, channel and season."""
    filters = facts()["service_months"].filters
    where, bound = scope.condition(filters, stock=False)
    rows = cursor.execute(
        f"""SELECT k.service_id, k.channel, w.year, w.season, list(k.cases ORDER BY k.week),
                   (SELECT count(*) FROM weeks a WHERE a.year = w.year AND a.season = w.season)
        FROM week_counts k JOIN weeks w USING (week)
        WHERE w.year BETWEEN year($month_from::DATE) AND year($month_to::DATE)
          AND k.service_id IN (SELECT service_id FROM {scope.organised("service_months", filters)} WHERE {where})
        GROUP BY ALL ORDER BY ALL""",
        bound,
    ).fetchall()
    return [
        Sample(service, channel, year, season, tuple(counts), weeks)
        for service, channel, year, season, counts, weeks in rows
    ]


@dataclass(frozen=True)
class Week:
    """An ISO week by its Monday, and the season that it is drawn for."""

    monday: date
    season: str


def plan(cursor: duckdb.DuckDBPyConnection, year: int, department_id: str) -> list[Week]:
    """The weeks of the year that a department counts, in order: of each season those with the lowest numbers."""
    rows = cursor.execute("SELECT week, season FROM weeks WHERE year = $year", {"year": year}).fetchall()
    ordered = sorted(rows, key=lambda row: _number(year, row[0], department_id))
    drawn = [row for name, n in DRAWN.items() for row in [row for row in ordered if row[1] == name][:n]]
    return [Week(*row) for row in sorted(drawn)]


def weeks_of(cursor: duckdb.DuckDBPyConnection, year: int) -> list[date]:
    """The Mondays of the year's weeks."""
    rows = cursor.execute("SELECT week FROM weeks WHERE year = $year ORDER BY week", {"year": year}).fetchall()
    return [week for (week,) in rows]


def _number(year: int, week: date, department_id: str) -> str:
    return sha256(f"{year} {week} {department_id}".encode()).hexdigest()


@dataclass(frozen=True)
class Desk:
    """A department, and what it could count in weeks: its services, each with the channels that are not reported by the month."""

    department_id: str
    services: Mapping[str, tuple[str, ...]]


def desks(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Desk]:
    """The scope's departments with channels that lack a number in half of the months or more, or have it from counting weeks.

    Of a service of which only an e-service of its own is known, `UNKNOWN_WAYS`.
    """
    filters = facts()["channel_months"].filters
    where, bound = scope.condition(filters, stock=False)
    rows = cursor.execute(
        f"""WITH lacking AS (
            SELECT service_id, channel, arg_max(department_id, month) AS department_id
            FROM {scope.organised("channel_months", filters)} WHERE {where} AND channel <> 'e_service'
            GROUP BY ALL HAVING 2 * count(*) FILTER (state IN ('not_reported', 'sampled_weeks')) >= count(*)
        ), unknown AS (
            SELECT service_id, unnest($ways) AS channel, arg_max(department_id, month) AS department_id
            FROM {scope.organised("service_months", filters)} m WHERE {where} AND reportable AND NOT fully_reported
              AND service_id NOT IN (SELECT service_id FROM channel_months WHERE channel <> 'e_service')
              AND NOT EXISTS (FROM shared_e_services h WHERE h.service_id = m.service_id AND h.month = m.month)
            GROUP BY service_id
        ), asked AS (FROM lacking UNION ALL BY NAME FROM unknown)
        SELECT department_id, service_id, list(channel ORDER BY channel) FROM asked
        WHERE department_id IS NOT NULL
          AND service_id IN (SELECT service_id FROM service_months WHERE month = $month_to AND in_force AND reportable)
        GROUP BY ALL ORDER BY ALL""",
        bound | {"ways": list(UNKNOWN_WAYS)},
    ).fetchall()
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for department, service, channels in rows:
        found.setdefault(department, {})[service] = tuple(channels)
    return [Desk(department, services) for department, services in found.items()]
