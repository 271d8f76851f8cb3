"""What if: the finding, the three goals before and after, and a scenario to begin with."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from analytics.costs.break_even import last_year
from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.scenario.baseline import baseline
from analytics.scenario.model import GoalEffect, Scenario, ServiceEffect, suggested_scenario
from analytics.statistics.significance import MIN_COVERAGE
from ui import database
from ui.components import goal_rows, headlines, metric_views
from ui.components.goal_rows import Change, Goal
from ui.components.metric_views import one
from ui.decomposition import goals
from ui.decomposition.rounding import WHOLE
from ui.frame import address, page
from ui.frame.cached_blocks import cached_block
from ui.scenario import at_target_date, form
from ui.scenario.effect import before_after, effect_of, shares
from ui.text import labels, numbers
from ui.text.i18n import _, ngettext


def headline(scope: Scope, scenario: Scenario) -> str:
    """The finding: the goal that moves most, from where to where."""
    effect = effect_of(scope, scenario)
    known = [goal for goal in effect.goals if goal.shares]
    if not known:
        return _("Too little is reported to show what a change would bring")
    if not scenario.changes:
        return _today(known, scope)
    most = max(known, key=_points)
    before, after = before_after(most)
    if not _points(most):
        return _("The changes affect none of the goals")
    change = _change(effect.services, effect.goals.index(most))
    if before == after:
        return _("{change} the goals hardly change").format(change=change)
    told = {"change": change, "n": metrics()[most.code].goal, "after": after, "before": before}
    moved, short = _("{change} goal {n} goes from {before} to {after}"), _("Goal {n} goes from {before} to {after}")
    row, whole = _row(most, scope), most.after == most.denominator
    return headlines.fitting(
        *(headlines.of_what_is_known(text.format(**told), row, whole=whole) for text in (moved, short))
    )


def _row(goal: GoalEffect, scope: Scope) -> Row:
    """The goal in the year that a scenario starts from."""
    return one(goal.code, last_year(scope))


def _today(known: Sequence[GoalEffect], scope: Scope) -> str:
    """Where the goals stand that are known; what the page is for, where that takes more words than a headline has."""
    template = (
        _("Goal {} stands at {}"),
        _("Goal {} stands at {} and goal {} at {}"),
        _("Goal {} stands at {}, goal {} at {} and goal {} at {}"),
    )[len(known) - 1]
    values = [part for goal in known for part in (metrics()[goal.code].goal, _stands_at(goal, scope))]
    return headlines.fitting(template.format(*values), _("Try what more e-services or digital steps would give"))


def _stands_at(goal: GoalEffect, scope: Scope) -> str:
    """A goal's value; with how much is reported, where that is less than half, or not all though the value is whole."""
    value, row = before_after(goal)[0], _row(goal, scope)
    if (row.coverage or 0) >= MIN_COVERAGE and (row.all_known or goal.before != goal.denominator):
        return value
    return _("{value} ({share} reported)").format(value=value, share=numbers.percent(row.coverage or 0))


def _points(goal: GoalEffect) -> Fraction:
    return (goal.after - goal.before) / goal.denominator


def _change(parts: Sequence[ServiceEffect], goal: int) -> str:
    """What moves a goal (0 is the first), as the opening of a sentence."""
    parts = [part for part in parts if part.gains[goal]]
    moving = ("e_service", "uptake") if goal < 2 else ("steps",)
    kinds, n = {kind for part in parts for kind in part.kinds if kind in moving}, len(parts)
    opening = ngettext("With changes in {n} service", "With changes in {n} services", n)
    if kinds == {"e_service"} and all(part.new for part in parts):
        opening = ngettext("With {n} new e-service", "With {n} new e-services", n)
    elif kinds == {"uptake"}:
        opening = ngettext("With more digital cases in {n} service", "With more digital cases in {n} services", n)
    elif kinds == {"steps"}:
        opening = ngettext("With digital case handling in {n} service", "With digital case handling in {n} services", n)
    return opening.format(n=numbers.count(n))


