"""When a scenario is told besides after a whole year: at the goal's next target, or at the end of the year."""

from datetime import date, timedelta

import duckdb

from analytics.forecast.target_path import Target, target_path
from analytics.metrics.scope import Scope


def effect_date(cursor: duckdb.DuckDBPyConnection, scope: Scope, code: str, since: date) -> Target | date:
    """The first target on or after the date of the changes; where there is none, the last day of the period's year.

    Only a target of what is chosen itself: one of the municipality says nothing of a part of it. Changes that come after
    the period's year are told at the end of their own.
    """
    found = target_path(cursor, code, scope)
    coming = found.next(since - timedelta(1)) if found and found.exact_match else None
    return coming or date(max(scope.month_to.year, since.year), 12, 31)
