"""The next steps in both orders, by points and by kronor: one table, what the kronor rest on, and what one step alone gives."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics.costs.break_even import Assumptions, default_assumptions
from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.priorities.ranking import Gain
from ui import database
from ui.components import own_goal
from ui.components.assumptions import ask_assumptions
from ui.components.tables import Table, service_table
from ui.frame import address, page
from ui.frame.cached_blocks import cached_block
from ui.next_steps import ranking
from ui.next_steps.text import describe_action, describe_missing_savings
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, ngettext


def table(scope: Scope, goal: int, assumptions: Assumptions) -> Table:
    """Every service with a gap: its points and its kronor, its place in both orders, and what to do."""
    rows = ranking.load_gains(scope, goal, assumptions)
    ranked = not ranking.too_few(scope, goal)
    own = _own(rows, scope, goal)
    size = _("Percentage points, municipality") if own else _("Percentage points")
    kronor = [None if g.savings.kronor is None else round(g.savings.kronor) for g in rows]
    columns: dict[str, object] = {
        _("What to do"): [describe_action(g) for g in rows],
        **own,
        size: pd.array([100 * float(g.share) if ranked else None for g in rows], "Float64"),
        _("Rank by percentage points"): pd.array([g.rank for g in rows], "Int64"),
        _("SEK a year"): pd.array(kronor, "Int64"),
        _("Rank by SEK"): pd.array([g.rank_kronor for g in rows], "Int64"),
        _("Cases concerned"): pd.array([g.remaining for g in rows], "Int64"),
        _("Why SEK is missing"): [describe_missing_savings(g) for g in rows],
        _("Department"): [labels.department(g.department_id) for g in rows],
    }
    unknown = {1: (_("Cases concerned"),), 3: (_("SEK a year"), _("Rank by SEK"), _("Why SEK is missing"))}.get(
        goal, ()
    )
    columns = {name: values for name, values in columns.items() if name not in unknown}
    title, ids = _("What does most for goal {goal}, service by service").format(goal=goal), [g.service_id for g in rows]
    metrics = (GOALS[goal], "gain", "savings", *(("similar_services",) if goal == 1 else ()))
    whose = () if own else (_("Department"),)
    chosen = (_("What to do"), *own, size, _("SEK a year"), _("Cases concerned"), *whose)
    more = {
        "nothing": _("We know of nothing left in the selection."),
        "shown": tuple(name for name in chosen if name in columns),
    }
    return service_table(title, ids, columns, metrics, decimals=2, **more)


def _own(rows: Sequence[Gain], scope: Scope, goal: int) -> dict[str, object]:
    """The gaps in points of the goal of the department chosen, as counts where that is of few; nothing where none is."""
    of = own_goal.denominator(scope, goal)
    if of is None:
        return {}
    parts = [own_goal.points_of(gain, of) for gain in rows]
    few = [numbers.out_of(gain.remaining, of) for gain in rows]
    return {_("Percentage points, own goal"): few if own_goal.is_few(of) else pd.array(parts, "Float64")}


def method(goal: int) -> str:
    """How the kronor are reckoned, or why they are not told."""
    return {
        1: _(
            "SEK a year = cases a year × the digital share of similar services × minutes saved a case × SEK an"
            " hour ÷ 60, less the cost of a new e-service. Similar are those in the same department, if 3 of"
            " them have an e-service, else all. The middle one of them is used."
        ),
        2: _(
            "SEK a year = cases a year in another way than an e-service × minutes saved a case × SEK an hour ÷"
            " 60, less the cost of an e-service where there is none."
        ),
        3: _("SEK is not shown for goal 3. What digital steps give in working time stands on the page Benefit."),
    }[goal]


def single_steps(scope: Scope) -> list[tuple[str, str]]:
    """The steps that alone are missing at some service: what each would give, and a link to try it; most points first."""
    alone: dict[str, list[Gain]] = {}
    for gain in ranking.load_gains(scope, 3):
        if len(gain.action.steps) == 1:
            alone.setdefault(gain.action.steps[0], []).append(gain)
    ranked = sorted(alone.items(), key=lambda pair: -ranking.total_gain(pair[1]))
    links = [address.link("tank-om", steps=[gain.service_id for gain in found], step=[step]) for step, found in ranked]
    return [(_one_step(step, found, scope), href) for (step, found), href in zip(ranked, links, strict=True)]


def _one_step(step: str, gains: Sequence[Gain], scope: Scope) -> str:
    n, told = len(gains), {"step": labels.label("step", step), "points": own_goal.size(gains, scope, 3)}
    if ranking.too_few(scope, 3):
        return numbers.plural(
            "{n} service has only the step {step} left to make digital.",
            "{n} services have only the step {step} left to make digital.",
            n,
            **told,
        )
    return numbers.plural(
        "{n} service has only the step {step} left to make digital: {points}.",
        "{n} services have only the step {step} left to make digital: {points}.",
        n,
        **told,
    )


@cached_block
def draw_single_steps(scope: Scope) -> None:
    """What one digital step would give where no other step is missing."""
    tried = [
        tag("li", said, " ", tag("a", _("Try it"), href=href, target="_self")) for said, href in single_steps(scope)
    ]
    st.html(tag("ul", *tried, class_="advice"))


def describe_total_savings(rows: Sequence[Gain], scope: Scope, goal: int) -> str:
    """What all that pays would save a year, in one sentence; blank where nothing is told. Goal 2 reckons with every case."""
    ranked = [g for g in rows if g.savings.kronor is not None]
    pays = [g for g in ranked if (g.savings.kronor or 0) > 0]
    if not pays:
        return ""
    n, sum_ = len(pays), numbers.money(sum((g.savings.kronor or 0) for g in pays))
    template = ngettext(
        "The service that pays would save time worth {sum} a year, less the cost, and give {points}.",
        "The {n} services that pay would together save time worth {sum} a year, less the cost, and give {points}.",
        n,
    )
    if goal == 2:
        template = ngettext(
            "If every case came in digitally, the service that pays would save time worth {sum} a year, less the"
            " cost, and give {points}.",
            "If every case came in digitally, the {n} services that pay would together save time worth {sum} a"
            " year, less the cost, and give {points}.",
            n,
        )
    return template.format(n=numbers.count(n), sum=sum_, points=own_goal.size(pays, scope, goal))


def assumptions(scope: Scope, goal: int) -> Assumptions:
    """What the kronor rest on, for the reader to change; goal 3 has none."""
    if goal == 3 or not ranking.load_gains(scope, goal):
        return database.answer(default_assumptions, scope)
    return ask_assumptions(scope)


def digital_is_faster(assumptions: Assumptions) -> bool:
    """Whether a digital case takes fewer minutes than another; otherwise an order by kronor is meaningless."""
    return assumptions.minutes_digital < assumptions.minutes_other


def draw_savings(scope: Scope, goal: int, assumptions: Assumptions) -> None:
    """The total savings of the services that pay, and how they are computed."""
    if goal != 3 and digital_is_faster(assumptions):
        page.reading(describe_total_savings(ranking.load_gains(scope, goal, assumptions), scope, goal))
    elif goal != 3:
        page.reading(_("With these assumptions a digital case takes as long as another, or longer: no time is saved."))
    page.reading(method(goal))
