"""What differs from a report: each number as it was reported, the same period as it is known today, and the period now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from analytics.metrics.scope import Organisation, Scope
from ui.components.shares import Share, share_text
from ui.components.tables import Table
from ui.reports.content import figures
from ui.reports.model import Figure, Period, Report
from ui.text import numbers
from ui.text.i18n import _

Reason = Literal["", "definition", "more", "less", "corrected"]


@dataclass(frozen=True)
class Revision:
    """A number of a report beside what is known of it today, and beside that of the period now; None where there is none.

    The reason is why the first two differ: another definition, more or less reported, or corrected data; "" where they do not.
    """

    reported: Figure
    known: Figure | None
    now: Figure | None
    reason: Reason


def scope_of(period: Period) -> Scope:
    """The choice that a report is of."""
    first, last = (pd.Period(month, "M").start_time.date() for month in (period.month_from, period.month_to))
    organisation: Organisation = "today" if period.organisation == "today" else "historical"
    return Scope(
        first,
        last,
        period.departments,
        period.audience or None,
        period.services,
        rules=period.rules or None,
        organisation=organisation,
    )


def revisions(report: Report, now: Scope) -> list[Revision]:
    """Every number of the report, in its order; `now` is the period to stand beside it, of the report's departments."""
    then = scope_of(report.period)
    known = {(one.metric, one.of): one for one in figures(then)}
    chosen = replace(then, month_from=now.month_from, month_to=now.month_to, rules=None)
    current = {(one.metric, one.of): one for one in figures(chosen)}
    found = []
    for one in report.figures:
        today = known.get((one.metric, one.of))
        found.append(Revision(one, today, current.get((one.metric, one.of)), reason(one, today)))
    return found


def all_the_same(found: Sequence[Revision]) -> bool:
    """Whether every number is still as it was reported, and by the same definition."""
    return all(one.known and one.known.version == one.reported.version and not one.reason for one in found)


def reason(reported: Figure, known: Figure | None) -> Reason:
    """Why a number is another today than it was reported."""
    if known is None:
        return "less"
    told, today = ((one.value, one.numerator, one.denominator, one.coverage, one.silent) for one in (reported, known))
    if told == today:
        return ""
    if reported.version != known.version:
        return "definition"
    more = ((known.coverage or 0) - (reported.coverage or 0), reported.silent - known.silent)
    if more > (0, 0):
        return "more"
    return "less" if more < (0, 0) else "corrected"


def table(scope: Scope, report: Report) -> Table:
    """The numbers that differ, the whole before its parts."""
    rows = [one for one in revisions(report, scope) if one.reason]
    columns = {
        _("Figure"): [one.reported.name for one in rows],
        _("As reported"): [_text(one.reported) for one in rows],
        _("The same period, known today"): [_text(one.known) for one in rows],
        _("Why it differs"): [reason_words(one.reason) for one in rows],
        numbers.months(scope.month_from, scope.month_to): [_text(one.now) for one in rows],
    }
    used = tuple(dict.fromkeys(one.reported.metric for one in rows))
    return Table(_("What differs from the report"), pd.DataFrame(columns), used)


def headline(found: Sequence[Revision]) -> str:
    """How many of the numbers differ, as a finding."""
    differ = sum(1 for one in found if one.reason)
    if not differ:
        return _("Every number is still as it was reported")
    told = {"n": numbers.count(differ), "all": numbers.count(len(found))}
    return _("{n} of {all} numbers are other than when they were reported").format(**told)


def reason_words(reason: Reason) -> str:
    """Why a number differs, in words."""
    return {
        "": _("It does not differ"),
        "definition": _("It is counted in another way"),
        "more": _("More is reported"),
        "less": _("Less is known"),
        "corrected": _("Data are corrected"),
    }[reason]


def _text(figure: Figure | None) -> str:
    """A number as it stands in the table: a share with what it counts, or kronor."""
    if figure is None or figure.value is None:
        return numbers.MISSING
    if figure.metric == "cost":
        return numbers.money(figure.value)
    counted = None if figure.numerator is None else int(figure.numerator)
    of = None if figure.denominator is None else int(figure.denominator)
    text = share_text(Share(figure.value, counted, of, figure.state))
    whole = numbers.out_of(counted, of)
    return text if text == whole else f"{text} ({whole})"
