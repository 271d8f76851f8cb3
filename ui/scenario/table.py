"""What each service of a scenario brings, and what is assumed of it."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd
import streamlit as st

from analytics.costs.break_even import Assumptions
from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.registers.services import services
from analytics.scenario.model import Scenario, ServiceEffect
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components.tables import Table
from ui.frame.cached_blocks import kept
from ui.frame.sitemap import open_service
from ui.scenario import savings
from ui.scenario.effect import effect_of
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, ngettext

METRICS = tuple(GOALS.values())
TOLD = 5  # services told of by name


def table(scope: Scope, scenario: Scenario, assumed: Assumptions) -> Table:
    """A row a service: what it gets, points on each goal, its own digital share, kronor, and what is assumed."""
    effect = effect_of(scope, scenario)
    worths = {one.service_id: one for one in savings.valued(scope, scenario, assumed)}
    parts = sorted(effect.parts, key=lambda part: (-sum(part.gains[1:]), -part.gains[0], part.service_id))
    own = [worths[part.service_id] for part in parts]
    register = database.answer(services)
    even = [one.after.share if one.after else None for one in own]
    columns: dict[str, object] = {_("Service"): [labels.service(p.service_id) for p in parts]}
    columns |= {_("Gets"): [", ".join(_gets()[kind] for kind in p.kinds) for p in parts]}
    for i, goal in enumerate(effect.goals):
        few = goal.denominator < MIN_DENOMINATOR
        points = [None if few else 100 * float(p.gains[i] / goal.denominator) for p in parts]
        columns[_("Goal {n}, points").format(n=i + 1)] = points
    columns |= {
        _("Cases"): pd.array([p.cases or None for p in parts], "Int64"),
        _("Digital today, %"): [_percent(p.before, p) for p in parts],
        _("Digital with the changes, %"): [_percent(p.after, p) for p in parts],
        _("Pays from, %"): [None if share is None else 100 * float(share) for share in even],
        _("Cost, SEK a year"): pd.array([_kronor(one.cost) for one in own], "Int64"),
        _("Saved, SEK a year"): pd.array([_kronor(one.saved) for one in own], "Int64"),
        _("The digital share rests on"): [rests(p) or None for p in parts],
        _("Steps that become digital"): [_steps(p) or None for p in parts],
        _("To know"): [" ".join(f"{_notes()[note]}." for note in p.notes) or None for p in parts],
        _("Department"): [labels.department(register[p.service_id].department_id) for p in parts],
        _("Service id"): [p.service_id for p in parts],
    }
    return Table(
        _("What if"),
        pd.DataFrame(columns),
        (*METRICS, "scenario_effect", "scenario_savings"),
        decimals=2,
        narrowed=scenario.name,
        links=tuple(open_service(p.service_id) for p in parts),
    )


def _percent(share: object, part: ServiceEffect) -> float | None:
    return None if share is None or part.cases < MIN_DENOMINATOR else 100 * float(share)  # type: ignore[arg-type]


def _kronor(amount: Decimal | None) -> int | None:
    """An amount in whole kronor: it rests on assumptions."""
    return None if amount is None else int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _gets() -> dict[str, str]:
    return {"e_service": _("e-service"), "uptake": _("more digital cases"), "steps": _("digital steps")}


def _notes() -> dict[str, str]:
    """Why something asked for moves nothing."""
    return {
        "outside": _("Not among what is chosen, so it moves nothing"),
        "withdrawn": _("No longer published, so it moves nothing"),
        "has_one": _("Has an e-service already"),
        "not_applicable": _("Decided not to need an e-service, so goal 1 is not moved"),
        "class_unknown": _("Whether it has an e-service is not known, so goal 1 is not moved"),
        "no_e_service": _("Has no e-service, so goal 2 is not moved"),
        "cases_unknown": _("Its cases are not reported in every channel, so goal 2 is not moved"),
        "no_cases": _("No cases have come in, so goal 2 is not moved"),
        "nothing_like_it": _("No similar service has a known share, so goal 2 is not moved"),
        "above": _("Has that digital share or more already, and keeps it"),
        "digital_already": _("Every step is digital already"),
        "steps_unknown": _("Its steps are not reported, so goal 3 is not moved"),
        "steps_left": _("Other steps are not digital either, so goal 3 is not moved"),
        "nothing_to_handle": _("No cases with known steps have come in, so goal 3 is not moved"),
    }


def rests(part: ServiceEffect) -> str:
    """What the assumed digital share is, and rests on."""
    if part.uptake is None:
        return ""
    share = _uptake(part.uptake)
    if part.like is None:
        return _("{share}, as stated").format(share=share)
    told = (
        _("{share}, the median of {n} services in the department")
        if part.like.own
        else ngettext("{share}, the median of {n} service", "{share}, the median of {n} services", part.like.n)
    )
    return told.format(share=share, n=numbers.count(part.like.n))


def _uptake(share: Fraction) -> str:
    return numbers.percent(float(share))


def _steps(part: ServiceEffect) -> str:
    return ", ".join(labels.label("step", step) for step in part.lacking)


@kept
def assumptions(scope: Scope, scenario: Scenario) -> None:
    """What is assumed, in words: nothing here has happened."""
    parts = effect_of(scope, scenario).parts
    said = [
        _(
            "The goals are counted on the cases of {period}, as if the changes had held all that time. All else is as it was:"
            " as many services, as many cases, the rest of them the same way in."
        ).format(period=numbers.months(scope.month_from, scope.month_to))
    ]
    if any(part.like for part in parts):
        said.append(
            _(
                "As similar services: the median digital share of those with an e-service and at least twenty cases in the"
                " same department where they are three or more, else of all. Nobody knows that it will be so."
            )
        )
    stated = {part.uptake for part in parts if part.uptake is not None and part.like is None}
    said += [
        _("The digital share {share} is stated by whoever made the scenario. Nobody knows that it will be so.").format(
            share=_uptake(share)
        )
        for share in stated
    ]
    if any(part.uptake is not None for part in parts):
        said.append(_("A service that has a higher digital share already keeps its own."))
    said += [
        ngettext("{service}: {steps} becomes digital.", "{service}: {steps} become digital.", len(part.lacking)).format(
            service=labels.service(part.service_id), steps=_steps(part)
        )
        for part in [part for part in parts if part.lacking][:TOLD]
    ]
    noted = [part for part in parts if part.notes]
    said += [
        f"{labels.service(part.service_id)}: {'; '.join(_notes()[note] for note in part.notes)}."
        for part in noted[:TOLD]
    ]
    if len(noted) > TOLD:
        more = ngettext("{n} more stands in the table.", "{n} more stand in the table.", len(noted) - TOLD)
        said.append(more.format(n=numbers.count(len(noted) - TOLD)))
    st.html(tag("ul", *(tag("li", one) for one in said), class_="assumed"))
