"""The postings behind the sums: total, type, category, posting; payer by payer. The address says where one is."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import streamlit as st
from markupsafe import Markup

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components import tables
from ui.components.metric_views import ask
from ui.costs.labels import ROLES, UNPLACED, UNSORTED, ZERO, amount, category_name, exact_sum, payer_name, type_name
from ui.costs.postings import Selection, describe, table
from ui.costs.summary import by_payer
from ui.frame import address, choices, page
from ui.frame.cached_blocks import cached_block
from ui.text import numbers
from ui.text.html import join, tag
from ui.text.i18n import _

NAMED = 3  # payers named in a row


class Step(Selection):
    """How far the reader has narrowed: a selection with an address."""

    def href(self) -> str:
        """The address of this step."""
        return address.link_here("postings", payer=self.payer, cost_type=self.cost_type, category=self.category)

    def holds(self, row: Row) -> bool:
        """Whether a sum by payer, type and category lies within the step."""
        chosen = (self.payer, self.cost_type, self.category)
        return all(want is None or want == code for want, code in zip(chosen, _codes(row), strict=True))


def _codes(row: Row) -> tuple[str, str, str]:
    return str(row.by["payer"]), str(row.by["cost_type"] or UNSORTED), str(row.by["category"] or UNSORTED)


def draw(scope: Scope) -> None:
    """The breadcrumbs, the parts of the chosen step, and its postings; folded where nothing is chosen."""
    step = choose(scope)
    draw_trail(scope, step)
    draw_parts(scope, step)
    page.reading(describe(scope, step))
    listed = (
        tables.draw if scope.departments or step != Step() else tables.folded
    )  # all postings of all are a long list
    listed("postings", table, scope, step)


def choose(scope: Scope) -> Step:
    """Select boxes for payer, type and category; codes in the address without postings are ignored."""
    rows = sums(scope)
    payers = {str(code): payer_name(code) for code in by_payer(scope)}
    types = {code: type_name(code) for code in _in_order(rows)}
    categories = {code: category_name(code) for code in sorted({_codes(row)[2] for row in rows})}
    columns = st.columns(3)
    with columns[0]:
        payer = choices.choose(_("Payer"), "payer", payers, _("All"))
    with columns[1]:
        cost_type = choices.choose(_("Type"), "cost_type", types, _("All"))
    with columns[2]:
        category = choices.choose(_("Category"), "category", categories, _("All"))
    return Step(payer, cost_type, category)


def sums(scope: Scope) -> list[Row]:
    """The sums by payer, type and category, from which every step above the postings is added up."""
    return list(ask("cost", scope, "payer", "cost_type", "category"))


def _in_order(rows: list[Row]) -> list[str]:
    """The types that are booked, as the guideline has them."""
    booked = {_codes(row)[1] for row in rows}
    return [code for code in (kind or UNSORTED for kind in ROLES) if code in booked]


def trail(step: Step) -> list[tuple[str, Step]]:
    """The steps from everything to the chosen one, each with its name."""
    at, found = Step(), [(_("Everything"), Step())]
    for field, name in step.names().items():
        at = replace(at, **{field: getattr(step, field)})
        found.append((name, at))
    return found


def total(rows: list[Row], step: Step) -> Decimal:
    """The sum of a step, to the öre."""
    return sum((amount(row) for row in rows if step.holds(row)), ZERO)


@cached_block
def draw_trail(scope: Scope, step: Step) -> None:
    """Breadcrumbs: each step with its sum and a link to it."""
    rows, way = sums(scope), trail(step)
    listed = []
    for name, at in way:
        last = at == way[-1][1]
        shown = tag("strong", name) if last else tag("a", name, href=at.href(), target="_self")
        listed.append(
            tag("li", shown, " ", tag("span", exact_sum(total(rows, at))), aria_current="step" if last else None)
        )
    st.html(tag("nav", tag("ol", *listed, class_="crumbs"), aria_label=_("Where you are")))


@cached_block
def draw_parts(scope: Scope, step: Step) -> None:
    """The next level: the types, or the categories of a type, each with its sum, share and payers."""
    rows = [row for row in sums(scope) if step.holds(row)]
    parts = _parts(rows, step)
    if step.category is not None or not rows:
        return
    whole = total(rows, step)
    measured = whole > 0 and all(value >= 0 for _name, _step, value in parts)
    named = step.payer is None
    heads = [_("Type") if step.cost_type is None else _("Category"), _("Amount, SEK"), _("Share")]
    head = [tag("th", name, scope="col", class_="number" if i else None) for i, name in enumerate(heads)]
    head += [tag("th", _("Payers"), scope="col", class_="payers")] if named else []
    body = [_line(name, at, value, whole if measured else ZERO, rows if named else []) for name, at, value in parts]
    told = tag("table", tag("thead", tag("tr", *head)), tag("tbody", *body), aria_label=_("Broken down by"))
    st.html(tag("div", told, class_="scroll", tabindex="0", role="region", aria_label=_("Broken down by")))


def _parts(rows: list[Row], step: Step) -> list[tuple[str, Step, Decimal]]:
    """Name, step and sum of each part of a step; the types as in the guideline, categories by size."""
    if step.cost_type is None:
        found = [(type_name(code), replace(step, cost_type=code)) for code in _in_order(rows)]
        return [(name, at, total(rows, at)) for name, at in found]
    steps = [(category_name(code), replace(step, category=code)) for code in sorted({_codes(row)[2] for row in rows})]
    return sorted(((name, at, total(rows, at)) for name, at in steps), key=lambda part: -part[2])


def _line(name: str, at: Step, value: Decimal, whole: Decimal, rows: list[Row]) -> Markup:
    part = numbers.percent(value / whole) if whole else numbers.MISSING
    cells = [
        tag("th", tag("a", name, href=at.href(), target="_self"), scope="row"),
        tag("td", numbers.exact_money(value), class_="number"),
        tag("td", part, class_="number"),
    ]
    return tag("tr", *cells, *([tag("td", _payers(at, rows), class_="payers")] if rows else []))


def _payers(at: Step, rows: list[Row]) -> Markup:
    """Who pays a part, the largest first, each a step of its own."""
    paid: dict[str, Decimal] = {}
    for row in rows:
        if at.holds(row):
            paid[_codes(row)[0]] = paid.get(_codes(row)[0], ZERO) + amount(row)
    return _named(at, dict(sorted(paid.items(), key=lambda item: (item[0] != UNPLACED, -item[1]))))


def _named(at: Step, paid: Mapping[str, Decimal]) -> Markup:
    listed = [
        join(
            (tag("a", payer_name(code), href=replace(at, payer=code).href(), target="_self"), " ", numbers.money(value))
        )
        for code, value in list(paid.items())[:NAMED]
    ]
    more = [_("{n} more").format(n=len(paid) - NAMED)] if len(paid) > NAMED else []
    return join([*listed, *more], " · ")


def reading() -> str:
    """The line under the heading."""
    return _("Choose payer, type or category to see more detail.")
