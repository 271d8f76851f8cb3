"""Where a goal stands at its next target, or at the end of the year, when the changes have held for a part of a year."""

from analytics.costs.break_even import MONTHS_PER_YEAR
from analytics.forecast.target_path import Target
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope, months_between
from analytics.scenario.horizon import effect_date
from analytics.scenario.model import Scenario
from ui import database
from ui.scenario import form
from ui.scenario.effect import before_after, effect_of
from ui.text import numbers
from ui.text.i18n import _, ngettext


def describe(code: str, scope: Scope, scenario: Scenario) -> str:
    """The day, the goal by then, in how many months of its year the changes have held, and the target."""
    metric, since = metrics()[code], min(change.since for change in scenario.changes)
    told = database.answer(effect_date, scope, code, max(since, form.first_month()))
    day = told.day if isinstance(told, Target) else told
    moves = {one.code: one.after != one.before for one in effect_of(scope, scenario).goals}
    target = numbers.percent(told.share) if isinstance(told, Target) else ""
    if not moves[code]:
        return _("The target by {day} is {target}.").format(day=numbers.day(day), target=target) if target else ""
    (goal,) = (one for one in effect_of(scope, scenario, day).goals if one.code == code)
    value = before_after(goal)[1]
    held = months_between(since, day) + 1
    said = _("By {day} the share is {value} with these changes alone.")
    if metric.time == "flow" and held < MONTHS_PER_YEAR:
        said = ngettext(
            "By {day} the share is {value} with these changes alone, in force for {n} month of twelve.",
            "By {day} the share is {value} with these changes alone, in force for {n} months of twelve.",
            held,
        )
    said = said.format(day=numbers.day(day), value=value, n=numbers.count(held))
    return said + " " + _("The target is {target}.").format(target=target) if target else said
