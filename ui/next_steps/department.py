"""What to do for what is chosen, in the one order that every page tells it in, and about one service."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from analytics.costs.break_even import MONTHS_PER_YEAR
from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.priorities.actions import NEEDS_E_SERVICE
from analytics.priorities.ranking import Gain, without_department_filter
from analytics.quality.missing_reports import reporting_gaps, silent_months
from analytics.statistics.significance import MIN_COVERAGE
from ui import database
from ui.components import actions, headlines, own_goal
from ui.components.actions import Action
from ui.components.metric_views import lowest_goal, one
from ui.frame import address, page
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.next_steps import ranking
from ui.next_steps.text import describe_action
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, capitalized, ngettext

STEPS = 3


@dataclass(frozen=True)
class Step:
    """A gap to do something about; `also` is the gap of goal 1 or 2 that the same new e-service would close, if there is one."""

    goal: int
    gain: Gain
    also: tuple[int, Gain] | None = None


def select_steps(scope: Scope, most: int = STEPS) -> list[Step]:
    """The steps in the order of *Actions*: what does most for the goal furthest away, then for the others; one a service."""
    every = {goal: [g for g in ranking.load_gains(scope, goal) if g.is_open] for goal in _in_order(scope)}
    by_service = {goal: {g.service_id: g for g in every[goal]} for goal in (1, 2)}
    steps: dict[str, Step] = {}
    for goal, gains in every.items():
        for gain in gains[:most]:
            steps.setdefault(gain.service_id, Step(goal, gain, _also(goal, gain, by_service)))
    return list(steps.values())[:most]


def _in_order(scope: Scope) -> list[int]:
    """The goals, the one that is furthest away first."""
    furthest = lowest_goal(scope)
    return sorted(GOALS, key=lambda goal: goal != furthest)


def to_report(scope: Scope) -> list[Action]:
    """To report what is missing, where that is the last months or the most of what the departments chosen have; none otherwise."""
    if not scope.departments:
        return []
    gaps, row = database.answer(reporting_gaps, scope), one("reporting", scope)
    silent = database.answer(silent_months, scope)
    if not gaps or (not silent and (row.value is None or row.value >= MIN_COVERAGE)):
        return []
    months = silent or tuple(sorted({month for gap in gaps for month in gap.months}))
    title = _("Report {months}").format(months=numbers.month_list(months))
    missing = numbers.plural("{n} month", "{n} months", len(months))
    sentence = numbers.plural(
        "{months} of {n} service are not fully reported. Without them goal 2 cannot be followed.",
        "{months} of {n} services are not fully reported. Without them goal 2 cannot be followed.",
        len(gaps),
        months=capitalized(missing),
    )
    return [Action(title, sentence, _("See which months are missing"), address.link("datakvalitet", "reported"), True)]


def todo(scope: Scope) -> list[Action]:
    """What to do for what is chosen, wherever that is said: to report what is missing, then the steps."""
    return [*to_report(scope), *(_advice(step, scope) for step in select_steps(scope))]


def of_service(scope: Scope, service_id: str) -> list[Action]:
    """What to do about one service, as it stands among those of the scope; of all departments where it is not one of them."""
    found: list[Step] = []
    by_service = {n: {g.service_id: g for g in ranking.load_gains(scope, n) if g.is_open} for n in GOALS}
    for goal in _in_order(scope):
        gain = by_service[goal].get(service_id)
        if gain and not any(step.also and step.also[0] == goal for step in found):
            found.append(Step(goal, gain, _also(goal, gain, by_service)))
    if not found and scope != without_department_filter(scope):
        return of_service(without_department_filter(scope), service_id)
    return [_of_one(step, scope) for step in found]


def _of_one(step: Step, scope: Scope) -> Action:
    """A step on the page of its service, where what to do is its name."""
    gain = step.gain
    said = [_("It concerns {cases}.").format(cases=describe_cases(gain, scope))] if step.goal != 1 else []
    key = next((name for name, todos in ranking.TRIED.items() if gain.action.code in todos), None)
    link = (_("Pair it"), address.link("koppla")) if gain.action.code == "find_out" else page.to_import()
    if key:
        more = {"share": "100"} if step.goal == 2 else {}  # a gap is closed when every case comes in digitally
        link = (_("Try what it gives"), address.link("tank-om", **{key: [gain.service_id]}, **more))
    return Action(describe_action(gain), " ".join([*said, *_worth(step, scope)]), *link)


def _also(goal: int, gain: Gain, by_service: Mapping[int, Mapping[str, Gain]]) -> tuple[int, Gain] | None:
    other = {1: 2, 2: 1}.get(goal)
    if other is None or gain.action.code not in NEEDS_E_SERVICE or gain.service_id not in by_service[other]:
        return None
    return other, by_service[other][gain.service_id]


def advice(scope: Scope) -> list[Action]:
    """What to do; where there is nothing, what is true instead."""
    return todo(scope) or [_none(scope)]


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
    yield from _worth(step, scope)


def _worth(step: Step, scope: Scope) -> Iterator[str]:
    """What a step gives of which goal, and what it is estimated to save or cost."""
    gaps = [(step.goal, step.gain), *([step.also] if step.also else [])]
    parts = [own_goal.part(gain, scope, goal) for goal, gain in gaps if not ranking.too_few(scope, goal)]
    if parts:
        own = len(scope.departments) == 1
        template = _("It can give you {parts}.") if own else _("It can give the municipality {parts}.")
        yield template.format(parts=_(" and ").join(parts))
    if kronor := round(step.gain.savings.kronor or 0):
        saves = _("Estimated to save {sum} a year more than it costs.")
        costs = _("Estimated to cost {sum} a year more than it saves; it counts for what it gives goal {goal}.")
        yield (saves if kronor > 0 else costs).format(sum=numbers.money(abs(kronor)), goal=step.goal)


def describe_cases(gain: Gain, scope: Scope) -> str:
    """The cases that lack it: in a year when the period is one, at least so many where not all are reported."""
    n = gain.remaining
    said = ngettext("{n} case in the period", "{n} cases in the period", n)
    if scope.months == MONTHS_PER_YEAR:
        said = ngettext("{n} case in a year", "{n} cases in a year", n)
    least = not gain.savings.reported or gain.savings.year.months < min(scope.months, MONTHS_PER_YEAR)
    return said.format(n=_("at least {n}").format(n=numbers.count(n)) if least else numbers.count(n))


@cached_block
def block(scope: Scope) -> None:
    """What to do for what is chosen, in which order, and the way to all of it."""
    page.heading(_("What matters most to you right now"), _order(select_steps(scope)), "next")
    items = advice(scope)
    if not items[0].title:
        st.html(tag("p", items[0].sentence, " ", tag("a", items[0].link, href=items[0].href, target="_self")))
        return
    actions.draw(items)
    if select_steps(scope):
        page.link_line(*_all(scope))


def _order(steps: Sequence[Step]) -> str:
    """In which order the steps stand; blank where there is none to tell."""
    if len(steps) < 2:
        return ""
    order = _("What does most for goal {goal} comes first. The page Actions has all of them in the same order.")
    return order.format(goal=steps[0].goal)


@cached_block
def draw_first(scope: Scope) -> None:
    """What comes before the steps, on the page that has all of them."""
    for first in to_report(scope):
        page.empty(f"{first.title}. {first.sentence}", first.link, first.href)


@cached_block
def draw_of_service(scope: Scope, service_id: str) -> None:
    """What to do about one service; nothing where nothing can be done."""
    if found := of_service(scope, service_id):
        page.heading(_("What can be done"))
        actions.draw(found)
