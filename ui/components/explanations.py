"""Explanations in words: what happened, what is done by when and by whom, and what has become of it."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from analytics.metrics.scope import Scope
from analytics.priorities.deviations import GoalDeviation, change_since
from analytics.registers.explanations import Explanation
from ui import database
from ui.frame import address, filters
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _

MANY = 8  # from so many deviations without an explanation on, a goal's stand in one line
SCENARIO = "tank-om?"  # what the address of a scenario holds, on whichever server it was copied


def action(one: Explanation) -> str:
    """The action with its day, its role and what has become of it; that there is none, where none is stated."""
    if one.action is None:
        return _("No action is stated.")
    by = _("by {day}").format(day=numbers.day(one.due_on)) if one.due_on else ""
    parts = (one.action.rstrip(". "), by, one.role or "")
    state = labels.label("action_status", one.state)
    return _("{action}: {state}.").format(action=", ".join(filter(None, parts)), state=state)


def became(one: Explanation) -> str:
    """How the goal has changed since the period, and how much was expected; blank where that cannot be told."""
    change = database.answer(change_since, one)
    if change is None:
        return ""
    size = numbers.points(change, signed=True)
    if one.expected_points is None:
        return _("Since then the goal has changed by {size}.").format(size=size)
    expected = numbers.points(one.expected_points, signed=True)
    return _("Since then the goal has changed by {size}; {expected} was expected.").format(size=size, expected=expected)


def given(one: Explanation) -> str:
    """When it was given: "Lämnad 14 september 2026."; blank where that is not known."""
    return _("Given {day}.").format(day=numbers.day(one.explained_on)) if one.explained_on else ""


def scenario_link(one: Explanation) -> str:
    """The address of its scenario on this server; blank where it has none."""
    _host, found, query = (one.scenario or "").partition(SCENARIO)
    return found + query


def form_link(deviation: GoalDeviation, scope: Scope) -> str:
    """The address of the form in which a deviation is explained, filled in as far as it is known."""
    return address.link(
        "register",
        "form",
        do="explanation",
        goal=str(deviation.goal),
        department_id=deviation.department_id,
        month_from=filters.month_code(scope.month_from),
        month_to=filters.month_code(scope.month_to),
    )


def follow_up_link(one: Explanation) -> str:
    """The address of the form in which its action is followed up."""
    return address.link("register", "form", do="action", row=one.explanation_id)


def whose(goal: int, department_id: str | None) -> str:
    """Which goal of whom: "Mål 2, Barn och utbildning"."""
    return f"{_('Goal {n}').format(n=goal)}, {_name(department_id)}"


def table_lines(deviation: GoalDeviation) -> list[tuple[str, str, str]]:
    """What is said of a deviation as lines of a table: whose, what happened, what is done."""
    of = whose(deviation.goal, deviation.department_id)
    return [(of, one.happened, action(one)) for one in deviation.explained]


def lines_without(found: Sequence[GoalDeviation]) -> list[tuple[str, str, str]]:
    """The deviations that nobody has explained, as lines of the same table: one each, or one a goal where they are many."""
    missing = [one for one in found if one.is_missing]
    names = [whose(one.goal, one.department_id) for one in missing]
    if len(missing) > MANY:
        goals = dict.fromkeys(one.goal for one in missing)
        names = [
            f"{_('Goal {n}').format(n=goal)}: {'; '.join(_name(one.department_id) for one in missing if one.goal == goal)}"
            for goal in goals
        ]
    return [(name, _("No explanation is given for the period."), numbers.MISSING) for name in names]


def _name(department_id: str | None) -> str:
    return labels.department(department_id) if department_id else _("the municipality")


def items(deviation: GoalDeviation, scope: Scope, *, named: bool) -> list[Markup]:
    """A deviation as items of a list: its explanation or that there is none, and the last one before it."""
    name = labels.department(deviation.department_id) if named and deviation.department_id else ""
    result = []
    if deviation.explained:
        result.append(_item(deviation.explained, name, _("Explanation, {period}"), given))
    if deviation.is_missing:
        link = tag("a", _("Explain it"), href=form_link(deviation, scope), target="_self")
        text = _("No explanation is given for the period.")
        result.append(tag("li", tag("strong", f"{name}. ") if name else "", f"{text} ", link))
    if deviation.previous:
        result.append(_item(deviation.previous, name, _("The last explanation, {period}"), became))
    return result


def _item(explained: Sequence[Explanation], name: str, title: str, rest: Callable[[Explanation], str]) -> Markup:
    head = title.format(period=numbers.months(explained[0].month_from, explained[0].month_to))
    causes = [part for one in explained for part in _cause(one, rest(one))]
    return tag("li", tag("strong", f"{name}. {head}" if name else head), *causes)


def _cause(one: Explanation, rest: str) -> tuple[Markup, Markup]:
    """What happened, and under it what is done about it with the links to follow it up by."""
    href = scenario_link(one)
    ways = ((_("The scenario"), href), (_("Follow up"), follow_up_link(one) if one.state != "done" else ""))
    links = [part for name, to in ways if to for part in (tag("a", name, href=to, target="_self"), " ")]
    told = " ".join(filter(None, (action(one), rest)))
    return tag("p", one.happened.rstrip(". ") + "."), tag("p", f"{told} ", *links, class_="quiet")
