"""Gaps to say what to do about: each of a service of 1 000."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from analytics.costs.break_even import AnnualVolume, Assumptions
from analytics.metrics.scope import Scope
from analytics.priorities.actions import Action
from analytics.priorities.ranking import Gain, rank_gains
from analytics.priorities.savings import Savings

YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1))
MONTH = replace(YEAR, month_from=date(2026, 10, 1))
TOLD = Assumptions(Decimal(10), Decimal(25), Decimal(450), Decimal(12_000))
FULL = Savings(AnnualVolume(Decimal(60), Decimal(0), 12), True, Decimal(1000), Decimal(1))


def gain(key: str, left: int, todo: str = "uptake", worth: Savings = FULL, **more: object) -> Gain:
    """A gap, and what to do about it."""
    return Gain(key, None, left, 1000, Action(todo, **more), worth)  # type: ignore[arg-type]  # a field by its name


def worth(kronor: int | None, untold: str = "", months: int = 12, cases: int = 60) -> Savings:
    """Kronor a year, or why they are not told."""
    known = AnnualVolume(Decimal(cases), Decimal(0), months)
    return Savings(known, not untold, None if kronor is None else Decimal(kronor), None, untold)  # type: ignore[arg-type]  # a field by its name


def found(*rows: Gain) -> tuple[Gain, ...]:
    """The gaps in order, with their places."""
    return rank_gains(rows, {})
