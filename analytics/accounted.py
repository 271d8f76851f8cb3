"""Every krona of every imported ledger: cost of e-services, outside, or internal."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from analytics.catalogue import facts
from analytics.scope import Scope


@dataclass(frozen=True)
class Ledger:
    """A file's postings that count, in kronor. `booked` = `shown` + `elsewhere` + `outside` + `internal`, to the öre.

    `shown` is what the scope holds; `elsewhere` is cost of e-services in other months or for other payers. `replaced` are
    rows that a later file has replaced; None where that cannot be told. `file` is None for the example data.
    """

    file: str | None
    imported_at: datetime | None
    postings: int
    booked: Decimal
    shown: Decimal
    elsewhere: Decimal
    outside: Decimal
    internal: Decimal
    replaced: int | None


def ledgers(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Ledger]:
    """One row per imported file with postings that count, the latest first."""
    fact = facts()["cost_splits"]
    where, bound = scope.condition(fact.filters, stock=False)
    rows = cursor.execute(
        f"""WITH shown AS (
            SELECT cost_id, sum(ore) AS ore FROM {fact.relation} WHERE {where} GROUP BY ALL
        ), told AS (
            SELECT c.batch, (c.amount * 100)::BIGINT AS ore, coalesce(s.ore, 0) AS shown,
                   CASE WHEN p.placed_by = 'internal' THEN 'internal'
                        WHEN p.cost_type = 'outside' THEN 'outside' ELSE 'cost' END AS kind
            FROM costs c
            JOIN placed_costs p USING (cost_id)
            LEFT JOIN shown s USING (cost_id)
            WHERE p.rule_set = coalesce($rules, (SELECT rule_set FROM rule_sets WHERE latest))
        )
        SELECT b.file, b.imported_at, count(*), sum(t.ore), sum(t.shown),
               sum(if(t.kind = 'cost', t.ore, 0)) - sum(t.shown),
               sum(if(t.kind = 'outside', t.ore, 0)), sum(if(t.kind = 'internal', t.ore, 0)),
               CASE WHEN b.tables = ['costs'] THEN b.rows - count(*) END
        FROM told t LEFT JOIN batches b USING (batch)
        GROUP BY t.batch, b.file, b.imported_at, b.tables, b.rows
        ORDER BY t.batch DESC""",
        bound,
    ).fetchall()
    return [_ledger(*row) for row in rows]


def _ledger(file: str | None, at: datetime | None, postings: int, *told: int | None) -> Ledger:
    *ore, replaced = told
    booked, shown, elsewhere, outside, internal = (Decimal(part or 0) / 100 for part in ore)
    return Ledger(file, at, postings, booked, shown, elsewhere, outside, internal, replaced)
