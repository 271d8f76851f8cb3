"""A department's own next steps: at most three, the largest of each goal, at most one a service."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from analytics.costs.break_even import MONTHS_PER_YEAR
from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.priorities.actions import NEEDS_E_SERVICE
from analytics.priorities.ranking import Gain
from ui.components import actions, headlines, own_goal
from ui.components.actions import Action
from ui.components.metric_views import one
from ui.frame import address, page
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.next_steps import ranking
from ui.next_steps.text import describe_action
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, ngettext

STEPS = 3


@dataclass(frozen=True)
class Step:
    """A gap to do something about; `also` is the gap of goal 1 or 2 that the same new e-service would close, if there is one."""

    goal: int
    gain: Gain
    also: tuple[int, Gain] | None = None


def select_steps(scope: Scope) -> list[Step]:
    """The step with most points of each goal, then the second of each: points of different goals do not compare."""
    every = {goal: [g for g in ranking.load_gains(scope, goal) if g.is_open] for goal in GOALS}
    by_service = {goal: {g.service_id: g for g in every[goal]} for goal in (1, 2)}
    queues = [iter([Step(goal, g, _also(goal, g, by_service)) for g in gaps]) for goal, gaps in every.items()]
    own: dict[str, Step] = {}
    for queue in queues * STEPS:
        if step := next((one for one in queue if one.gain.service_id not in own), None):
            own[step.gain.service_id] = step
    return list(own.values())[:STEPS]


def _also(goal: int, gain: Gain, by_service: Mapping[int, Mapping[str, Gain]]) -> tuple[int, Gain] | None:
    other = {1: 2, 2: 1}.get(goal)
    if other is None or gain.action.code not in NEEDS_E_SERVICE or gain.service_id not in by_service[other]:
        return None
    return other, by_service[other][gain.service_id]


def advice(scope: Scope) -> list[Action]:
    """The steps as sentences; where there is none, what is true instead."""
    steps = [_advice(step, scope) for step in select_steps(scope)]
    return steps or [_none(scope)]


def _none(scope: Scope) -> Action:
    """Nothing known, nothing left, or nothing that can be done."""
    goals = {code: one(code, scope) for code in GOALS.values()}
    rows = goals.values()
    if all(row.state in ("not_applicable", "not_reported", "suppressed") for row in rows) and not headlines.met(goals):
        too_little = _("Too little is reported to propose any action. Begin by importing what is missing.")
        return Action("", too_little, *page.to_import())
    if any(ranking.load_gains(scope, goal) for goal in GOALS):
        return Action("", _("Nothing of what is left can be acted on now."), *_all(scope))
    if met := headlines.met(goals):
        return Action("", _("{goals}. There is nothing left to do.").format(goals=met), *_all(scope))
    return Action(
        "", _("Nothing is left of what is reported, but not all is reported. Import the rest."), *page.to_import()
    )


def _all(scope: Scope) -> tuple[str, str]:
    return _("To all actions"), address.link("nasta-steg")


def _advice(step: Step, scope: Scope) -> Action:
    title, sentence = labels.service(step.gain.service_id), " ".join(_said(step, scope))
    if step.gain.action.code == "find_out":
        return Action(title, sentence, _("Pair it"), address.link("koppla"))
    return Action(title, sentence, _("See the service"), service_link(step.gain.service_id))


def _said(step: Step, scope: Scope) -> Iterator[str]:
    """What to do and for how many cases, what it gives of which goal, and what it is estimated to save or cost."""
    outside = step.also[1] if step.goal == 1 and step.also else step.gain
    told = {"action": describe_action(outside), "cases": describe_cases(outside, scope)}
    if step.goal == 3:
        yield _("{action}. It concerns {cases}.").format(**told)
    elif step.goal == 1 and not step.also:
        yield f"{describe_action(step.gain)}."
    else:
        yield _("{action}: {cases} came in another way.").format(**told)
    gaps = [(step.goal, step.gain), *([step.also] if step.also else [])]
    parts = [own_goal.part(gain, scope, goal) for goal, gain in gaps if not ranking.too_few(scope, goal)]
    if parts:
        own = len(scope.departments) == 1
        template = _("It can give you {parts}.") if own else _("It can give the municipality {parts}.")
        yield template.format(parts=_(" and ").join(parts))
    if kronor := round(step.gain.savings.kronor or 0):
        saves = _("Estimated to save {sum} a year more than it costs.")
        costs = _("Estimated to cost {sum} a year more than it saves.")
        yield (saves if kronor > 0 else costs).format(sum=numbers.money(abs(kronor)))


def describe_cases(gain: Gain, scope: Scope) -> str:
    """The cases that lack it: in a year when the period is one, at least so many where not all are reported."""
    n = gain.remaining
    said = ngettext("{n} case in the period", "{n} cases in the period", n)
    if scope.months == MONTHS_PER_YEAR:
        said = ngettext("{n} case in a year", "{n} cases in a year", n)
    least = not gain.savings.reported or gain.savings.year.months < min(scope.months, MONTHS_PER_YEAR)
    return said.format(n=_("at least {n}").format(n=numbers.count(n)) if least else numbers.count(n))


@cached_block
def block(scope: Scope, first: Sequence[Action] = ()) -> None:
    """What to do for what is chosen, what comes `first` before the next steps, and the way to all of those."""
    page.heading(_("What matters most to you right now"), _order(select_steps(scope)), "next")
    steps = advice(scope)
    _listed([*first, *steps] if not first or steps[0].title else first)
    if select_steps(scope):
        page.link_line(*_all(scope))


def _order(steps: Sequence[Step]) -> str:
    """In which order the steps stand; blank where there is none to tell."""
    if len(steps) < 2:
        return ""
    if len({step.goal for step in steps}) == 1:
        return _("The largest first.")
    return _(
        "The largest of each goal, in the order of the goals: percentage points of different goals do not compare."
    )


def _listed(items: Sequence[Action]) -> None:
    if items[0].title:
        actions.draw(items)
        return
    st.html(tag("p", items[0].sentence, " ", tag("a", items[0].link, href=items[0].href, target="_self")))
