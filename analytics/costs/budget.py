"""A year's budget against the booked cost: outcome so far, forecast to the year's end, what remains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.scope import Scope, add_months

OWNER, UNPLACED = "system_owner", "unplaced"
BUDGET_PAYERS = {"systemagare": OWNER}  # the system owner as written in a budget
MIN_MONTHS = 3  # booked months needed for a forecast
PACE = Decimal("0.5"), Decimal(2)  # bounds of this year's pace relative to last year's
ORE = Decimal("0.01")
Amounts = Mapping[date, tuple[Decimal, Decimal]]  # by month: SEK booked, and SEK booked without credits
Key = tuple[str, str | None]  # payer and cost type


@dataclass(frozen=True)
class BudgetLine:
    """A payer's cost of one type in a year, in SEK. `budget` is None where there is none, `forecast` where it is refused."""

    payer: str
    cost_type: str | None
    budget: Decimal | None
    outcome: Decimal
    forecast: Decimal | None

    @property
    def remaining(self) -> Decimal | None:
        """Budget minus forecast (minus outcome where there is no forecast); negative when exceeded."""
        cost = self.outcome if self.forecast is None else self.forecast
        return None if self.budget is None else self.budget - cost


@dataclass(frozen=True)
class BudgetYear:
    """A year up to `booked_through`, its last booked month in the scope; None when nothing is booked in it.

    `basis` is the forecast's method: last_year, pace, too_few (refused) or whole_year (the year is complete).
    """

    year: int
    booked_through: date | None
    basis: str
    lines: tuple[BudgetLine, ...]
    has_budget: bool


def forecast(so_far: Decimal, same_last_year: Decimal, rest_last_year: Decimal) -> Decimal:
    """SEK for the year: so far, plus the rest of last year without credits at this year's pace (0.5–2 times last year's)."""
    pace = Decimal(1)
    if so_far > 0 and same_last_year > 0:
        pace = min(max(so_far / same_last_year, PACE[0]), PACE[1])
    return so_far + (max(rest_last_year, Decimal(0)) * pace).quantize(ORE, ROUND_HALF_UP)


def linear_forecast(so_far: Decimal, months: int) -> Decimal:
    """SEK for the year: so far, plus the remaining months at the same pace; a net credit is not extended."""
    return so_far + (max(so_far, Decimal(0)) / months * (12 - months)).quantize(ORE, ROUND_HALF_UP)


