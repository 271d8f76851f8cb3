"""What each service of a scenario brings, and what is assumed of it."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import streamlit as st

from analytics.costs.break_even import Assumptions
from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.scope import Scope
from analytics.registers.services import services
from analytics.scenario.model import GoalEffect, Scenario, ServiceEffect
from analytics.scenario.savings import ServiceSavings
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components.tables import Table, service_table, whole_numbers
from ui.frame.cached_blocks import cached_block
from ui.scenario import savings
from ui.scenario.effect import effect_of
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, ngettext

Columns = dict[str, Any]


def table(scope: Scope, scenario: Scenario, assumed: Assumptions) -> Table:
    """A row a service: what it gets, points on each goal, its own digital share, kronor, and what is assumed."""
    effect = effect_of(scope, scenario)
    parts = sorted(effect.services, key=lambda part: (-sum(part.gains[1:]), -part.gains[0], part.service_id))
    by_service = {one.service_id: one for one in savings.savings_by_service(scope, scenario, assumed)}
    register = database.answer(services)
    columns = {
        _("Gets"): [", ".join(labels.label("change_kind", kind) for kind in part.kinds) for part in parts],
        **_points(effect.goals, parts),
        **_cases(parts),
        **_money([by_service[part.service_id] for part in parts]),
        **_reasons(parts),
        _("Department"): [labels.department(register[part.service_id].department_id) for part in parts],
    }
    ids, metrics = [part.service_id for part in parts], (*GOAL_CODES, "scenario_effect", "scenario_savings")
    points = tuple(_("Goal {n}, points").format(n=n) for n in (1, 2, 3))
    more = {
        "narrowed": scenario.name,
        "shown": (_("Gets"), *points, _("Time saved, SEK a year")),
        "under": _("Department"),
    }
    return service_table(_("What if"), ids, columns, metrics, decimals=2, **more)


def _points(goals: Sequence[GoalEffect], parts: Sequence[ServiceEffect]) -> Columns:
    """Percentage points on each goal; a goal of few cases has none."""
    return {
        _("Goal {n}, points").format(n=i + 1): [
            None if goal.denominator < MIN_DENOMINATOR else 100 * float(part.gains[i] / goal.denominator)
            for part in parts
        ]
        for i, goal in enumerate(goals)
    }


def _cases(parts: Sequence[ServiceEffect]) -> Columns:
    return {
        _("Cases"): whole_numbers([part.cases or None for part in parts]),
        _("Digital today, %"): [_percent(part.before, part) for part in parts],
        _("Digital with the changes, %"): [_percent(part.after, part) for part in parts],
    }


def _money(each: Sequence[ServiceSavings]) -> Columns:
    return {
        _("Pays from, %"): [
            None if one.after is None or one.after.share is None else 100 * float(one.after.share) for one in each
        ],
        _("Cost, SEK a year"): whole_numbers([_kronor(one.cost) for one in each]),
        _("Time saved, SEK a year"): whole_numbers([_kronor(one.saved) for one in each]),
    }


def _reasons(parts: Sequence[ServiceEffect]) -> Columns:
    return {
        _("The digital share is based on"): [describe_share(part) or None for part in parts],
        _("Steps that become digital"): [_steps(part) or None for part in parts],
        _("Worth noting"): [" ".join(f"{note}." for note in _notes(part)) or None for part in parts],
    }


def _percent(share: Fraction | None, part: ServiceEffect) -> float | None:
    return None if share is None or part.cases < MIN_DENOMINATOR else 100 * float(share)


def _kronor(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def describe_share(part: ServiceEffect) -> str:
    """What the assumed digital share is and rests on; blank where none is assumed."""
    if part.uptake is None:
        return ""
    share, peers = numbers.percent(float(part.uptake)), part.peers
    if peers is None:
        return _("{share}, as stated in the scenario").format(share=share)
    template = ngettext("{share}, as for {n} similar service", "{share}, the middle one of {n} services", peers.n)
    if peers.same_department:
        template = _("{share}, the middle one of {n} services in the department")
    return template.format(share=share, n=numbers.count(peers.n))


def _notes(part: ServiceEffect) -> list[str]:
    return [labels.label("no_effect", note) for note in part.notes]


def _steps(part: ServiceEffect) -> str:
    return ", ".join(labels.label("step", step) for step in part.digital_steps)


@cached_block
def assumptions(scope: Scope, scenario: Scenario) -> None:
    """What is assumed, in words: nothing here has happened."""
    parts = effect_of(scope, scenario).services
    counted = _(
        "The goals are counted on the cases of {period}, as if the changes had held all that time. All else is as it was:"
        " as many services, as many cases, the rest of them the same way in."
    ).format(period=numbers.months(scope.month_from, scope.month_to))
    sentences = [counted, *_share_assumptions(parts), *_step_sentences(parts), *_note_sentences(parts)]
    st.html(tag("ul", *(tag("li", sentence) for sentence in sentences), class_="assumed"))


def _share_assumptions(parts: Sequence[ServiceEffect]) -> Iterator[str]:
    if any(part.peers for part in parts):
        yield _(
            "As similar services: the middle digital share of those with an e-service and at least 20 cases, in"
            " the same department where they are at least 3, else of all. That is an assumption."
        )
    stated = _("The digital share {share} is stated by whoever made the scenario. That is an assumption.")
    for share in {part.uptake for part in parts if part.uptake is not None and part.peers is None}:
        yield stated.format(share=numbers.percent(float(share)))
    if any(part.uptake is not None for part in parts):
        yield _("A service that has a higher digital share already keeps its own.")


def _step_sentences(parts: Sequence[ServiceEffect]) -> Iterator[str]:
    """Which steps become digital where: services with the same ones in one sentence, every one of them by its name."""
    for steps, names in _by_text((part, _steps(part)) for part in parts if part.digital_steps):
        n = next(len(part.digital_steps) for part in parts if _steps(part) == steps)
        template = ngettext("{services}: {steps} becomes digital.", "{services}: {steps} become digital.", n)
        yield template.format(services=names, steps=steps)


def _note_sentences(parts: Sequence[ServiceEffect]) -> Iterator[str]:
    """What is worth noting of which services, every one of them."""
    noted = ((part, ". ".join(_notes(part))) for part in parts if part.notes)
    yield from (f"{names}: {note}." for note, names in _by_text(noted))


def _by_text(told: Iterable[tuple[ServiceEffect, str]]) -> Iterator[tuple[str, str]]:
    """Each text once, with the names of the services that it is told of."""
    groups: dict[str, list[str]] = {}
    for part, text in told:
        groups.setdefault(text, []).append(labels.service(part.service_id))
    yield from ((text, ", ".join(names)) for text, names in groups.items())
