"""The costs page's words and numbers: who pays what, and what nobody pays."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup, escape

from analytics.costs.reconciliation import reconcile
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope, month_range
from ui import database
from ui.charts.amount_line import amount_line
from ui.charts.event_marks import Mark
from ui.components.data_basis import DataBasis
from ui.components.metric_views import ask, compared_words, data_basis, one
from ui.costs.labels import OWNER, UNPLACED, ZERO, amount, whole_sum
from ui.frame import address, page
from ui.text import labels, numbers
from ui.text.html import join, tag
from ui.text.i18n import _


def by_payer(scope: Scope) -> dict[object, Decimal]:
    """What each payer pays, largest first; the unplaced before all."""
    rows = {row.by["payer"]: amount(row) for row in ask("cost", scope, "payer")}
    return dict(sorted(rows.items(), key=lambda item: (item[0] != UNPLACED, -item[1])))


def _largest_category(scope: Scope) -> str:
    rows = [row for row in ask("cost", scope, "category") if row.by["category"]]
    return str(max(rows, key=amount).by["category"]) if rows else ""


def headline(scope: Scope) -> str:
    """The finding: who pays how much, and what has no payer."""
    if not has_costs(scope):
        return _nothing_words(scope)
    paid, total = by_payer(scope), amount(one("cost", scope))
    if scope.departments:
        told = {"amount": numbers.money(total), "category": _largest_category(scope)}
        return (_("{amount} to pay, most of it for {category}") if told["category"] else _("{amount} to pay")).format(
            **told
        )
    told = {"total": numbers.money(total), "unplaced": numbers.money(paid.get(UNPLACED, ZERO))}
    owner = paid.get(OWNER, ZERO)
    if not 0 < owner <= total:
        return _("{total} is booked, {unplaced} of it without a payer").format(**told)
    told["share"] = numbers.percent(owner / total)
    if paid.get(UNPLACED):
        return _("The system owner pays {share} of {total}, and {unplaced} has no payer").format(**told)
    return _("The system owner pays {share} of {total}, and every krona has a payer").format(**told)


def has_costs(scope: Scope) -> bool:
    """Whether any cost is booked in the scope."""
    return one("cost", scope).value is not None


def _nothing_words(scope: Scope) -> str:
    if len(scope.departments) == 1:
        department = labels.department(scope.departments[0])
        return _("{department} has no costs booked in the period").format(department=department)
    return _("No costs are booked in the selection")


def draw_empty(scope: Scope) -> None:
    """Message where no cost is booked, with the next step."""
    page.empty(f"{_nothing_words(scope)}.", *_way_on(scope))


def draw_next_step(scope: Scope) -> None:
    """The next step alone, where the headline already says that nothing is booked."""
    label, href = _way_on(scope)
    if label:
        page.link_line(label, href)


def _way_on(scope: Scope) -> tuple[str, str]:
    """To the nearest above that has costs, to the whole, or to the import where no ledger is; else none."""
    if parent := _paying_above(scope):
        told = _("See what {department} pays").format(department=labels.department(parent))
        return told, address.link("kostnader", department=[parent])
    if scope.departments and has_costs(replace(scope, departments=())):
        return _("See the costs of all"), address.link("kostnader", department=None)
    if database.answer(reconcile, scope):
        return "", ""
    return _("Import costs"), address.link("importera")


def _paying_above(scope: Scope) -> str | None:
    if len(scope.departments) != 1:
        return None
    path = next((d.path for d in database.departments() if d.department_id == scope.departments[0]), ())
    return next((code for code in reversed(path[:-1]) if has_costs(replace(scope, departments=(code,)))), None)


def _change(scope: Scope, now: Decimal) -> str:
    before = scope.compared()
    if before is None or one("cost", before).value is None:
        return ""
    difference = now - amount(one("cost", before))
    told = {"size": numbers.money(abs(difference)), "period": compared_words(scope)}
    if not difference:
        return _("The same as {period}").format(**told)
    return (_("{size} more than {period}") if difference > 0 else _("{size} less than {period}")).format(**told)


def change(scope: Scope) -> str:
    """How much more or less is booked than in the comparison; blank where that has no costs."""
    said = _change(scope, amount(one("cost", scope)))
    return f"{said}." if said else ""


def basis(scope: Scope) -> DataBasis:
    """The trust strip of the whole: how much of it has a payer; no share where credits make the part no part of it."""
    row = one("cost", scope)
    total = amount(row)
    placed = total - by_payer(scope).get(UNPLACED, ZERO)
    share = float(placed / total) if total and 0 <= placed <= total else None
    found = data_basis(metrics()["cost"], row, scope)
    return replace(found, numerator=whole_sum(placed), denominator=whole_sum(total), coverage=share)


def monthly_line(scope: Scope, marks: Sequence[Mark]) -> Markup:
    """The cost of each month, with marks."""
    booked = {row.by["month"]: amount(row) for row in ask("cost", scope, "month")}
    course = [(month, booked.get(month)) for month in month_range(scope.month_from, scope.month_to)]
    return amount_line(course, name=_("Cost"), say=numbers.money, marks=marks, missing=_("nothing booked"))


def department_reading() -> str:
    """What a department's own view leaves out."""
    return _(
        "Each posting and why it is yours. Fixed and variable cost is not here: the system owner pays it for all"
        " (§ 8 of the guideline)."
    )


def unplaced_advice(scope: Scope) -> Markup:
    """What to do about what nobody pays: by a rule where no rule takes it, else by naming somebody in the ledger."""
    if any(row.by["cost_type"] is None for row in ask("cost", scope, "cost_type")):
        told = _("Write a rule that gives it a payer, or state in the file who ordered it or who benefits.")
        rules = tag("a", _("To the rules"), href=address.link("regler"), target="_self")
        return join((told, rules), " ")
    return escape(_("State who ordered it, or who benefits, and import the costs again."))
