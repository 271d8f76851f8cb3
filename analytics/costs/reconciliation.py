"""Reconciliation of the imported ledgers: every krona booked is cost of e-services, outside, internal or replaced."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.scope import Scope


@dataclass(frozen=True)
class LedgerFile:
    """The postings of one imported file, in SEK; each part is counted by itself.

    `in_scope` is the cost of e-services in the scope, `out_of_scope` that in other months or for other payers, `replaced`
    what a later file or row has replaced. `file` is None for the example data.
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

    @property
    def unexplained(self) -> Decimal:
        """What is booked but in no part, or in several (negative); 0 unless the database is wrong."""
        return self.booked - self.in_scope - self.out_of_scope - self.outside - self.internal - self.replaced


def reconcile(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[LedgerFile]:
    """One row per imported file with postings, the latest first."""
    fact = facts()["cost_splits"]
    where, bound = scope.condition(fact.filters, stock=False)
    rows = cursor.execute(
        f"""WITH splits AS (
            SELECT cost_id, sum(ore) FILTER ({where}) AS in_scope, sum(ore) FILTER (({where}) IS NOT TRUE) AS out_of_scope
            FROM {scope.organised(fact.relation, fact.filters)} GROUP BY cost_id
        ), placed AS (
            SELECT cost_id, placed_by = 'internal' AS internal, cost_type IS NOT DISTINCT FROM 'outside' AS outside
            FROM placed_costs WHERE rule_set = coalesce($rules, (SELECT rule_set FROM rule_sets WHERE latest))
        ), parts AS (
            SELECT c.batch, sum(s.in_scope) AS in_scope, sum(s.out_of_scope) AS out_of_scope,
                   sum(c.amount * 100) FILTER (p.outside AND NOT p.internal) AS outside,
                   sum(c.amount * 100) FILTER (p.internal) AS internal
            FROM costs c LEFT JOIN placed p USING (cost_id) LEFT JOIN splits s USING (cost_id) GROUP BY c.batch
        )
        SELECT b.file, b.imported_at, k.postings, k.replaced_postings, k.ore, coalesce(p.in_scope, 0),
               coalesce(p.out_of_scope, 0), coalesce(p.outside, 0), coalesce(p.internal, 0), k.replaced_ore
        FROM booked_costs k LEFT JOIN parts p USING (batch) LEFT JOIN batches b USING (batch) ORDER BY k.batch DESC""",
        bound,
    ).fetchall()
    return [LedgerFile(*row[:4], *(Decimal(ore) / 100 for ore in row[4:])) for row in rows]
