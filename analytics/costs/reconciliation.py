"""Every krona of every imported ledger: cost of e-services, outside, or internal."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.scope import Scope


@dataclass(frozen=True)
class LedgerFile:
    """A file's postings, in kronor. `booked` = `in_scope` + `out_of_scope` + `outside` + `internal` + `replaced`, to the öre.

    `in_scope` is what the scope holds; `out_of_scope` is cost of e-services in other months or for other payers. `replaced` is
    what a later file, or a later row, has put something else in the place of. `file` is None for the example data.
    """

    file: str | None
    imported_at: datetime | None
    postings: int
    replaced_postings: int
    booked: Decimal
    in_scope: Decimal
    out_of_scope: Decimal
    outside: Decimal
    internal: Decimal
    replaced: Decimal


def reconcile(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[LedgerFile]:
    """One row per imported file with postings, the latest first."""
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
        SELECT b.file, b.imported_at, k.postings, k.postings - count(t.batch), k.ore, coalesce(sum(t.shown), 0),
               coalesce(sum(if(t.kind = 'cost', t.ore, 0)), 0) - coalesce(sum(t.shown), 0),
               coalesce(sum(if(t.kind = 'outside', t.ore, 0)), 0), coalesce(sum(if(t.kind = 'internal', t.ore, 0)), 0),
               k.ore - coalesce(sum(t.ore), 0)
        FROM booked_costs k LEFT JOIN told t USING (batch) LEFT JOIN batches b USING (batch)
        GROUP BY k.batch, k.postings, k.ore, b.file, b.imported_at
        ORDER BY k.batch DESC""",
        bound,
    ).fetchall()
    return [_ledger(*row) for row in rows]


def _ledger(file: str | None, at: datetime | None, postings: int, replaced: int, *ore: int) -> LedgerFile:
    return LedgerFile(file, at, postings, replaced, *(Decimal(part) / 100 for part in ore))
