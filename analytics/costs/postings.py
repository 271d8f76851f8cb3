"""The cost postings behind a sum: who pays which part, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.grouping import dimension
from analytics.metrics.scope import Scope


@dataclass(frozen=True)
class Posting:
    """One payer's part of one posting, in SEK. `because` is the code of the reason for the payer.

    `placed_by` is the source of its cost type: "file", "rule" (`rule` is its name) or "nobody", and then it has no type.
    """

    cost_id: str
    booked_on: date
    cost_type: str | None
    category: str | None
    supplier: str | None
    text: str | None
    payer_kind: str
    department_id: str | None
    because: str
    amount: Decimal
    placed_by: str
    rule: str | None
    account: str | None
    office: str | None
    voucher: str | None
    cost_centre: str | None
    project: str | None
    e_service_id: str | None


@dataclass(frozen=True)
class PostingFilter:
    """Restricts postings by code; None is all, a blank one those without a code. `e_services`: those that name one of them."""

    payer: str | None = None
    cost_type: str | None = None
    category: str | None = None
    e_services: Sequence[str] = ()


def postings(
    cursor: duckdb.DuckDBPyConnection, scope: Scope, selection: PostingFilter = PostingFilter()
) -> list[Posting]:
    """The postings behind the sums of `cost` by payer, type and category, largest amount first."""
    fact = facts()["cost_splits"]
    where, bound = scope.condition(fact.filters, stock=False)
    for name in ("payer", "cost_type", "category"):
        if (value := getattr(selection, name)) is not None:
            where += f" AND ({dimension(name, scope)}) IS NOT DISTINCT FROM nullif($wanted_{name}, '')"
            bound |= {f"wanted_{name}": value}
    if selection.e_services:
        where += " AND list_contains($e_services, e_service_id)"
        bound |= {"e_services": list(selection.e_services)}
    rows = cursor.execute(
        f"""SELECT cost_id, booked_on, cost_type, category, supplier, text, payer_kind, department_id, because,
        (ore / 100.0)::DECIMAL(18, 2), placed_by, rule, account, office, voucher,
        cost_centre, project, e_service_id
        FROM {scope.organised(fact.relation, fact.filters)} WHERE {where} ORDER BY abs(ore) DESC, booked_on, cost_id""",
        bound,
    ).fetchall()
    return [Posting(*row) for row in rows]
