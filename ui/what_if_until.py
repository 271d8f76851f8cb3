"""Where a goal stands at its next target, or at the end of the year, when the changes have held for a part of a year."""

from analytics.break_even import YEAR
from analytics.catalogue import metrics
from analytics.scenario import Scenario
from analytics.scenario_until import until
from analytics.scope import Scope
from analytics.targets import Target
from ui import numbers, store, what_if, what_if_choices
from ui.text import _, ngettext


def line(code: str, scope: Scope, scenario: Scenario) -> str:
    """The day, the goal by then, in how many months of its year the changes have held, and the target."""
    metric, since = metrics()[code], min(change.since for change in scenario.changes)
    told = store.answer(until, scope, code, max(since, what_if_choices.month()))
    day = told.day if isinstance(told, Target) else told
    moves = {one.code: one.after != one.before for one in what_if.found(scope, scenario).goals}
    target = numbers.percent(told.share) if isinstance(told, Target) else ""
    if not moves[code]:
        return _("The target by {day} is {target}.").format(day=numbers.day(day), target=target) if target else ""
    (goal,) = (one for one in what_if.found(scope, scenario, day).goals if one.code == code)
    value = what_if.said(goal)[1]
    held = (day.year - since.year) * YEAR + day.month - since.month + 1
    said = _("By {day} the changes alone give {value}.")
    if metric.time == "flow" and held < YEAR:
        said = ngettext(
            "By {day} the changes alone give {value}: they hold in {n} month of twelve.",
            "By {day} the changes alone give {value}: they hold in {n} months of twelve.",
            held,
        )
    said = said.format(day=numbers.day(day), value=value, n=numbers.count(held))
    return said + " " + _("The target is {target}.").format(target=target) if target else said
