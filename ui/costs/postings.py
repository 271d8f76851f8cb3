"""The postings behind a sum: why each is its payer's, and where it stands in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analytics.costs.postings import Posting, PostingFilter, postings
from analytics.metrics.scope import Scope
from ui import database
from ui.components.tables import Table
from ui.costs.labels import UNPLACED, UNSORTED, ZERO, category_name, exact_sum, payer_name, type_name
from ui.frame.sitemap import correction_link
from ui.text import labels, numbers
from ui.text.i18n import _


@dataclass(frozen=True)
class Selection(PostingFilter):
    """The postings that the reader has narrowed to, as codes; None is all, `UNSORTED` those without a code."""

    def names(self) -> dict[str, str]:
        """The reader's names of the payer, type and category, by field, for those that are chosen."""
        named = (("payer", payer_name), ("cost_type", type_name), ("category", category_name))
        return {field: name(code) for field, name in named if (code := getattr(self, field))}


ALL = Selection()


def placed_by(row: Posting) -> str:
    """Who stated the type of cost: a rule, by name, or the file."""
    if row.placed_by == "rule":
        return _("The rule {name}").format(name=row.rule)
    return {"file": _("Stated in the file"), "nobody": _("Nobody yet")}.get(row.placed_by, numbers.MISSING)


def _load(scope: Scope, selection: Selection) -> Sequence[Posting]:
    cost_type, category = ("" if code == UNSORTED else code for code in (selection.cost_type, selection.category))
    return database.answer(postings, scope, replace(selection, cost_type=cost_type, category=category))


def table(scope: Scope, selection: Selection = ALL) -> Table:
    """The postings behind a sum, largest first: who pays, why, and where it is booked."""
    rows, why = _load(scope, selection), labels.labels_of("payer_reason")
    columns: dict[str, list[object]] = {
        _("Date"): [row.booked_on for row in rows],
        _("Amount, SEK"): [float(row.amount) for row in rows],
        _("Payer"): [payer_name(row.department_id or row.payer_kind) for row in rows],
        _("Why"): [why[row.because] for row in rows],
        _("Type from"): [placed_by(row) for row in rows],
        _("Text"): [row.text or "" for row in rows],
        _("Category"): [row.category or "" for row in rows],
        _("Type"): [type_name(row.cost_type) for row in rows],
        _("Supplier"): [row.supplier or "" for row in rows],
        **{name: values for name, values in _ledger_columns(rows).items() if any(values)},
        _("Posting"): [row.cost_id for row in rows],
    }
    narrowed = " · ".join([*selection.names().values(), *map(labels.e_service, selection.e_services)])
    shown = (_("Date"), _("Text"), _("Payer"), _("Why"), _("Category"), _("Amount, SEK"))
    return Table(_("Cost postings"), pd.DataFrame(columns), ("cost",), decimals=2, narrowed=narrowed, shown=shown)


def _ledger_columns(rows: Sequence[Posting]) -> dict[str, list[object]]:
    """Where each posting stands in the ledger, and the e-service it concerns; blank where the ledger does not say."""
    return {
        _("Account"): [row.account or "" for row in rows],
        _("Administration in the ledger"): [row.office or "" for row in rows],
        _("Voucher"): [row.voucher or "" for row in rows],
        _("Cost centre"): [row.cost_centre or "" for row in rows],
        _("Project"): [row.project or "" for row in rows],
        _("E-service"): [labels.e_service(row.e_service_id) if row.e_service_id else "" for row in rows],
    }


def unplaced(scope: Scope) -> Table:
    """What nobody pays, largest first, each with the form that places it."""
    rows = _load(scope, Selection(UNPLACED))
    links = tuple(correction_link("posting", row.cost_id) for row in rows)
    return replace(table(scope, Selection(UNPLACED)), links=links)


def unplaced_title(scope: Scope) -> str:
    """How many postings have no payer, and what they come to."""
    rows = _load(scope, Selection(UNPLACED))
    return numbers.plural(
        "{n} posting has no payer: {sum}",
        "{n} postings have no payer: {sum}",
        len({row.cost_id for row in rows}),
        sum=numbers.money(sum((row.amount for row in rows), ZERO)),
    )


def describe(scope: Scope, selection: Selection) -> str:
    """How many postings there are behind a sum, in how many parts where some are shared, and the sum to the öre."""
    rows = _load(scope, selection)
    whole = len({row.cost_id for row in rows})
    count = numbers.plural("{n} posting", "{n} postings", whole)
    if len(rows) > whole:
        count = _("{postings} ({n} parts)").format(postings=count, n=numbers.count(len(rows)))
    return _("{postings}, {sum} in all.").format(postings=count, sum=exact_sum(sum((row.amount for row in rows), ZERO)))
