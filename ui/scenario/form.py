"""What the reader changes in thought: address ⇄ widgets → `Scenario`. The address holds all of it, so it can be shared."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import streamlit as st

from analytics.costs.break_even import last_year
from analytics.metrics.scope import Scope, add_months
from analytics.registers.service_history import STEPS
from analytics.registers.services import WITH_E_SERVICE, Service, services
from analytics.scenario.baseline import baseline
from analytics.scenario.changes import Change, Kind
from analytics.scenario.model import Scenario
from ui import database
from ui.frame import address, choices, filters
from ui.text import labels, numbers
from ui.text.i18n import _

ASKED: Mapping[str, Kind] = {"new": "e_service", "uptake": "uptake", "steps": "steps"}  # as the address names them
SHARE, SINCE, NAME, STEP = "share", "since", "name", "step"
BACK, AHEAD = 24, 60  # months from the latest reported one that the address may name; those to come are offered
LONGEST = 60  # characters of a name


@dataclass(frozen=True)
class ScenarioChoice:
    """The scenario, and notices about parts of the address that could not be used."""

    scenario: Scenario
    notices: tuple[str, ...]


def scope_of(scope: Scope) -> Scope:
    """The last twelve months without a comparison, over which a scenario is computed."""
    year = last_year(scope)
    return replace(year, comparison=None)


def first_month() -> date:
    """The month after the latest reported one, the default start of a scenario."""
    return add_months(database.period().latest, 1)


def choose(scope: Scope) -> ScenarioChoice:
    """The inputs; returns the scenario."""
    left_out = _left_out()
    captions = {
        "new": _("Services assumed to get an e-service"),
        "uptake": _("Services assumed to get more digital cases"),
        "steps": _("Services assumed to get digital steps"),
    }
    called = _called()
    offered = {key: {code: called[code] for code in codes} for key, codes in _offered(scope).items()}
    chosen: dict[str, tuple[str, ...]] = {}
    with st.container(key="what_if"):
        for column, key in zip(st.columns(3, gap="medium"), ASKED, strict=True):
            with column:
                nothing = _("Choose services") if offered[key] else _("No service lacks it")
                chosen[key] = choices.multiselect(captions[key], key, offered[key], called, nothing)
        columns = st.columns(4, gap="medium")
        with columns[0]:
            share, no_share = _share()
        with columns[1]:
            steps = _steps()
        with columns[2]:
            since = _month()
        with columns[3]:
            name = choices.text(_("Name of the scenario"), NAME, LONGEST)
    changes = tuple(
        Change(service_id, kind, None, since, steps) if kind == "steps" else Change(service_id, kind, share, since)
        for key, kind in ASKED.items()
        for service_id in chosen[key]
    )
    return ScenarioChoice(Scenario(name.strip(), changes), (*left_out, *no_share))


def link(scenario: Scenario, name: str) -> str:
    """The address of this page with a scenario under a name."""
    asked = {key: [c.service_id for c in scenario.changes if c.kind == kind] for key, kind in ASKED.items()}
    return address.link_here(**asked, name=name)


def _share() -> tuple[Fraction | None, list[str]]:
    """The digital share, None for that of similar services, and a notice where the address has one that is no share."""
    asked = st.query_params.get(SHARE)
    label, similar = _("Assumed digital share, %"), _("as similar services")
    share = choices.number(label, SHARE, 100, None, 5, similar)
    if share is not None:
        return Fraction(share, 100), []
    notice = _("A digital share is a whole number from 0 to 100. It is that of similar services instead.")
    return None, [notice] if asked else []


def _steps() -> tuple[str, ...]:
    """The steps that become digital; none is every one that is lacking."""
    called = {step: labels.label("step", step) for step in STEPS}
    return choices.multiselect(_("Which steps"), STEP, called, called, _("all that are missing"))


def _register() -> Mapping[str, Service]:
    return database.answer(services)


def _offered(scope: Scope) -> dict[str, list[str]]:
    """The services that lack something, by what they can get."""
    every = database.answer(baseline, scope).services.values()
    in_force = [fact for fact in every if fact.class_ is not None]
    lacking = {
        "new": [fact for fact in in_force if fact.counts[0] == (0, 1)],
        "uptake": [f for f in in_force if f.class_ in WITH_E_SERVICE and f.counts[1][0] < f.counts[1][1]],
        "steps": [fact for fact in in_force if fact.handling == "not_digital"],
    }
    return {key: [fact.service_id for fact in facts] for key, facts in lacking.items()}


def _called() -> Mapping[str, str]:
    """The names of the services; two of the same name are told apart by their id."""
    times = Counter(service.name for service in _register().values())
    return {
        key: f"{service.name} ({key})" if times[service.name] > 1 else service.name
        for key, service in _register().items()
    }


def _left_out() -> list[str]:
    """What the address asks for and cannot have."""
    told = []
    no_step = _("There is no step “{code}”, so it is not used.")
    told += [no_step.format(code=code) for code in st.query_params.get_all(STEP) if code not in STEPS]
    unknown = [code for key in ASKED for code in st.query_params.get_all(key) if code not in _register()]
    told += [_("There is no service “{code}”, so it is not used.").format(code=code) for code in dict.fromkeys(unknown)]
    since = st.query_params.get(SINCE)
    if since and since not in _months():
        told.append(_("The scenario cannot hold from {month}.").format(month=since))
    return told


def _months() -> dict[str, date]:
    months = (add_months(database.period().latest, n) for n in range(-BACK, AHEAD + 1))
    return {filters.month_code(one): one for one in months}


def _month() -> date:
    months, first = _months(), filters.month_code(first_month())
    chosen = address.read_one(SINCE, months, first)
    offered = {code: one for code, one in months.items() if one >= first_month() or code == chosen}  # a link may be old
    choices.selectbox(_("Holds from"), SINCE, {code: numbers.month(one) for code, one in offered.items()}, first)
    return months[chosen]
