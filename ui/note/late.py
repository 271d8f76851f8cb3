"""What is late or missing, in words: reports, actions, explanations, a round that was to be ready, and exemptions."""

from collections.abc import Iterator
from datetime import date

from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.priorities.deviations import actions, deviations
from analytics.priorities.rounds import standings
from analytics.quality.missing_reports import reporting_gaps
from analytics.registers.explanations import Explanation
from analytics.registers.guideline import exemptions_to_review
from ui import database
from ui.components import variation
from ui.components.exemptions import exempt_name
from ui.components.metric_views import one
from ui.frame import address
from ui.guideline.exemptions import REMINDED, URGENT
from ui.note.model import Item, Part
from ui.reports import rounds
from ui.text import labels, numbers
from ui.text.i18n import _


def part(scope: Scope, day: date) -> Part:
    """What is late on a day, a line a kind; that nothing is of what is known, where nothing is."""
    sources = (_reports(scope), _actions(scope, day), _unexplained(scope), _round(scope, day), _exemptions(scope, day))
    items = tuple(item for source in sources for item in source)
    whole = _("Nothing is late, and the cases of every month are fully reported.")
    nothing = whole if one("reporting", scope).value == 1 else _("Nothing that is known is late.")
    return Part(_("Late or missing"), items, () if items else (nothing,))


def _reports(scope: Scope) -> Iterator[Item]:
    """The services that are not fully reported for the month, and for earlier months of the year."""
    gaps, month = database.answer(reporting_gaps, scope), scope.month_to
    if not gaps:
        return
    now = sum(month in gap.months for gap in gaps)
    before = sum(any(each < month for each in gap.months) for gap in gaps)
    told = numbers.plural(
        "{n} service is not fully reported for {month}", "{n} services are not fully reported for {month}", now,
        month=variation.month(month),
    )  # fmt: skip
    earlier = numbers.plural(
        "{n} service is not fully reported for earlier months", "{n} services are not fully reported for earlier months",
        before,
    )  # fmt: skip
    sentence = f"{earlier}." if now and before else ""
    yield Item(
        told if now else earlier, sentence, _("See which months are missing"), address.link("datakvalitet", "reported")
    )


def _actions(scope: Scope, day: date) -> Iterator[Item]:
    """The actions against deviations that were to be done before the day, the one that was due first by name."""
    late = [one_ for one_ in database.answer(actions, scope) if one_.state != "done" and _was_due(one_, day)]
    if late:
        first = min(late, key=lambda one_: one_.due_on or day)
        title = numbers.plural("{n} action agreed on is late", "{n} actions agreed on are late", len(late))
        sentence = _("{action}: was to be done by {day}.").format(
            action=(first.action or "").rstrip(". "), day=numbers.day(first.due_on)
        )
        yield Item(title, sentence, _("See the actions"), address.link("nasta-steg", "agreed"))


def _was_due(one_: Explanation, day: date) -> bool:
    return one_.due_on is not None and one_.due_on < day


def _unexplained(scope: Scope) -> Iterator[Item]:
    """The deviations that nobody has explained; the link leads to the first of their goals."""
    missing = [each for goal in GOALS for each in database.answer(deviations, scope, goal) if each.is_missing]
    if missing:
        title = numbers.plural("{n} deviation is not explained", "{n} deviations are not explained", len(missing))
        goals = sorted({each.goal for each in missing})
        named = _(" and ").join(_("Goal {n}").format(n=goal) for goal in goals)
        yield Item(title, f"{named}.", _("Explain it"), address.link(f"mal-{goals[0]}"))


def _round(scope: Scope, day: date) -> Iterator[Item]:
    """That the departments of the scope are not ready with a round whose day has passed."""
    opened = rounds.opened()
    if opened is None or opened.due_on is None or opened.due_on >= day or scope.audience or scope.services:
        return
    waits = [
        each
        for each in database.answer(standings, opened, scope)
        if each.ready_on is None and each.department_id in (scope.departments or (each.department_id,))
    ]
    if waits:
        period = numbers.months(opened.month_from, opened.month_to)
        title = numbers.plural(
            "{n} department is not ready with {period}", "{n} departments are not ready with {period}", len(waits),
            period=period,
        )  # fmt: skip
        if len(waits) == 1:
            whose = labels.department(waits[0].department_id)
            title = _("{department} is not ready with {period}").format(department=whose, period=period)
        due = _("They were to be ready by {day}.").format(day=numbers.day(opened.due_on))
        yield Item(title, due, _("See the round"), address.link("rapporter", "round"))


def _exemptions(scope: Scope, day: date) -> Iterator[Item]:
    """The exemptions that need something now, and the next that ends soon."""
    found = database.answer(exemptions_to_review, scope)
    urgent = [each for each in found if each.reason in URGENT]
    ends = [each for each in found if each.reason == "ends" and _is_soon(each.exemption.valid_to, day)]
    soon = ""
    if ends:
        first = ends[0].exemption
        soon = _("The exemption of {name} ends {day}").format(name=exempt_name(first), day=numbers.day(first.valid_to))
    if urgent or soon:
        title = numbers.plural(
            "{n} exemption needs a decision or an analysis",
            "{n} exemptions need a decision or an analysis",
            len(urgent),
        )
        sentence = f"{soon}." if urgent and soon else ""
        yield Item(
            title if urgent else soon, sentence, _("See the exemptions"), address.link("riktlinjen", "exemptions")
        )


def _is_soon(last: date | None, day: date) -> bool:
    return last is not None and last <= day + REMINDED
