"""The postings behind a sum: why each is its payer's, and where it stands in the ledger."""

from collections.abc import Sequence

import pandas as pd

from analytics.costs.postings import Posting, postings
from analytics.metrics.scope import Scope
from ui import database
from ui.components.tables import Table
from ui.costs.labels import UNPLACED, UNSORTED, ZERO, payer_name, type_name
from ui.text import labels, numbers
from ui.text.i18n import _, ngettext

LEDGER = ("account", "office", "voucher", "cost_centre", "project")  # shown where the ledger tells any


def reasons() -> dict[str, str]:
    """Why a payer pays, by code."""
    return {
        "guideline": _("Shared cost (§ 8)"),
        "ordered": _("Ordered it"),
        "benefits": _("Benefits, by a stated share"),
        "rule": _("Named by a rule"),
        "no_rule": _("No rule takes it"),
        "nobody_named": _("Nobody is named as orderer or as benefiting"),
        "unknown_department": _("The department named is not in the register"),
        "shares_below_100": _("The shares make less than 100%"),
        "shares_above_100": _("The shares make more than 100%"),
    }


def placed_by(row: Posting) -> str:
    """Who said what kind of cost it is: the rule by name, or the file."""
    if row.placed_by == "rule":
        return _("The rule {name}").format(name=row.rule)
    return {"file": _("The file itself"), "nobody": _("Nobody yet")}.get(row.placed_by, numbers.MISSING)


def _wanted(
    scope: Scope, payer: str | None, cost_type: str | None, category: str | None, e_services: Sequence[str] = ()
) -> Sequence[Posting]:
    kind, sort = ("" if code == UNSORTED else code for code in (cost_type, category))
    return database.answer(postings, scope, payer, kind, sort, e_services)


def table(
    scope: Scope,
    payer: str | None = None,
    cost_type: str | None = None,
    category: str | None = None,
    e_services: Sequence[str] = (),
) -> Table:
    """The postings behind a sum, largest first: who pays, why, and where it is booked."""
    rows = _wanted(scope, payer, cost_type, category, e_services)
    why = reasons()
    columns: dict[str, object] = {
        _("Date"): [row.booked_on for row in rows],
        _("Amount, SEK"): [float(row.amount) for row in rows],
        _("Payer"): [payer_name(row.department_id or row.payer_kind) for row in rows],
        _("Why"): [why[row.because] for row in rows],
        _("Placed by"): [placed_by(row) for row in rows],
        _("Text"): [row.text or "" for row in rows],
        _("Category"): [row.category or "" for row in rows],
        _("Type"): [type_name(row.cost_type) for row in rows],
        _("Supplier"): [row.supplier or "" for row in rows],
    }
    named = dict(
        zip(
            LEDGER, (_("Account"), _("Office in the ledger"), _("Voucher"), _("Cost centre"), _("Project")), strict=True
        )
    )
    told = {name: [getattr(row, code) or "" for row in rows] for code, name in named.items()}
    columns |= {name: values for name, values in told.items() if any(values)}
    if any(row.e_service_id for row in rows):
        columns[_("E-service")] = [labels.e_service(row.e_service_id) if row.e_service_id else "" for row in rows]
    columns[_("Posting")] = [row.cost_id for row in rows]
    narrowed = " · ".join([*_told(payer, cost_type, category), *map(labels.e_service, e_services)])
    return Table(_("Cost postings"), pd.DataFrame(columns), ("cost",), decimals=2, narrowed=narrowed)


def _told(payer: str | None, cost_type: str | None, category: str | None) -> list[str]:
    """The choice in words."""
    said = [payer_name(payer)] if payer else []
    said += [type_name(None if cost_type == UNSORTED else cost_type)] if cost_type else []
    return said + ([category_name(category)] if category else [])


def category_name(code: str | None) -> str:
    """A category as the reader knows it."""
    return _("Without a category") if code in (None, UNSORTED) else str(code)


def unplaced(scope: Scope) -> Table:
    """What nobody pays, largest first."""
    return table(scope, UNPLACED)


def sum_of(scope: Scope, payer: str | None, cost_type: str | None, category: str | None) -> str:
    """How many postings there are behind a sum, in how many parts where some are shared, and the sum to the öre."""
    rows = _wanted(scope, payer, cost_type, category)
    whole = len({row.cost_id for row in rows})
    count = ngettext("{n} posting", "{n} postings", whole).format(n=numbers.count(whole))
    if len(rows) > whole:
        count = _("{postings} ({n} parts)").format(postings=count, n=numbers.count(len(rows)))
    total = _("SEK {number}").format(number=numbers.exact_money(sum((row.amount for row in rows), ZERO)))
    return _("{postings}, {sum} in all.").format(postings=count, sum=total)
