"""What a draft of rules would move between cost places, compared with the rules in use; the total is unchanged."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from analytics.metrics.catalogue import facts
from analytics.rules.model import Rule, place_postings


@dataclass(frozen=True)
class CostPlace:
    """A cost type, a category and a payer: a department's id, `system_owner`, `unplaced` or `outside`."""

    cost_type: str | None
    category: str | None
    payer: str


@dataclass(frozen=True)
class Move:
    """Öre (signed) that move from one place to another, and the number of postings involved."""

    before: CostPlace
    after: CostPlace
    ore: int
    postings: int

    @property
    def amount(self) -> Decimal:
        """The sum in SEK."""
        return Decimal(self.ore) / 100


@dataclass(frozen=True)
class DryRun:
    """The moves, largest first; the number of postings that move and their absolute sum in öre (`gross`).

    `before` and `after` are the öre of every place. `renamed` is the number of postings whose e-service would change.
    """

    moves: tuple[Move, ...]
    postings: int
    gross: int
    before: tuple[tuple[CostPlace, int], ...]
    after: tuple[tuple[CostPlace, int], ...]
    renamed: int


def _by_place(splits: str, placed: str) -> str:
    """SQL for the öre of every posting by cost place, with the splits and the placings of these relations."""
    return f"""SELECT cost_id, cost_type, category, if(payer_kind = 'department', department_id, payer_kind) AS payer,
           sum(ore)::BIGINT AS ore
    FROM {splits} GROUP BY ALL
    UNION ALL
    SELECT cost_id, p.cost_type, p.category, 'outside', (amount * 100)::BIGINT FROM {placed} p JOIN costs USING (cost_id)
    WHERE p.cost_type = 'outside' AND rule_set = coalesce($rules, (SELECT rule_set FROM rule_sets WHERE latest))"""


# Per posting: places that lose öre and places that gain are laid out on a line each; where two overlap, that amount has moved.
_MOVES = """CREATE OR REPLACE TEMP TABLE moves AS
WITH sides AS (
    SELECT cost_id, cost_type, category, payer, sum(before) AS before, sum(after) AS after
    FROM (SELECT * RENAME (ore AS before), 0 AS after FROM places_before
          UNION ALL BY NAME SELECT * RENAME (ore AS after), 0 AS before FROM places_after)
    GROUP BY ALL HAVING sum(before) <> sum(after)
), edges AS (
    SELECT *, abs(before) > abs(after) AS loses, abs(abs(before) - abs(after)) AS size, sign(before + after) AS sign,
           sum(abs(abs(before) - abs(after))) OVER (
               PARTITION BY cost_id, abs(before) > abs(after) ORDER BY cost_type, category, payer) AS upto
    FROM sides
)
SELECT cost_id, l.cost_type, l.category, l.payer, g.cost_type AS new_type, g.category AS new_category, g.payer AS new_payer,
       l.sign * (least(l.upto, g.upto) - greatest(l.upto - l.size, g.upto - g.size)) AS ore
FROM edges l JOIN edges g USING (cost_id)
WHERE l.loses AND NOT g.loses AND least(l.upto, g.upto) > greatest(l.upto - l.size, g.upto - g.size)"""


def dry_run(cursor: duckdb.DuckDBPyConnection, draft: Sequence[Rule]) -> DryRun:
    """What these rules would move, over all postings, compared with the latest rule set."""
    before = _by_place(facts()["cost_splits"].relation, "placed_costs")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE places_before AS {before}", {"rules": None})
    place_postings(cursor, draft)
    cursor.execute("CREATE OR REPLACE TEMP TABLE draft_parts AS FROM cost_parts_of('draft_placed')")
    after = _by_place("cost_splits_of('draft_parts')", "draft_placed")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE places_after AS {after}", {"rules": "draft"})
    cursor.execute(_MOVES)
    ((postings, gross),) = cursor.execute(
        "SELECT count(DISTINCT cost_id), coalesce(sum(abs(ore)), 0)::BIGINT FROM moves"
    ).fetchall()
    sums = _place_sums(cursor, "places_before"), _place_sums(cursor, "places_after")
    return DryRun(_moves(cursor), postings, gross, *sums, _renamed(cursor))


def _renamed(cursor: duckdb.DuckDBPyConnection) -> int:
    ((count,),) = cursor.execute(
        """SELECT count(*) FROM draft_placed d JOIN placed_costs p USING (cost_id) JOIN rule_sets s ON s.rule_set = p.rule_set
        WHERE s.latest AND d.e_service_id IS DISTINCT FROM p.e_service_id"""
    ).fetchall()
    return int(count)


def _moves(cursor: duckdb.DuckDBPyConnection) -> tuple[Move, ...]:
    rows = cursor.execute(
        """SELECT * EXCLUDE (cost_id, ore), sum(ore)::BIGINT, count(DISTINCT cost_id) FROM moves
        GROUP BY ALL ORDER BY sum(abs(ore)) DESC, 1, 2, 3, 4, 5, 6"""
    ).fetchall()
    return tuple(Move(CostPlace(*row[:3]), CostPlace(*row[3:6]), *row[6:]) for row in rows)


def _place_sums(cursor: duckdb.DuckDBPyConnection, table: str) -> tuple[tuple[CostPlace, int], ...]:
    rows = cursor.execute(
        f"SELECT cost_type, category, payer, sum(ore)::BIGINT FROM {table} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return tuple((CostPlace(cost_type, category, payer), ore) for cost_type, category, payer, ore in rows)
