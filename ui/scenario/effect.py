"""The effect of a scenario on the goals, and a goal before and after in words."""

from datetime import date

from analytics.metrics.scope import Scope
from analytics.scenario.baseline import baseline
from analytics.scenario.model import Effect, GoalEffect, Scenario, apply
from ui import database
from ui.components.shares import Share, share_text
from ui.frame.cached_blocks import cached
from ui.text import numbers


def effect_of(scope: Scope, scenario: Scenario, until: date | None = None) -> Effect:
    """The effect of the scenario, after a whole year or at the end of a month."""
    return cached(_effect_of, scope, scenario, until)


def _effect_of(scope: Scope, scenario: Scenario, until: date | None) -> Effect:
    return apply(database.answer(baseline, scope), scenario, until)


def before_after(goal: GoalEffect) -> tuple[str, str]:
    """A goal before and after in words; of fewer than twenty as they are counted."""
    before, after = shares(goal)
    if before.few:
        return share_text(before), share_text(after)
    return numbers.percents(before.value, after.value)


def shares(goal: GoalEffect) -> tuple[Share, Share]:
    """A goal before and after; what it counts is whole."""
    values = goal.shares
    before, after = (None, None) if values is None else (float(values[0]), float(values[1]))
    return Share(before, goal.before, goal.denominator), Share(after, round(goal.after), goal.denominator)