@cached_block
def three_goals(scope: Scope, scenario: Scenario) -> None:
    """The rows of the goals: the bar with the changes, the tick without them."""
    page.heading(scenario.name or _("The three goals, without and with the changes"), _consists(scenario))
    goal_rows.draw([_row_of(goal, scope, scenario) for goal in effect_of(scope, scenario).goals])
    page.reading(
        _(
            "The bar is after a whole year with the changes, the tick is without them. The address of this page holds the whole"
            " scenario: copy it to share it."
        )
    )


def _consists(scenario: Scenario) -> str:
    n = {kind: sum(c.kind == kind for c in scenario.changes) for kind in ("e_service", "uptake", "steps")}
    listed = [
        ngettext("{n} service gets an e-service", "{n} services get an e-service", n["e_service"]),
        ngettext("{n} service gets more digital cases", "{n} services get more digital cases", n["uptake"]),
        _gets_steps(scenario, n["steps"]),
    ]
    told = [text.format(n=numbers.count(count)) for text, count in zip(listed, n.values(), strict=True) if count]
    since = min(change.since for change in scenario.changes)
    return _("From {month}: {changes}.").format(month=numbers.month(since), changes=", ".join(told))


def _gets_steps(scenario: Scenario, n: int) -> str:
    steps = next((change.steps for change in scenario.changes if change.steps), ())
    if not steps:
        return ngettext("{n} service gets every step digital", "{n} services get every step digital", n)
    said = ngettext("{n} service gets digital steps ({steps})", "{n} services get digital steps ({steps})", n)
    return said.replace("{steps}", ", ".join(labels.label("step", step) for step in steps))


def _row_of(goal: GoalEffect, scope: Scope, scenario: Scenario) -> Goal:
    """One goal with the changes, against the same without them."""
    metric, (before, after) = metrics()[goal.code], shares(goal)
    row = _row(goal, scope)
    after = replace(after, state=row.state, all_known=row.all_known)
    basis = replace(
        metric_views.data_basis(metric, replace(row, worst=None, best=None), scope),  # the bounds are today's
        numerator=metric_views.counted(metric, "numerator", after.numerator),
        denominator=metric_views.counted(metric, "denominator", goal.denominator),
    )
    return Goal(
        title=goals.title(goal.code),
        now=after,
        of=goals.goal_of(goal.code, after),
        before=before,
        compared=_("without the changes"),
        change=_gain(goal, scope, scenario) if after.value is not None else None,
        href=address.link(f"mal-{metric.goal}"),
        data_basis=basis,
    )


def _gain(goal: GoalEffect, scope: Scope, scenario: Scenario) -> Change:
    """What the changes add, and where that is by the next target."""
    before, after = shares(goal)
    if goal.after == goal.before:
        size = _("Unchanged")
    elif before.few:
        more = (after.numerator or 0) - (before.numerator or 0)
        size = numbers.plural("up {n}", "up {n}", more) if more else _("Less than one more")
    else:
        points = float(_points(goal))
        size = numbers.points(points, int(abs(points) < WHOLE), signed=True)
    return Change(size, _("with the changes"), "", note=at_target_date.describe(goal.code, scope, scenario))


@cached_block
def draw_start(scope: Scope) -> None:
    """The page without a scenario: how it works, a suggested scenario, and the goals as they are."""
    scenario = suggested_scenario(database.answer(baseline, scope), form.first_month())
    sentence = _(
        "Choose above which services get an e-service, more digital cases or digital steps. The goals, the cost"
        " and the time saved are then shown with the changes, and the address of the page can be shared."
    )
    more = effect_of(scope, scenario).goals[1]
    n = len(scenario.changes)
    begin = numbers.plural(
        "Begin with a service that lacks an e-service", "Begin with {n} services that lack an e-service", n
    )
    if more.after > more.before:
        begin = numbers.plural(
            "Begin with the service that does most for goal 2 if it becomes as digital as similar ones",
            "Begin with the {n} services that do most for goal 2 if they become as digital as similar ones",
            n,
        )
    page.empty(sentence, begin if n else "", form.link(scenario, _("As digital as similar services")))
    goals.draw_goals(scope)
