"""The costs page's words and numbers: who pays what, and what nobody pays."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd

from analytics.catalogue import metrics
from analytics.postings import postings
from analytics.query import Row
from analytics.scope import Scope, shift
from ui import address, cards, names, numbers, page, store, theme
from ui.cards import Figure
from ui.charts.frame import draw
from ui.charts.stacked import Part, stacked
from ui.goals import ask, compared_words, one, trust
from ui.kept import kept
from ui.tables import Table
from ui.text import _, ngettext
from ui.trust import Trust

OWNER, UNPLACED = "system_owner", "unplaced"
UNSORTED = "-"  # the code of no category
ZERO = Decimal(0)


def amount(row: Row) -> Decimal:
    """The sum of a row; nothing booked is 0 here, since every krona that was booked is there."""
    return ZERO if row.value is None else Decimal(row.value)


def payer_name(code: object) -> str:
    """A payer as the reader knows it."""
    if code == OWNER:
        return _("The system owner")
    return _("Unplaced") if code == UNPLACED else names.department(code)


def by_payer(scope: Scope) -> dict[object, Decimal]:
    """What each payer pays, largest first; the unplaced before all."""
    rows = {row.by["payer"]: amount(row) for row in ask("cost", scope, "payer")}
    return dict(sorted(rows.items(), key=lambda item: (item[0] != UNPLACED, -item[1])))


def _largest_category(scope: Scope) -> str:
    rows = [row for row in ask("cost", scope, "category") if row.by["category"]]
    return str(max(rows, key=amount).by["category"]) if rows else ""


def headline(scope: Scope) -> str:
    """The finding: who pays how much, and what has no payer."""
    if one("cost", scope).value is None:
        return _("No costs are booked in what you have chosen")
    paid, total = by_payer(scope), amount(one("cost", scope))
    if scope.departments:
        told = {"amount": numbers.money(total), "category": _largest_category(scope)}
        return (_("{amount} to pay, most of it for {category}") if told["category"] else _("{amount} to pay")).format(
            **told
        )
    told = {"total": numbers.money(total), "unplaced": numbers.money(paid.get(UNPLACED, ZERO))}
    owner = paid.get(OWNER, ZERO)
    if not (total > 0 and 0 <= owner <= total):
        return _("{total} is booked, {unplaced} of it without a payer").format(**told)
    if not owner:
        return _("{total} is booked, {unplaced} of it without a payer").format(**told)
    told["share"] = numbers.percent(owner / total)
    if paid.get(UNPLACED):
        return _("The system owner pays {share} of {total}, and {unplaced} has no payer").format(**told)
    return _("The system owner pays {share} of {total}, and every krona has a payer").format(**told)


def _change(scope: Scope, now: Decimal) -> str:
    before = scope.compared()
    if before is None or one("cost", before).value is None:
        return ""
    difference = now - amount(one("cost", before))
    told = {"size": numbers.money(abs(difference)), "period": compared_words(scope)}
    if not difference:
        return _("The same as {period}").format(**told)
    return (_("{size} more than {period}") if difference > 0 else _("{size} less than {period}")).format(**told)


def figures(scope: Scope) -> list[Figure]:
    """The cards: the whole, the system owner's part and the departments'."""
    row = one("cost", scope)
    if row.value is None:
        return []
    total, paid = amount(row), by_payer(scope)
    cards = [Figure(_("In all"), numbers.money(total), _change(scope, total), trust=_basis(scope, row, total))]
    if scope.departments:
        return cards
    departments = [value for code, value in paid.items() if code not in (OWNER, UNPLACED)]
    owner, others = paid.get(OWNER, ZERO), sum(departments, ZERO)
    sharers = ngettext("{n} department", "{n} departments", len(departments)).format(n=numbers.count(len(departments)))
    shared = _("Other costs, shared by {sharers}").format(sharers=sharers) if departments else _("No other costs")
    told = [
        (_("The system owner"), owner, _("Fixed and variable costs, for all (§ 8)")),
        (_("The departments"), others, shared),
    ]
    return cards + [
        Figure(title, numbers.money(part), detail, trust=_basis(scope, row, part)) for title, part, detail in told
    ]


def _basis(scope: Scope, row: Row, part: Decimal) -> Trust:
    """The trust strip of a part of the cost: how much of the whole it is, to the öre."""
    exact = [_("SEK {number}").format(number=numbers.exact_money(sum_)) for sum_ in (part, amount(row))]
    return replace(trust(metrics()["cost"], row, scope), numerator=exact[0], denominator=exact[1])


@kept
def shown(scope: Scope) -> None:
    """The cards; nothing where nothing is booked."""
    if found := figures(scope):
        cards.draw(found)


@kept
def course(scope: Scope) -> None:
    """The cost month by month, by type; a month without a posting is empty."""
    rows = {(row.by["month"], row.by["cost_type"]): amount(row) for row in ask("cost", scope, "month", "cost_type")}
    if not rows:
        page.empty(_("No costs are booked in what you have chosen."))
        return
    months = [shift(scope.month_from, i) for i in range(scope.months)]
    roles = {"fixed": "grey_1", "variable": "grey_3", "other": "pale"}
    parts = [
        Part(names.label("cost_type", code), role, [_booked(rows.get((month, code))) for month in months])
        for code, role in roles.items()
    ]
    figure = stacked(months, parts, theme.palette(), say=numbers.money)
    draw(figure, "cost-course")
    page.reading(figure.alt)


def _booked(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def reasons() -> dict[str, str]:
    """Why a payer pays, by code."""
    return {
        "guideline": _("Shared cost (§ 8)"),
        "ordered": _("Ordered it"),
        "benefits": _("Benefits, by a stated share"),
        "nobody_named": _("Nobody is named as orderer or as benefiting"),
        "unknown_department": _("The department named is not in the register"),
        "shares_below_100": _("The shares make less than 100%"),
        "shares_above_100": _("The shares make more than 100%"),
    }


def payers(scope: Scope) -> dict[str, str]:
    """Every payer by code, as the reader knows it."""
    return {str(code): payer_name(code) for code in by_payer(scope)}


def types(scope: Scope) -> dict[str, str]:
    """Every type of cost that is booked, by code."""
    return {
        str(row.by["cost_type"]): names.label("cost_type", row.by["cost_type"])
        for row in ask("cost", scope, "cost_type")
    }


def categories(scope: Scope) -> dict[str, str]:
    """Every category that is booked; those without one share a code."""
    found = [row.by["category"] for row in ask("cost", scope, "category")]
    return {str(category or UNSORTED): str(category or _("Without a category")) for category in found}


def posting_table(
    scope: Scope, payer: str | None = None, cost_type: str | None = None, category: str | None = None
) -> Table:
    """The postings behind a sum, largest first: who pays, and why."""
    wanted = "" if category == UNSORTED else category
    rows = store.answer(postings, scope, payer, cost_type, wanted)
    why = reasons()
    columns: dict[str, object] = {
        _("Date"): [row.booked_on for row in rows],
        _("Amount, SEK"): [float(row.amount) for row in rows],
        _("Payer"): [payer_name(row.department_id or row.payer_kind) for row in rows],
        _("Why"): [why[row.because] for row in rows],
        _("Text"): [row.text or "" for row in rows],
        _("Category"): [row.category or "" for row in rows],
        _("Type"): [names.label("cost_type", row.cost_type) for row in rows],
        _("Supplier"): [row.supplier or "" for row in rows],
        _("Posting"): [row.cost_id for row in rows],
    }
    chosen = [payer and payer_name(payer), cost_type and names.label("cost_type", cost_type), category]
    told = " · ".join(str(part) for part in chosen if part)
    return Table(_("Cost postings"), pd.DataFrame(columns), ("cost",), decimals=2, narrowed=told)


def sum_of(scope: Scope, payer: str | None, cost_type: str | None, category: str | None) -> str:
    """How many postings there are behind a sum, and the sum to the öre."""
    rows = store.answer(postings, scope, payer, cost_type, "" if category == UNSORTED else category)
    count = ngettext("{n} posting", "{n} postings", len(rows)).format(n=numbers.count(len(rows)))
    total = _("SEK {number}").format(number=numbers.exact_money(sum((row.amount for row in rows), ZERO)))
    return _("{postings}, {sum} in all.").format(postings=count, sum=total)


def breakdown(scope: Scope) -> Table:
    """Type × category × payer, one row each with its amount, largest first; a row leads to its postings."""
    rows = sorted(ask("cost", scope, "cost_type", "category", "payer"), key=lambda row: -amount(row))
    columns = {
        _("Type"): [names.label("cost_type", str(row.by["cost_type"])) for row in rows],
        _("Category"): [row.by["category"] or "" for row in rows],
        _("Payer"): [payer_name(row.by["payer"]) for row in rows],
        _("Amount, SEK"): [float(amount(row)) for row in rows],
    }
    links = tuple(_behind(row) for row in rows)
    return Table(_("Costs by type, category and payer"), pd.DataFrame(columns), ("cost",), decimals=2, links=links)


def _behind(row: Row) -> str:
    return address.here(
        "postings",
        cost_type=str(row.by["cost_type"]),
        category=str(row.by["category"] or UNSORTED),
        payer=str(row.by["payer"]),
    )
