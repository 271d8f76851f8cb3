"""The goals of a scope as rows: where each stands, on its way to what, and why it changed."""

from dataclasses import replace

from analytics.forecast.model import YEAR, forecast_scope
from analytics.forecast.target_path import Deviation, target_path
from analytics.forecast.target_status import target_status
from analytics.metrics.catalogue import GOAL_CODES, metrics
from analytics.metrics.scope import Scope
from ui import database
from ui.components import goal_rows, inclusion, target_text
from ui.components.bullets import Milestone
from ui.components.goal_rows import Change, Goal
from ui.components.metric_views import bounds, compared_label, data_basis, one, share
from ui.components.shares import Share
from ui.decomposition import reason
from ui.frame import address
from ui.frame.cached_blocks import cached_block
from ui.text import labels, numbers
from ui.text.i18n import _, words


def goal(code: str, scope: Scope, href: str = "") -> Goal:
    """A goal's row; its title may lead to the goal's page."""
    metric, row, before = metrics()[code], one(code, scope), scope.compared()
    now, target = share(row), milestone(code, scope)
    beside = ("target_path",) if target and target.distance else ()
    return Goal(
        title=title(code),
        now=now,
        of=goal_of(code, now),
        before=share(one(code, before)) if before else None,
        compared=compared_label(scope),
        bounds=bounds(metric, row),
        milestone=target,
        without_target="" if target else _without_target(code, scope),
        change=_change(code, scope),
        href=href,
        data_basis=replace(data_basis(metric, row, scope), beside=beside),
    )


def _change(code: str, scope: Scope) -> Change | None:
    """How it changed; with 100 % what digital inclusion asks for beside it."""
    change, note = reason.describe(code, scope), inclusion.note(one(code, scope), scope) if code in GOAL_CODES else ""
    return replace(change, note=note) if change and note else change


def goal_of(code: str, now: Share) -> str:
    """What a goal's value is of, read on from it: from a count of one, of few, or from a share."""
    few = "goal_of_one" if now.denominator == 1 else "goal_of_few"
    return labels.label(few if now.few else "goal_of", code)


def title(code: str) -> str:
    """A goal's name with its number: "Mål 1 E-tjänster"."""
    return _("Goal {n}: {title}").format(n=metrics()[code].goal, title=words(metrics()[code].title))


def milestone(code: str, scope: Scope) -> Milestone | None:
    """The next target of one's own, or the last, with how far from the targets the goal is."""
    status = database.answer(target_status, code, forecast_scope(scope))
    if status is None:
        return None
    name, when = numbers.target_percent(status.target), numbers.month(status.target.day)
    return Milestone(
        status.target.share,
        _("target {share}").format(share=name),
        _("in {month}").format(month=when),
        _distance(code, scope, status.deviation) if status.deviation else "",
        "" if status.all_known else _(", of what is reported"),
    )


def _without_target(code: str, scope: Scope) -> str:
    """That the departments chosen have no target of their own, where the municipality or one above them has."""
    inherited = scope.departments and not scope.services and database.answer(target_path, code, forecast_scope(scope))
    return _("no target of its own") if inherited else ""


def _distance(code: str, scope: Scope, deviation: Deviation) -> str:
    """The distance in words, with what it counts where the row counts other months."""
    text = target_text.distance(deviation)
    if metrics()[code].time == "stock" or scope.months == YEAR:
        return text
    return _("{distance}, counted over {n} months").format(distance=text, n=YEAR)


def goals(scope: Scope) -> list[Goal]:
    """The three goals, in the guideline's order, each leading to its page."""
    return [goal(code, scope, address.link(f"mal-{metrics()[code].goal}")) for code in GOAL_CODES]


@cached_block
def draw_goals(scope: Scope) -> None:
    """The rows of the three goals."""
    goal_rows.draw(goals(scope))


@cached_block
def draw_goal(code: str, scope: Scope) -> None:
    """The row of one goal."""
    goal_rows.draw([goal(code, scope)])
