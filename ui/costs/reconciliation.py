"""Every krona of every imported ledger: what is cost of e-services, what lies outside, what is internal."""

from decimal import Decimal

import pandas as pd

from analytics.costs.reconciliation import LedgerFile, reconcile
from analytics.metrics.scope import Scope
from ui import database
from ui.components.tables import Table
from ui.costs.labels import ZERO, exact_sum
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.text import numbers
from ui.text.i18n import _


def _all(scope: Scope) -> list[LedgerFile]:
    return database.answer(reconcile, scope)


def sums(scope: Scope) -> dict[str, Decimal]:
    """The SEK of all files together, by the names of the fields of `LedgerFile`."""
    fields = ("booked", "in_scope", "out_of_scope", "outside", "internal", "replaced", "unexplained")
    return {field: sum((getattr(ledger, field) for ledger in _all(scope)), ZERO) for field in fields}


def finding(scope: Scope) -> str:
    """Whether every krona of the ledgers is accounted for."""
    unexplained = sums(scope)["unexplained"]
    if unexplained:
        return _("{sum} in the ledgers is not explained").format(sum=exact_sum(unexplained))
    return _("Reconciled with the ledger")


def describe(scope: Scope) -> str:
    """The equation in words, to the öre; what no part explains is stated."""
    totals = sums(scope)
    totals["cost"] = totals["in_scope"] + totals["out_of_scope"]
    exact = {name: exact_sum(value) for name, value in totals.items()}
    booked = _(
        "Booked in the files {booked} = costs of e-services {cost} + other than e-services {outside} + internal"
        " postings {internal}"
    )
    whole = _("{equation} + replaced {replaced}").format(equation=booked, **exact) if totals["replaced"] else booked
    if totals["unexplained"]:
        whole = _("{equation} + unexplained {unexplained}").format(equation=whole, **exact)
    where = _("Of the costs, {shown} is in the selection and {elsewhere} in other months or with other payers.")
    return f"{whole}. {where}".format(shown=exact["in_scope"], elsewhere=exact["out_of_scope"], **exact)


@cached_block
def block(scope: Scope) -> None:
    """The equation, and what is left out of every figure on the page."""
    page.reading(describe(scope))
    page.reading(
        " ".join((_("Amounts are without VAT, as in the ledger."), describe_left_out(scope), describe_replaced(scope)))
    )


def describe_left_out(scope: Scope) -> str:
    """What is in no other figure on the page, with the sums."""
    if not any(row.internal or row.outside for row in _all(scope)):
        return _("No postings are left out as internal or as other than e-services.")
    return _(
        "Not in the other figures on the page: postings between parts of the municipality, {internal}, which"
        " would be counted twice, and what concerns other things than e-services, {outside}."
    ).format(**{name: exact_sum(value) for name, value in sums(scope).items()})


def describe_replaced(scope: Scope) -> str:
    """What later postings have been put in the place of; blank when nothing."""
    gone = sum(ledger.replaced_postings for ledger in _all(scope))
    text = numbers.plural(
        "{n} posting, {sum}, has been replaced by a later one and is in no figure.",
        "{n} postings, {sum} in all, have been replaced by later ones and are in no figure.",
        gone,
        sum=exact_sum(sums(scope)["replaced"]),
    )
    return text if gone else ""


def table(scope: Scope) -> Table:
    """A row a file; the sums of a row make what is booked in it."""
    rows = _all(scope)
    columns: dict[str, object] = {
        _("File"): [row.file or _("Example data") for row in rows],
        _("Imported"): [row.imported_at.date() if row.imported_at else None for row in rows],
        _("Postings"): pd.array([row.postings for row in rows], "Int64"),
        _("Booked in the file, SEK"): [float(row.booked) for row in rows],
        _("E-services, in the selection, SEK"): [float(row.in_scope) for row in rows],
        _("E-services, other months or payers, SEK"): [float(row.out_of_scope) for row in rows],
        _("Other than e-services, SEK"): [float(row.outside) for row in rows],
        _("Internal, SEK"): [float(row.internal) for row in rows],
        _("Replaced, SEK"): [float(row.replaced) for row in rows],
    }
    title, nothing = _("Reconciliation, file by file"), _("No ledger is imported.")
    left_out = (_("Imported"), _("Postings"), _("Replaced, SEK"))
    shown = tuple(name for name in columns if name not in left_out)
    metrics = ("cost", "reconciliation")
    return Table(title, pd.DataFrame(columns), metrics, decimals=2, nothing=nothing, shown=shown)
