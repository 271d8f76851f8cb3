"""Where a goal stands beside its own targets: what is measured, the target to reach next, and the deviation from the path."""

from dataclasses import dataclass, replace
from datetime import date

import duckdb

from analytics.forecast.model import YEAR
from analytics.forecast.target_path import Deviation, Target, target_path
from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import measure
from analytics.metrics.period import as_of
from analytics.metrics.scope import Scope, add_months
from analytics.statistics.significance import MIN_DENOMINATOR


@dataclass(frozen=True)
class Measured:
    """Where a goal stands (0–1) in its last month, and whether nothing is unknown of it."""

    month: date
    share: float
    all_known: bool


@dataclass(frozen=True)
class TargetStatus:
    """The next target, or the last where none is to come, and the deviation of what is measured from the path of them all.

    The deviation is None where the goal is not known, of fewer than `MIN_DENOMINATOR`, or before the path begins.
    `all_known`: nothing is unknown of what it is measured from.
    """

    target: Target
    deviation: Deviation | None
    all_known: bool = True


def measured(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope, last: date) -> Measured | None:
    """Where a goal stands in a month: a flow over twelve, as a target means it; None where it is not known, or too little is."""
    first = last if metrics()[code].time == "stock" else add_months(last, 1 - YEAR)
    row = measure(cursor, code, replace(scope, month_from=first, month_to=last, comparison=None))[0]
    if row.value is None or (row.denominator or 0) < MIN_DENOMINATOR:
        return None
    return Measured(last, float(row.value), row.all_known)


def target_status(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> TargetStatus | None:
    """The targets of exactly what the scope has chosen, on the day its last month is measured; None without any of its own."""
    path = target_path(cursor, code, scope)
    if path is None or not path.exact_match:
        return None
    day, now = as_of(cursor, scope.month_to), measured(cursor, code, scope, scope.month_to)
    coming = path.next(day) or path.targets[-1]
    return TargetStatus(coming, path.deviation(day, now.share), now.all_known) if now else TargetStatus(coming, None)
