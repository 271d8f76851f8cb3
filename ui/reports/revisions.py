"""What differs from a report: each number as it was reported, the same period as it is known today, and the period now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import pandas as pd

from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.scope import Organisation, Scope
from ui.components.goal_rows import Goal
from ui.components.shares import Share, share_text
from ui.components.tables import Table
from ui.decomposition import goals
from ui.reports.figures import by_key, figures
from ui.reports.model import Figure, Period, Report
from ui.text import numbers
from ui.text.i18n import _, spoken

Reason = Literal["", "definition", "more", "less", "corrected", "postings", "new"]


@dataclass(frozen=True)
class Revision:
    """A number of a report beside what is known of it today, and beside that of the period now; None where there is none.

    The reason is why the first two differ: another definition, more or less reported, other data, other postings of a cost, or
    that it was not in the report; "" where they do not.
    """

    reported: Figure | None
    known: Figure | None
    now: Figure | None
    reason: Reason

    @property
    def of(self) -> Figure:
        """The number where there is one."""
        one = self.reported or self.known
        if one is None:
            raise ValueError("a revision of nothing")
        return one


@dataclass(frozen=True)
class Line:
    """A revision as it is read: what the number is, three times its value, and why the first two differ."""

    name: str
    reported: str
    known: str
    reason: Reason
    now: str
    metric: str


def scope_of(period: Period) -> Scope:
    """The choice that a report is of."""
    first, last = _month(period.month_from), _month(period.month_to)
    organisation: Organisation = "today" if period.organisation == "today" else "historical"
    scope = Scope(
        first,
        last,
        period.departments,
        period.audience or None,
        period.services,
        rules=period.rules or None,
        organisation=organisation,
    )
    before, usual = period.compared_from and _month(period.compared_from), scope.compared()
    return scope if usual and usual.month_from == before else replace(scope, comparison=before or None)


def _month(written: str) -> date:
    return pd.Period(written, "M").start_time.date()


def revisions(report: Report, now: Scope) -> list[Revision]:
    """Every number of the report, in its order, and those that it would have today besides.

    `now` is the period to stand beside it, of the report's departments.
    """
    then = scope_of(report.period)
    known = by_key(figures(then))
    chosen = replace(then, month_from=now.month_from, month_to=now.month_to, comparison="last_year", rules=None)
    current, told = by_key(figures(chosen)), by_key(report.figures)
    result = [Revision(one, known.get(key), current.get(key), reason(one, known.get(key))) for key, one in told.items()]
    kinds = {(one.metric, one.before) for one in report.figures}
    for key, one in known.items():
        if key not in told and one.value is not None and (one.metric, one.before) in kinds:
            result.append(Revision(None, one, current.get(key), "new"))
    return result


def all_the_same(found: Sequence[Revision]) -> bool:
    """Whether every number is still as it was reported, and by the same definition."""
    return all(one.known and one.known.version == one.of.version and not one.reason for one in found)


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
    if reported.metric == "cost":
        return "postings"
    if more > (0, 0):
        return "more"
    return "less" if more < (0, 0) else "corrected"


def lines(report: Report, found: Sequence[Revision]) -> list[Line]:
    """What was reported, line by line: the numbers, and of the goals the distance to the targets and the change."""
    compared = scope_of(report.period).compared()
    months = numbers.months(compared.month_from, compared.month_to) if compared else ""
    result = []
    for one in found:
        named = one.known or one.of  # as it is called in the language of today's reader
        name = f"{named.name}, {months}" if named.before else named.name
        told, known, now = map(_text, (one.reported, one.known, one.now))
        result.append(Line(name, told, known, one.reason, now, one.of.metric))
    return [*result, *_goal_lines(report, found)]


def _goal_lines(report: Report, found: Sequence[Revision]) -> Iterator[Line]:
    """The distance to the targets and the change of each goal, where they would read otherwise today."""
    then = scope_of(report.period)
    why = {one.of.metric: one.reason for one in reversed(found) if not one.of.of and one.reason}
    with spoken(report.language):
        today = [goals.goal(code, then) for code in GOAL_CODES]
    for code, told, known in zip(GOAL_CODES, report.goals, today, strict=True):
        for name, text in ((_("distance to the targets"), _distance), (_("change"), _change)):
            if text(told) != text(known):
                yield Line(
                    f"{told.title}, {name}", text(told), text(known), why.get(code, "corrected"), numbers.MISSING, code
                )


def _distance(goal: Goal) -> str:
    target = goal.milestone
    if target is None:
        return numbers.MISSING
    return ": ".join(filter(None, (f"{target.name} {target.when}".strip(), target.distance)))


def _change(goal: Goal) -> str:
    return (goal.change and goal.change.size) or numbers.MISSING


def table(scope: Scope, report: Report) -> Table:
    """What was reported beside what is known: what differs first, and the whole before its parts."""
    found = lines(report, revisions(report, scope))
    rows = [one for one in found if one.reason] + [one for one in found if not one.reason]
    columns = {
        _("Figure"): [one.name for one in rows],
        _("As reported"): [one.reported for one in rows],
        _("The same period, known today"): [one.known for one in rows],
        _("Why it differs"): [reason_words(one.reason) for one in rows],
        numbers.months(scope.month_from, scope.month_to): [one.now for one in rows],
    }
    used = tuple(dict.fromkeys(one.metric for one in rows))
    return Table(_("What was reported, and what is known"), pd.DataFrame(columns), used)


def headline(found: Sequence[Line]) -> str:
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
        "postings": _("Postings are added or corrected"),
        "new": _("It was not in the report"),
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
    return text if text == whole else f"{text} ({whole.replace(' ', numbers.NBSP)})"
