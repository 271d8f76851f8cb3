"""Months to judge: October 2026 beside the months before it."""

from datetime import date

from analytics.metrics.scope import Scope, add_months
from analytics.statistics.control_charts import ControlChart, ControlPoint, Refusal, Side

OCTOBER = date(2026, 10, 1)
YEAR = Scope(date(2025, 11, 1), OCTOBER)
FLOW, STOCK = "digital_submission", "e_service_coverage"


def judged(
    value: float, lower: float, upper: float, outside: Side | None = None, side: Side | None = None, run: int = 0
) -> ControlChart:
    """October beside what is usual."""
    point = ControlPoint(OCTOBER, value, (lower + upper) / 2, lower, upper, outside, side, run)
    return ControlChart(OCTOBER, (point,), baseline_months=24)


def refused(why: Refusal, known: int = 0, since: date | None = None) -> ControlChart:
    """Why October cannot be judged."""
    return ControlChart(OCTOBER, (), why, known, since, 0.79, 0.71)


def line_of(months: int, *outside: int) -> ControlChart:
    """So many months up to October, those `outside` (October is 0) beyond the limits."""
    points = [
        ControlPoint(add_months(OCTOBER, -i), 0.7, 0.7, 0.6, 0.8, "above" if i in outside else None)
        for i in range(months)[::-1]
    ]
    return ControlChart(OCTOBER, tuple(points), baseline_months=months - 1)
