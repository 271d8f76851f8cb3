"""Missing reports: by service, the months and the channels."""

from dataclasses import dataclass
from datetime import date

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.scope import Scope, months_between


@dataclass(frozen=True)
class ReportingGap:
    """A service with months that are not fully reported, and the known channels that lack a figure in any of them.

    Without channels: only the e-service is known, or its cases cannot be divided between the services that share it.
    """

    service_id: str
    department_id: str | None
    months: tuple[date, ...]
    channels: tuple[str, ...]


def reporting_gaps(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[ReportingGap]:
    """Every service in the scope with a month that is not fully reported, most months first."""
    filters = facts()["service_months"].filters
    where, bound = scope.condition(filters, stock=False)
    rows = cursor.execute(
        f"""WITH incomplete AS (
            SELECT service_id, arg_max(department_id, month) AS department_id,
                   list(month ORDER BY month) FILTER (NOT fully_reported) AS months
            FROM {scope.organised("service_months", filters)} WHERE {where} AND reportable GROUP BY service_id
        ), silent AS (
            SELECT service_id, list(DISTINCT channel ORDER BY channel) AS channels
            FROM {scope.organised("case_months", filters)} WHERE {where} AND NOT reported GROUP BY service_id
        )
        SELECT service_id, department_id, months, coalesce(channels, [])
        FROM incomplete LEFT JOIN silent USING (service_id)
        WHERE months IS NOT NULL ORDER BY len(months) DESC, service_id""",
        bound,
    ).fetchall()
    return [ReportingGap(service, unit, tuple(months), tuple(channels)) for service, unit, months, channels in rows]


def month_spans(months: tuple[date, ...]) -> list[tuple[date, date]]:
    """Consecutive months, in order, as spans of first and last month."""
    result: list[tuple[date, date]] = []
    for month in months:
        last = result[-1][1] if result else None
        if last and months_between(last, month) == 1:
            result[-1] = (result[-1][0], month)
        else:
            result.append((month, month))
    return result