def budget_year(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> BudgetYear:
    """The year in which the period ends, from January to the period's last month or the last booked, whichever is first."""
    start = date(scope.month_to.year, 1, 1)
    months = _booked_months(cursor, scope)
    booked = [month for month in months if start <= month <= scope.month_to]
    through = booked[-1] if booked else None
    has_last_year = bool(months) and months[0] < add_months(start, MIN_MONTHS - 12)  # from its first quarter on
    basis = _basis(booked, through, has_last_year)
    budgets = _budgets(cursor, scope)
    spent = _spent(cursor, scope, {payer for payer, _ in budgets})
    within = _within(cursor, scope)
    chosen = {key: value for key, value in budgets.items() if not scope.departments or key[0] in within}
    lines = [_line(key, chosen.get(key), spent.get(key, {}), through, basis) for key in _keys(chosen, spent, start)]
    return BudgetYear(start.year, through, basis, tuple(lines), bool(budgets))


def _basis(booked: Sequence[date], through: date | None, last_year: bool) -> str:
    if through is not None and through.month == 12:
        return "whole_year"
    if len(booked) < MIN_MONTHS:
        return "too_few"
    return "last_year" if last_year else "pace"


def _line(key: Key, budget: Decimal | None, spent: Amounts, through: date | None, basis: str) -> BudgetLine:
    if through is None:
        return BudgetLine(*key, budget, Decimal(0), None)
    start = date(through.year, 1, 1)
    so_far, _without_credits = sum_months(spent, start, through)
    if basis == "last_year":
        before = add_months(through, -12)
        same_months, rest = (
            sum_months(spent, add_months(start, -12), before)[0],
            sum_months(spent, add_months(before, 1), add_months(start, -1))[1],
        )
        return BudgetLine(*key, budget, so_far, forecast(so_far, same_months, rest))
    expected = {"pace": linear_forecast(so_far, through.month), "whole_year": so_far}.get(basis)
    return BudgetLine(*key, budget, so_far, expected)


def sum_months(amounts: Amounts, first: date, last: date) -> tuple[Decimal, Decimal]:
    """SEK booked from `first` to `last`, both included, and the same without credits."""
    chosen = [pair for month, pair in amounts.items() if first <= month <= last]
    return sum((booked for booked, _ in chosen), Decimal(0)), sum((charged for _, charged in chosen), Decimal(0))


def _keys(budgets: Iterable[Key], spent: Mapping[Key, Amounts], start: date) -> list[Key]:
    """Every payer and type with a budget or a posting in the year: the system owner first, the unplaced last."""
    booked = {key for key, amounts in spent.items() if any(month >= start for month in amounts)}
    kinds = ("fixed", "variable", "other", None)
    order = {OWNER: 0, UNPLACED: 2}
    return sorted({*budgets, *booked}, key=lambda key: (order.get(key[0], 1), key[0], kinds.index(key[1])))


def _booked_months(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[date]:
    """The months up to the period's last with anything booked, whoever pays."""
    _, bound = scope.condition(frozenset({"rules"}), stock=False)
    rows = cursor.execute(
        f"SELECT DISTINCT month FROM {facts()['cost_splits'].relation} WHERE month <= $month_to ORDER BY month",
        {"rules": bound["rules"], "month_to": scope.month_to},
    ).fetchall()
    return [row[0] for row in rows]


def _budgets(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[Key, Decimal]:
    """The year's budget in SEK by payer and type; in today's organisation by what the department is today."""
    payer = "coalesce(d.today_id, b.department_id)" if scope.organisation == "today" else "b.department_id"
    rows = cursor.execute(
        f"""SELECT {payer}, cost_type, sum(amount) FROM budgets b LEFT JOIN departments_today d USING (department_id)
        WHERE year = ? AND cost_type <> 'outside' GROUP BY ALL""",
        [scope.month_to.year],
    ).fetchall()
    return {(BUDGET_PAYERS.get(payer, payer), kind): amount for payer, kind, amount in rows}


def _spent(
    cursor: duckdb.DuckDBPyConnection, scope: Scope, budgeted: set[str]
) -> dict[Key, dict[date, tuple[Decimal, Decimal]]]:
    """SEK booked this year and last, with and without credits, by budget holder and type, and month."""
    fact = facts()["cost_splits"]
    where, bound = scope.condition(fact.filters, stock=False)
    bound["month_from"], bound["month_to"] = date(scope.month_to.year - 1, 1, 1), date(scope.month_to.year, 12, 1)
    holder = _budget_holder(scope)
    rows = cursor.execute(
        f"""SELECT if(payer_kind = 'department', {holder}, payer_kind), cost_type, month, (sum(ore) / 100.0)::DECIMAL(18, 2),
        (sum(greatest(ore, 0)) / 100.0)::DECIMAL(18, 2)
        FROM (SELECT *, $budgeted AS budgeted FROM {scope.organised(fact.relation, fact.filters)})
        WHERE {where} AND (month <= $through OR year(month) < year($through)) GROUP BY ALL""",
        bound | {"through": scope.month_to, "budgeted": sorted(budgeted)},
    ).fetchall()
    spent: dict[Key, dict[date, tuple[Decimal, Decimal]]] = {}
    for payer, kind, month, amount, charge in rows:
        spent.setdefault((payer, kind), {})[month] = amount, charge
    return spent


def _budget_holder(scope: Scope) -> str:
    """SQL for the nearest department upwards with a budget, within those chosen; else the top one there."""
    top = "list_position(department_path, list_filter(department_path, lambda x: list_contains(lineage, x))[1])"
    path = f"department_path[{top}:]" if scope.departments else "department_path"
    return f"coalesce(list_filter(list_reverse({path}), lambda x: list_contains(budgeted, x))[1], {path}[1])"


def _within(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> set[str]:
    """The departments in the scope as the organisation is in the period's last month."""
    fact = frozenset({"department"})
    where, bound = scope.condition(fact, stock=True)
    tree = """(SELECT department_id, path AS department_path, board, $month_to AS month FROM department_spans
        WHERE $month_to BETWEEN month_from AND month_to)"""
    return {
        row[0]
        for row in cursor.execute(
            f"SELECT department_id FROM {scope.organised(tree, fact)} WHERE {where}", bound
        ).fetchall()
    }
