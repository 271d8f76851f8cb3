"""Who pays: one bar of the whole, and beneath it the departments' part; of one payer, what is paid for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st
from markupsafe import Markup

from analytics.metrics.scope import Scope
from ui.components import parts, ranking, stack
from ui.components.data_basis import data_basis
from ui.components.metric_views import ask
from ui.components.ranking import Bar
from ui.components.stack import Part
from ui.costs import summary
from ui.costs.labels import OWNER, UNPLACED, UNSORTED, ZERO, amount, category_name, payer_name
from ui.frame import address, page
from ui.frame.cached_blocks import cached_block
from ui.text import labels, numbers
from ui.text.html import join, tag
from ui.text.i18n import _

Paid = Mapping[object, Decimal]


@cached_block
def block(scope: Scope) -> None:
    """The bar, the ranking and how it is decided who pays; every name leads to its postings."""
    paid = summary.by_payer(scope)
    if not paid:
        summary.draw_empty(scope)
        return
    st.html(join((_bar(scope, paid), tag("div", ranked(scope, paid), _rule(), class_="beside"))))
    if scope.audience:
        page.reading(_("Costs cannot be split by audience: these are for all."))


def picture(scope: Scope) -> Markup:
    """The bar alone, where there is more than one part of it, over the ranking."""
    paid = summary.by_payer(scope)
    now = _parts(paid)
    return (stack.draw(now, describe(now)) if len(now) > 1 else Markup()) + ranked(scope, paid)


def _bar(scope: Scope, paid: Paid) -> Markup:
    """The bar, where there is more than one part of it, over what it rests on."""
    before, now = scope.compared(), _parts(paid)
    earlier = _parts(summary.by_payer(before)) if before else []
    bar = parts.compared(now, earlier, scope, describe) if len(now) > 1 else Markup()
    return bar + data_basis(summary.basis(scope))


def _parts(paid: Paid) -> list[Part]:
    """The system owner's, the departments' and what nobody pays."""
    whole = sum(paid.values(), ZERO)
    shared = sum((value for code, value in paid.items() if code not in (OWNER, UNPLACED)), ZERO)
    found = (
        (payer_name(OWNER), paid.get(OWNER, ZERO), "grey_1", _postings(OWNER)),
        (_("The departments"), shared, "pale", ""),
        (payer_name(UNPLACED), paid.get(UNPLACED, ZERO), "accent", _postings(UNPLACED)),
    )
    share = whole > 0 and all(value >= 0 for _name, value, *_rest in found)
    return [
        Part(name, float(value), numbers.money(value), role, numbers.percent(value / whole) if share else "", href)  # type: ignore[arg-type]  # the roles are roles
        for name, value, role, href in found
        if value
    ]


def describe(found: Sequence[Part]) -> str:
    """The parts in words: "Systemägaren 626 433 kr, Verksamheterna 320 384 kr"."""
    return ", ".join(f"{part.name} {part.text}" for part in found)


def _postings(payer: str) -> str:
    return address.link("kostnader", "postings", payer=payer)


def ranked(scope: Scope, paid: Paid) -> Markup:
    """The departments by what they pay; where one pays all, what it is for."""
    departments = {code: value for code, value in paid.items() if code not in (OWNER, UNPLACED)}
    whole = sum(paid.values(), ZERO)
    if len(departments) > 1:
        title, sums = _("What each department pays"), departments
        names = labels.branches(list(departments), scope)
        named = [
            (name, value, _postings(str(code))) for name, (code, value) in zip(names, departments.items(), strict=True)
        ]
    else:
        title, sums = _("What is paid for"), _by_category(scope)
        named = [
            (category_name(str(code)), value, address.link("kostnader", "postings", category=str(code)))
            for code, value in sums.items()
        ]
    share = whole > 0 and all(value >= 0 for value in sums.values())
    bars = [
        Bar(name, float(value), numbers.money(value), href, numbers.percent(value / whole) if share else "")
        for name, value, href in named
    ]
    return tag("div", tag("h2", title, class_="list-head"), ranking.draw(bars, title))


def _by_category(scope: Scope) -> dict[object, Decimal]:
    sums: dict[object, Decimal] = {
        str(row.by["category"] or UNSORTED): amount(row) for row in ask("cost", scope, "category")
    }
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def _rule() -> Markup:
    """Who pays what, by the guideline."""
    shared = _("Fixed and variable costs are paid by the system owner.")
    own = _("Other costs are paid by the department that orders or benefits (§ 8 of the guideline).")
    return tag("p", shared, " ", own, class_="quiet")
