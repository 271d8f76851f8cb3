"""What moves a goal most: the services that give most, how few give how much, and where they lie."""

from collections.abc import Sequence
from fractions import Fraction

import streamlit as st

from analytics.costs.break_even import Assumptions, default_assumptions
from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.scope import Scope
from analytics.priorities.actions import NEEDS_E_SERVICE
from analytics.priorities.ranking import (
    Branch,
    Gain,
    by_branch,
    gains,
    services_needed,
    without_department_filter,
)
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components import own_goal
from ui.components.assumptions import INPUTS
from ui.components.metric_views import lowest_goal, one
from ui.components.own_goal import points
from ui.components.ranking import Bar
from ui.components.ranking import draw as drawn
from ui.frame import address, choices, page
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.next_steps.text import describe_action, share, why_nothing
from ui.text import labels, numbers
from ui.text.i18n import _, ngettext, words

TOP = 10
MOST = Fraction(4, 5)
TRIED = {"new": NEEDS_E_SERVICE, "uptake": ("uptake",), "steps": ("steps",)}  # what a scenario changes, by address key


def choose(scope: Scope) -> int:
    """The chosen goal; by default the one furthest from its target."""
    told = _("Goal {n}: {title}")
    named = {str(n): told.format(n=n, title=words(metrics()[code].title)) for n, code in GOALS.items()}
    with st.container(width=360):
        furthest = lowest_goal(scope)
        chosen = choices.choose(_("Goal"), "goal", named, _("Goal {n}, which is furthest away").format(n=furthest))
    return int(chosen) if chosen else furthest


def load_gains(scope: Scope, goal: int, assumptions: Assumptions | None = None) -> tuple[Gain, ...]:
    """Every gap of the goal, with the reader's assumptions or the default ones."""
    return database.answer(gains, scope, goal, assumptions or database.answer(default_assumptions, scope))


def total_gain(every: Sequence[Gain]) -> Fraction:
    """The sum of all gaps, as a share of the municipality's denominator."""
    return sum((gain.share for gain in every), Fraction(0))


def too_few(scope: Scope, goal: int) -> bool:
    """Whether the municipality's denominator is too small to rank by."""
    return (one(GOALS[goal], without_department_filter(scope)).denominator or 0) < MIN_DENOMINATOR


@cached_block
def block(scope: Scope, goal: int) -> None:
    """The services with the largest gains, how few give how much, and the departments."""
    every = load_gains(scope, goal)
    if one(GOALS[goal], scope).state == "not_reported":
        page.empty(_("Nothing in the selection is reported yet."), *page.to_import())
        return
    if not every:
        page.reading(_("We know of nothing left in the selection."))
        return
    if too_few(scope, goal):
        page.reading(_("Fewer than 20 are counted in the whole municipality, so nothing is ranked."))
        return
    here = [gain for gain in every if gain.is_open]
    if len(here) < 3:
        _most(here, every, scope, goal)
        return
    if not _flat(here, scope, goal):
        _most(here, every, scope, goal)
    page.reading(curve_reading(here, every, scope, goal))
    if len(_by_branch(scope, goal)) > 1:
        _branches(scope, goal)


def equal_gains(here: Sequence[Gain]) -> bool:
    """Whether all gaps are equally large, so that points give no order."""
    return len(here) > 1 and len({gain.remaining for gain in here}) == 1


def _flat(here: Sequence[Gain], scope: Scope, goal: int) -> bool:
    """Whether ten of many that weigh the same would say nothing, so that the departments stand there instead."""
    return equal_gains(here) and len(here) > TOP and len(_by_branch(scope, goal)) > 1


def _most(here: Sequence[Gain], every: Sequence[Gain], scope: Scope, goal: int) -> None:
    """The services with the largest gaps, of the department's own goal where one is chosen; a name leads to the service."""
    whose = own_goal.name(scope, goal)
    title = _("Services that do most for {goal}{unit}").format(goal=whose, unit=own_goal.unit(scope, goal))
    page.subheading(title, top=True)
    top = here[:TOP]
    if not top:
        page.reading(_("There is no service to act on now."))
        return
    of, say = own_goal.denominator(scope, goal), own_goal.saying(top, scope, goal)
    st.html(drawn([_bar(g, say(g), of) for g in top], title))
    together = {"n": len(top), "sum": own_goal.size(top, scope, goal), "of": own_goal.size(every, scope, goal)}
    page.reading(_told(len(top), all_of_it=len(top) == len(every)).format(goal=whose, **together))


