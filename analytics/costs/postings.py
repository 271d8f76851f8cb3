"""The cost postings behind a sum: who pays which part, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.measure import dimension
from analytics.metrics.scope import Scope


@dataclass(frozen=True)
class Posting:
    """One payer's part of one posting, in kronor. `because` is the code of the reason.

    `placed_by` says who said what it is: the file itself, a rule (`rule` is its name) or nobody, and then it has no type.
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


def postings(
    cursor: duckdb.DuckDBPyConnection,
    scope: Scope,
    payer: str | None = None,
    cost_type: str | None = None,
    category: str | None = None,
    e_services: Sequence[str] = (),
) -> list[Posting]:
    """The postings behind the sums of `cost` by payer, type and category, largest amount first. A blank category is none.

    With `e_services`, those that concern one of them.
    """
    fact = facts()["cost_splits"]
    where, bound = scope.condition(fact.filters, stock=False)
    for name, value in (("payer", payer), ("cost_type", cost_type), ("category", category)):
        if value is not None:
            expression, more = dimension(name, scope)
            where += f" AND ({expression}) IS NOT DISTINCT FROM nullif($wanted_{name}, '')"
            bound |= more | {f"wanted_{name}": value}
    if e_services:
        where, bound = f"{where} AND list_contains($e_services, e_service_id)", bound | {"e_services": list(e_services)}
    rows = cursor.execute(
        f"""SELECT cost_id, booked_on, cost_type, category, supplier, text, payer_kind, department_id, because,
        (ore / 100.0)::DECIMAL(18, 2), placed_by, rule, account, office, voucher,
        cost_centre, project, e_service_id FROM {fact.relation} WHERE {where} ORDER BY abs(ore) DESC, booked_on, cost_id""",
        bound,
    ).fetchall()
    return [Posting(*row) for row in rows]
