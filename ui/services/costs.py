"""What is booked on a service's e-services, and what that makes per digital case. Compared with itself, never with others."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import streamlit as st

from analytics.costs.unit_costs import WINDOW, ServiceCosts, UnitCost, service_costs
from analytics.metrics.scope import Scope
from ui import database
from ui.charts.amount_line import amount_line
from ui.components import data_basis, events, tables
from ui.components.tables import Table
from ui.costs import postings, summary, unit_costs
from ui.costs.unit_costs import kronor
from ui.frame import address, page
from ui.frame.cached_blocks import cached, cached_block
from ui.services.break_even import has_e_service
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, ngettext


def block(scope: Scope, service_id: str, department: str) -> None:
    """The finding, the course, and the postings; where none names its e-services, what to do about it."""
    _finding(scope, service_id, department)
    ids = database.answer(service_costs, scope, service_id).e_services
    if ids:
        tables.folded("service-cost", _by_month, scope, service_id)
        if len(cached(_postings, scope, ids)):
            tables.draw("service-postings", _postings, scope, ids)
        data_basis.definitions_of("cost_per_digital_case")


@cached_block
def _finding(scope: Scope, service_id: str, department: str) -> None:
    found: ServiceCosts = database.answer(service_costs, scope, service_id)
    if found.e_services:
        page.reading(" ".join(_told(found)))
        _course(found, scope)
    elif not has_e_service(scope):
        st.html(tag("p", _("The service has no e-service, so no cost is booked on one.")))
    else:
        nothing = _("No posting concerns the service's e-service, so we do not know what a case costs.")
        how = tag("a", _("Say so in a rule"), href=address.link("regler"), target="_self")
        st.html(tag("p", nothing, " ", how))
    st.html(tag("p", _department(scope, department)))


def _told(costs: ServiceCosts) -> list[str]:
    """What it costs, beside the platform's share, and what it was in the beginning."""
    last = costs.months[-1]
    if all(one.cost == 0 for one in costs.months):
        return [_("Nothing is booked on the service's e-service in the period, or in the eleven months before it.")]
    if last.cost is None:
        return [_("A cost per case takes twelve months of costs and digital cases.")]
    n = len(costs.e_services)
    told = {"month": numbers.month(last.month), "cost": numbers.money(last.cost), "each": kronor(last.per_case)}
    if last.per_case is None:
        said = ngettext(
            "In the twelve months to {month} {cost} is booked on the service's e-service. Its digital cases are"
            " too few, or not reported for every month, to say what one costs.",
            "In the twelve months to {month} {cost} is booked on the service's e-services. Their digital cases"
            " are too few, or not reported for every month, to say what one costs.",
            n,
        )
        return [said.format(**told), *_shared(costs)]
    said = ngettext(
        "In the twelve months to {month} {cost} is booked on the service's e-service: {each} per digital case.",
        "In the twelve months to {month} {cost} is booked on the service's e-services: {each} per digital case.",
        n,
    )
    return [said.format(**told), *_before(costs.months), *_platform(costs.platform), *_shared(costs)]


def _before(courses: tuple[UnitCost, ...]) -> list[str]:
    """What it was a year before the last month, or as long ago as is known."""
    earlier = [one for one in courses[max(0, len(courses) - 1 - WINDOW) : -1] if one.per_case is not None]
    if not earlier:
        return []
    then = earlier[0]
    said = _("In the twelve months to {month} it was {each}.")
    return [said.format(month=numbers.month(then.month), each=kronor(then.per_case))]


def _platform(each: Decimal | None) -> list[str]:
    if each is None:
        return []
    return [
        _("To that comes the cost of the platform, {each} for every digital case in the municipality.").format(
            each=kronor(each)
        )
    ]


def _shared(costs: ServiceCosts) -> list[str]:
    n = len(costs.services)
    return [_("Counted on all {n} services that use it.").format(n=numbers.count(n))] if n > 1 else []


def _course(costs: ServiceCosts, scope: Scope) -> None:
    """The line of the cost per case, where there is a line to draw, with marks where something happened."""
    course = [(one.month, one.per_case) for one in costs.months]
    if any(one.cost for one in costs.months) and sum(value is not None for _month, value in course) > 1:
        st.html(amount_line(course, name=_("Per digital case"), say=kronor, marks=events.marks(scope)))
        page.reading(_("Compare over time only, not between services, since services differ."))
        events.listed(scope)


def _by_month(scope: Scope, service_id: str) -> Table:
    """The months of the line; without rows where nothing is known of any."""
    months = database.answer(service_costs, scope, service_id).months
    rows = months if any(one.cost is not None for one in months) else ()
    frame = pd.DataFrame(unit_costs.columns(rows))
    return Table(_("Cost per digital case, month by month"), frame, ("cost_per_digital_case",), decimals=2)


def _postings(scope: Scope, ids: tuple[str, ...]) -> Table:
    """The postings that concern these e-services, whoever pays them."""
    found = postings.table(
        replace(scope, departments=(), audience=None, services=()), postings.Selection(e_services=ids)
    )
    shown = (_("Date"), _("Text"), _("E-service"), _("Payer"), _("Category"), _("Amount, SEK"))
    return replace(found, nothing=_("None of it is booked in the period."), shown=shown if len(found) else ())


def _department(scope: Scope, department: str) -> str:
    """A link to what the department pays, or that nothing is booked for it."""
    name = labels.department(department)
    if not summary.has_costs(replace(scope, departments=(department,), audience=None, services=())):
        return _("{department} has no costs booked in the period").format(department=name) + "."
    told = _("See what {department} pays").format(department=name)
    return tag("a", told, href=address.link("kostnader", department=[department]), target="_self")
