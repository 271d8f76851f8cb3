"""Pairing: which services and e-services have nobody, as things stand now, and pairing two by hand."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from analytics.metrics.scope import Scope
from analytics.pairing import suggestions
from analytics.pairing.suggestions import EServiceCandidate, ServiceCandidate
from ui import database, edits
from ui.components import tables
from ui.components.tables import Table, service_table
from ui.frame import address, page
from ui.frame.sitemap import correction_link
from ui.pairing.decisions import ROUND, decide
from ui.text import labels, numbers
from ui.text.i18n import _


def current_scope(scope: Scope) -> Scope:
    """The chosen departments and audience in the latest month; pairs have no period."""
    last = database.period().last
    return replace(scope, month_from=last, month_to=last, comparison=None)


def services(scope: Scope) -> tuple[ServiceCandidate, ...]:
    """The services without an e-service."""
    return suggestions.in_scope(scope, database.answer(suggestions.unpaired_services))


def e_services(scope: Scope) -> tuple[EServiceCandidate, ...]:
    """The e-services that belong to no service."""
    return suggestions.in_scope(scope, database.answer(suggestions.unpaired_e_services))


def headline(scope: Scope) -> str:
    """How many services that lack an e-service have a suggestion that is free; without any, how many have nobody."""
    known, theirs = database.answer(suggestions.services), database.answer(suggestions.e_services)
    every = suggestions.in_scope(scope, known)
    if not known:
        return _("No services are imported yet")
    if not theirs:
        return _("No e-services are imported yet")
    if not every:
        return _("There are no services in the selection")
    own, other = len(services(scope)), len(e_services(scope))
    if all(one.unpaired for one in every) and all(one.unpaired for one in theirs):
        return _nothing_yet(own, other)
    found = suggestions.in_scope(scope, database.answer(suggestions.suggestions))
    lacking = {one.service.service_id for one in found if one.service.unpaired and one.e_service.unpaired}
    return suggested(len(lacking), own) if lacking else finding(own, other)


def suggested(part: int, services: int) -> str:
    """The headline where a part of so many services without an e-service have a suggestion: what there is to do here."""
    return numbers.plural(
        "{part} of {n} service without an e-service has a suggestion",
        "{part} of {n} services without an e-service have a suggestion",
        services,
        part=numbers.count(part),
    )


def finding(services: int, e_services: int) -> str:
    """The headline where so many services and e-services have no counterpart."""
    if services and e_services:
        lack = numbers.plural("{n} service", "{n} services", services)
        alone = numbers.plural("{n} e-service", "{n} e-services", e_services)
        return _("{services} and {e_services} have no counterpart").format(services=lack, e_services=alone)
    if services:
        return numbers.plural("{n} service lacks an e-service", "{n} services lack an e-service", services)
    if e_services:
        return numbers.plural("{n} e-service belongs to no service", "{n} e-services belong to no service", e_services)
    return _("No service or e-service lacks its counterpart")


def _nothing_yet(own: int, other: int) -> str:
    services = numbers.plural("{n} service", "{n} services", own)
    e_services = numbers.plural("{n} e-service", "{n} e-services", other)
    return _("Nothing is paired yet: {services}, {e_services}").format(services=services, e_services=e_services)


def ready() -> bool:
    """Whether there is something on both sides; if not, the next step is said."""
    known, theirs = database.answer(suggestions.services), database.answer(suggestions.e_services)
    if known and theirs:
        return True
    told = _("Pairing needs a register of services and a list of e-services, such as the platform's own catalogue.")
    page.empty(told, _("Import them"), address.link("importera"))
    return False


def unpaired(scope: Scope) -> None:
    """Both counts, each with its table folded."""
    page.reading(_("This page shows the present, whatever period is chosen."))
    lone, alone = services(scope), e_services(scope)
    with st.container(gap=None):
        with st.expander(_("Services without an e-service: {n}").format(n=numbers.count(len(lone)))):
            tables.draw("pair_services", _services_table, scope)
        with st.expander(_("E-services without a service: {n}").format(n=numbers.count(len(alone)))):
            tables.draw("pair_e_services", _e_services_table, scope)


def _services_table(scope: Scope) -> Table:
    found = services(scope)
    columns = {
        _("Department"): [labels.department(s.department_id) for s in found],
        _("Audience"): [labels.label("audience", s.audience) for s in found],
        _("Area"): [s.area for s in found],
        _("Published from"): [s.published_from for s in found],
    }
    nothing = _("Every service in the selection has an e-service, or needs none by decision.")
    return service_table(_("Services without an e-service"), [s.service_id for s in found], columns, nothing=nothing)


def _e_services_table(scope: Scope) -> Table:
    found = e_services(scope)
    columns = {
        _("E-service"): [e.name for e in found],
        _("Kind"): [labels.label("kind", e.kind) for e in found],
        _("Area"): [e.area for e in found],
        _("Live from"): [e.live_from for e in found],
        _("Address"): [e.url for e in found],
        _("E-service id"): [e.e_service_id for e in found],
    }
    links = tuple(correction_link("e_service", e.e_service_id) for e in found)
    nothing = _("Every e-service belongs to a service.")
    return Table(_("E-services without a service"), pd.DataFrame(columns), links=links, nothing=nothing)


def by_hand(scope: Scope) -> None:
    """Two lists to search in, and a button; nothing on example data."""
    if edits.is_example():
        return
    with st.container(key="by_hand"):
        page.heading(
            _("Pair by hand"), _("For those that no suggestion fits. An e-service may belong to several services.")
        )
        _pair_two(scope)


def _pair_two(scope: Scope) -> None:
    own = {s.service_id: s for s in suggestions.in_scope(scope, database.answer(suggestions.services))}
    other = {e.e_service_id: e for e in database.answer(suggestions.e_services)}
    drawn = st.session_state.get(ROUND, 0)
    left, right = st.columns(2)
    with left:
        service = _search(_("Service"), own, f"_pair_service_{drawn}")
    with right:
        e_service = _search(_("E-service, link or form"), other, f"_pair_e_service_{drawn}")
    chosen = (service, e_service) if service and e_service else None
    if edits.button(_("Pair these two"), "_pair_by_hand", useless=not chosen) and chosen:
        said = paired_message(own[chosen[0]].name, other[chosen[1]].name)
        decide([chosen], belong=True, said=said)


def _search(label: str, candidates: Mapping[str, ServiceCandidate | EServiceCandidate], key: str) -> str | None:
    """A select box of the candidates, by name, the unpaired first."""
    return st.selectbox(
        label,
        sorted(candidates, key=lambda code: not candidates[code].unpaired),
        index=None,
        format_func=lambda code: f"{candidates[code].name} ({code})",
        placeholder=_("Search by name"),
        key=key,
    )


def paired_message(service: str, e_service: str) -> str:
    """The message after two have been paired."""
    told = _("“{service}” and “{e_service}” now belong together.")
    return told.format(service=service, e_service=e_service)
