"""Missing reports: by service, the months and the channels."""

from dataclasses import dataclass
from datetime import date

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.measure import measure
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


def silent_months(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[date, ...]:
    """The last months of the period, as far back as nothing is reported; none where that holds for all of them, or for none."""
    rows = [row for row in measure(cursor, "reporting", scope, "month") if row.value is not None]
    months: list[date] = []
    while rows and not rows[-1].value:
        month = rows.pop().by["month"]
        assert isinstance(month, date)
        months.insert(0, month)
    return tuple(months) if rows else ()


@dataclass(frozen=True)
class MissingFigure:
    """A number of cases that is not reported: of a service, in a month, in a channel that is known for it."""

    service_id: str
    month: date
    channel: str


def missing_figures(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[MissingFigure]:
    """Every number that is missing in the scope's months that are not fully reported, by service, month and channel.

    One that is protected is not missing. A service of which no other channel than the e-service is known has none.
    """
    filters = facts()["channel_months"].filters
    where, bound = scope.condition(filters, stock=False)
    rows = cursor.execute(
        f"""SELECT service_id, month, channel FROM {scope.organised("channel_months", filters)} c
        WHERE {where} AND state = 'not_reported'
          AND EXISTS (FROM service_months m WHERE m.service_id = c.service_id AND m.month = c.month
                      AND m.reportable AND NOT m.fully_reported)
        ORDER BY ALL""",
        bound,
    ).fetchall()
    return [MissingFigure(*row) for row in rows]


def receiver(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> str | None:
    """The role that receives the reports of the departments chosen: its own in the register, or the nearest above's.

    None where the register names none, or several departments have different ones.
    """
    rows = cursor.execute(
        """SELECT DISTINCT (SELECT arg_max(d.contact_role, list_position(c.path, d.department_id)) FROM departments d
                            WHERE list_contains(c.path, d.department_id) AND d.contact_role IS NOT NULL)
        FROM department_dim c WHERE list_contains($departments, c.department_id)""",
        {"departments": list(scope.departments)},
    ).fetchall()
    return rows[0][0] if len(rows) == 1 else None


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
