"""The year's budget against what is booked, with a forecast to the year's end."""

from decimal import Decimal

import pandas as pd
import streamlit as st
from markupsafe import Markup

from analytics.costs.budget import BudgetLine, BudgetYear, budget_year
from analytics.metrics.scope import Scope
from ui import database
from ui.components import tables
from ui.components.tables import Table, amounts
from ui.costs.labels import OWNER, UNPLACED, ZERO, payer_name, type_name, whole_kronor, whole_sum
from ui.frame import address, page
from ui.frame.cached_blocks import cached_block
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, capitalized


def load_budget_year(scope: Scope) -> BudgetYear:
    """The budget of the year in which the period ends."""
    return database.answer(budget_year, scope)


def lines(scope: Scope) -> list[BudgetLine]:
    """The system owner's first, then the departments' by name; what nobody pays last."""
    return sorted(
        load_budget_year(scope).lines,
        key=lambda line: ({OWNER: 0, UNPLACED: 2}.get(line.payer, 1), payer_name(line.payer)),
    )


def title(scope: Scope) -> str:
    """The heading."""
    return _("Budget and outcome {year}").format(year=load_budget_year(scope).year)


def finding(scope: Scope) -> str:
    """How far the year is heading from its budget; the plain heading where that cannot be told."""
    this = load_budget_year(scope)
    budgets = [line.budget for line in this.lines if line.budget is not None]
    heading = _heading(this)
    if not budgets or this.booked_through is None or heading is None:
        return title(scope)
    told = {"year": this.year, "distance": _distance(sum(budgets, ZERO), heading)}
    if this.basis == "whole_year":
        return _("{year} ended {distance}").format(**told)
    return _("{year} is expected to end {distance}").format(**told)


def _heading(this: BudgetYear) -> Decimal | None:
    """The forecast of all lines together; None where one has none."""
    forecasts = [line.forecast for line in this.lines if line.forecast is not None]
    return sum(forecasts, ZERO) if len(forecasts) == len(this.lines) else None


def reading(this: BudgetYear) -> str:
    """The year in a sentence: booked, of what budget, where it is heading."""
    budget = sum((line.budget for line in this.lines if line.budget is not None), ZERO)
    outcome = sum((line.outcome for line in this.lines), ZERO)
    told = {"budget": whole_sum(budget), "outcome": whole_sum(outcome), "month": numbers.month(this.booked_through)}
    if this.booked_through is None:
        return _("The budget of the year is {budget}. Nothing is booked in it yet.").format(**told)
    said = _("{outcome} of the budget of {budget} is booked, to the end of {month}.").format(**told)
    heading = _heading(this)
    if heading is None:
        return said
    if this.basis == "whole_year":
        return f"{said} {capitalized(_distance(budget, heading))}."
    forecast = _("The forecast for the whole year is {forecast}: {distance}.")
    return f"{said} " + forecast.format(forecast=whole_sum(heading), distance=_distance(budget, heading))


def _distance(budget: Decimal, heading: Decimal) -> str:
    """How far the one is from the other, as both are shown."""
    left = whole_kronor(budget) - whole_kronor(heading)
    if not left:
        return _("as budgeted")
    told = _("{sum} below the budget") if left > 0 else _("{sum} above the budget")
    return told.format(sum=whole_sum(abs(left)))


def method(this: BudgetYear) -> str:
    """How the forecast is made, in words."""
    return {
        "last_year": _(
            "The forecast is what is booked plus last year's costs for the months that are left. These are"
            " adjusted by how this year differs from last so far, at most to half or double. Credits are not"
            " expected again."
        ),
        "pace": _(
            "The forecast is what is booked, and the months that are left at the same pace, since last year is not in"
            " the ledger. A yearly fee makes such a forecast too high."
        ),
        "too_few": _("Fewer than three months of the year are booked: too few for a forecast."),
        "whole_year": _("The whole year is booked."),
    }[this.basis]


def block(scope: Scope) -> None:
    """The lines, and their table where there is a budget."""
    bullets(scope)
    if load_budget_year(scope).has_budget:
        tables.folded("budget", table, scope)


@cached_block
def bullets(scope: Scope) -> None:
    """The sentence, and a bullet for each payer and type."""
    this = load_budget_year(scope)
    if not this.has_budget:
        told = _("No budget for {year} is imported.").format(year=this.year)
        page.empty(told, _("Import a budget"), address.link("importera"))
        return
    if not any(line.budget is not None for line in this.lines):
        page.reading(_("The selection has no budget of its own for {year}.").format(year=this.year))
        return
    page.reading(reading(this))
    ended = this.basis == "whole_year"
    st.html(tag("ul", *(_row(line, describe(line, ended=ended)) for line in lines(scope)), class_="budget"))


def _row(line: BudgetLine, text: str) -> Markup:
    name = _("{payer}, {type}").format(payer=payer_name(line.payer), type=type_name(line.cost_type))
    over = line.remaining is not None and line.remaining < 0
    told = tag("span", text, class_="over" if over else None)
    return tag(
        "li", tag("span", capitalized(name), class_="name"), bullet(line, f"{capitalized(name)}: {text}."), " ", told
    )


def describe(line: BudgetLine, *, ended: bool = False) -> str:
    """A line in words: booked, of what budget, and the forecast, or how the year `ended`."""
    outcome = whole_sum(line.outcome)
    if line.budget is None:
        return _("{outcome} booked, no budget").format(outcome=outcome)
    said = _("{outcome} of {budget}").format(outcome=outcome, budget=whole_sum(line.budget))
    if line.forecast is None and line.outcome <= line.budget:
        return said  # how the year ends is not known
    if line.forecast is not None and not ended:
        said += _(", forecast {forecast}").format(forecast=whole_sum(line.forecast))
    return f"{said}: {_distance(line.budget, line.outcome if line.forecast is None else line.forecast)}"


def bullet(line: BudgetLine, heard: str) -> Markup:
    """Booked as a bar, the forecast as a paler one behind it, the budget as a tick; nothing without a budget to fill."""
    if line.budget is None:
        return tag("div", class_="spent")
    ends = [max(Decimal(0), value) for value in (line.outcome, line.forecast or ZERO, line.budget)]
    whole = max(ends) or Decimal(1)
    bar, rest, tick = (f"{float(value / whole) * 100:.2f}%" for value in ends)
    track = tag(
        "div",
        tag("i", class_="shade rest", style=f"width:{rest}"),
        tag("i", class_="shade shade-grey-1", style=f"width:{bar}"),
        tag("i", class_="limit", style=f"left:{tick}"),
        class_="track",
    )
    return tag("div", track, class_="spent", role="img", aria_label=heard)


def table(scope: Scope) -> Table:
    """A row for each payer and type: budget, booked, forecast, what is left."""
    rows = lines(scope)
    columns = {
        _("Payer"): [payer_name(line.payer) for line in rows],
        _("Type"): [type_name(line.cost_type) for line in rows],
        _("Budget, SEK"): amounts([line.budget for line in rows]),
        _("Booked, SEK"): amounts([line.outcome for line in rows]),
        _("Forecast, SEK"): amounts([line.forecast for line in rows]),
        _("Left of the budget, SEK"): amounts([line.remaining for line in rows]),
    }
    this = load_budget_year(scope)
    through = this.booked_through
    told = _("January to {month}").format(month=numbers.month(through)) if through else ""
    metrics = ("cost", "budget_forecast")
    return Table(title(scope), pd.DataFrame(columns), metrics, decimals=2, narrowed=told, how=method(this))
