"""How the shared cost would fall by use. A calculation: nobody is invoiced by it, and it says so wherever it stands."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd
import streamlit as st
from markupsafe import Markup

from analytics.costs.allocation import DepartmentUsage, allocate_by_usage, shared_costs
from analytics.metrics.scope import Scope
from ui import database
from ui.components import ranking
from ui.components.ranking import Bar
from ui.components.tables import Table
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.text import labels, numbers
from ui.text.i18n import _

MOST = 8  # bars; the table has them all


def title() -> str:
    """The heading, with the mark."""
    return _("Shared cost by use – not invoiced")


def department_usage(scope: Scope) -> list[DepartmentUsage]:
    """Use and cost of each top-level department in the scope, most digital cases first."""
    return database.answer(allocate_by_usage, scope)


def to_kronor(parts: Mapping[str, int]) -> Decimal:
    """The sum of all types, converted from öre to kronor."""
    return Decimal(sum(parts.values())) / 100


def picture(scope: Scope) -> Markup:
    """What each would pay by its digital cases."""
    uses = sorted(department_usage(scope), key=lambda use: -to_kronor(use.by_cases))[:MOST]
    names, amounts = (
        labels.branches([use.department_id for use in uses], scope),
        [to_kronor(use.by_cases) for use in uses],
    )
    pairs = zip(names, amounts, strict=True)
    return ranking.draw([Bar(name, float(value), numbers.money(value)) for name, value in pairs], title())


@cached_block
def block(scope: Scope) -> None:
    """What it is, and what each would pay by its digital cases."""
    page.reading(describe(scope))
    if any(use.cases for use in department_usage(scope)):
        st.html(picture(scope))


def describe(scope: Scope) -> str:
    """What the allocation is, or why it cannot be computed."""
    whole = to_kronor(database.answer(shared_costs, scope))
    if not whole:
        return _("No fixed or variable cost is booked in the period.")
    if not any(use.cases or use.e_services for use in department_usage(scope)):
        return _("No digital cases are reported, so the cost cannot be shared by them.")
    return _(
        "A calculation, not invoiced: the system owner pays the {sum} of fixed and variable cost in the period"
        " (§ 8). Here it is shared by each department's share of all digital cases, and in the table by"
        " e-services too."
    ).format(sum=numbers.money(whole))


def table(scope: Scope) -> Table:
    """A row for each department: its use, and what it would pay by digital cases and by e-services."""
    uses = [use for use in department_usage(scope) if use.cases or use.e_services]
    columns = {
        _("Department"): labels.branches([use.department_id for use in uses], scope),
        _("Digital cases"): pd.array([use.cases for use in uses], "Int64"),
        _("Shared by digital cases, not invoiced, SEK"): [float(to_kronor(use.by_cases)) for use in uses],
        _("E-services"): pd.array([use.e_services for use in uses], "Int64"),
        _("Shared by e-services, not invoiced, SEK"): [float(to_kronor(use.by_e_services)) for use in uses],
    }
    metrics, nothing = ("cost", "shared_cost_by_use"), "" if uses else describe(scope)
    return Table(title(), pd.DataFrame(columns), metrics, decimals=2, nothing=nothing)
