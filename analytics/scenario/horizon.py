"""The second date of a scenario's effect, besides a whole year after: the goal's next target or the end of the year."""

from datetime import date, timedelta

import duckdb

from analytics.forecast.target_path import Target, target_path
from analytics.metrics.scope import Scope


def effect_date(cursor: duckdb.DuckDBPyConnection, scope: Scope, code: str, since: date) -> Target | date:
    """The first target on or after `since`; where there is none, the last day of the period's year or, if later, of `since`'s.

    Only a target of the scope's own choice counts: the municipality's target does not apply to a part of it.
    """
    path = target_path(cursor, code, scope)
    target = path.next(since - timedelta(1)) if path and path.exact_match else None
    return target or date(max(scope.month_to.year, since.year), 12, 31)