def _bar(gain: Gain, text: str, of: int | None) -> Bar:
    """A gap in points of the municipality's goal; those stand under it where the department's own is counted of so many."""
    sub = describe_action(gain)
    if of:
        sub += " · " + _("{points} for the municipality").format(points=points(gain.share))
        text = numbers.out_of(gain.remaining, of) if own_goal.is_few(of) else text
    return Bar(labels.service(gain.service_id), 100 * float(gain.share), text, service_link(gain.service_id), sub=sub)


def _told(n: int, *, all_of_it: bool) -> str:
    """How much of what is left the bars are."""
    if all_of_it:
        return ngettext(
            "We know of nothing left to {goal} in other services. The service makes up {sum}.",
            "We know of nothing left to {goal} in other services. These {n} services make up {sum}.",
            n,
        )
    return ngettext(
        "The service makes up {sum} of the {of} left to {goal}.",
        "These {n} services make up {sum} of the {of} left to {goal}.",
        n,
    )


def scenario_link(scope: Scope, goal: int) -> None:
    """A link to the scenario in which the services with the largest gains are changed."""
    tried = [todo for todos in TRIED.values() for todo in todos]
    top = [gain for gain in load_gains(scope, goal) if gain.action.code in tried][:TOP]
    asked: dict[str, str | Sequence[str] | None] = {
        key: [g.service_id for g in top if g.action.code in todos] for key, todos in TRIED.items()
    }
    n = sum(len(listed or ()) for listed in asked.values())
    said = ngettext(
        "Try what it would give to act on the service that does most",
        "Try what it would give to act on the {n} services that do most",
        n,
    )
    asked |= {name: st.query_params.get(name) for name in INPUTS}
    if goal == 2:
        asked |= {"share": "100"}  # a gap is closed when every case comes in digitally
    if n and not too_few(scope, goal):
        page.link_line(said.format(n=numbers.count(n)), address.link("tank-om", **asked))


def curve_reading(here: Sequence[Gain], every: Sequence[Gain], scope: Scope, goal: int) -> str:
    """The curve in a sentence or two: how few services give four fifths, and what nothing can be done about."""
    total, n, possible = total_gain(every), services_needed(every, MOST), total_gain(here)
    reached = total_gain(here[:n])  # all of them, where they do not reach that far
    told = {"n": n, "of": len(here), "share": share(reached, total), "points": own_goal.size(every, scope, goal)}
    if n is None:
        said = _("What can be acted on makes up {share} of the {points} left to {goal}.")
    else:
        said = _("{n} of the {of} services that can be acted on make up {share} of the {points} left to {goal}.")
    parts = [said.format(goal=own_goal.name(scope, goal), **told)]
    if equal_gains(here):
        parts.append(_("Each service gives the same: {points}.").format(points=own_goal.size(here[:1], scope, goal)))
    if possible < total and n is not None:
        there = _("There is nothing to do now about {points} ({why}).")
        closed = [gain for gain in every if not gain.is_open]
        reasons = dict.fromkeys(why_nothing(gain.action.code) for gain in closed)
        parts.append(there.format(points=own_goal.size(closed, scope, goal), why="; ".join(reasons)))
    return " ".join(parts)


def _by_branch(scope: Scope, goal: int) -> tuple[Branch, ...]:
    return database.answer(by_branch, scope, goal)


def _branches(scope: Scope, goal: int) -> None:
    """How much of it lies in each department; a name narrows to it."""
    whose, unit = own_goal.name(scope, goal), own_goal.unit(scope, goal)
    title = _("What is left to {goal} by department{unit}").format(goal=whose, unit=unit)
    page.subheading(title, top=True)
    every = _by_branch(scope, goal)
    say, names = own_goal.saying(every, scope, goal), labels.branches([b.branch for b in every], scope)
    bars = [
        Bar(name, 100 * float(b.share), say(b), _narrowed(b, scope, goal)) for name, b in zip(names, every, strict=True)
    ]
    st.html(drawn(bars, title))
    total = sum((b.share for b in every), Fraction(0))
    if len(every) > 1:
        told = {"who": names[0], "share": share(every[0].share, total), "points": own_goal.size(every, scope, goal)}
        page.reading(_("{who} makes up {share} of the {points}.").format(**told))


def _narrowed(branch: Branch, scope: Scope, goal: int) -> str:
    if branch.branch is None or branch.branch in scope.departments:
        return ""
    return address.link_here(department=[branch.branch], goal=str(goal))
