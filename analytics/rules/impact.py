"""The impact of rules on the postings: what each takes, unreachable rules, conflicts, and what no rule takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

import duckdb

from analytics.rules.model import Rule, place_postings

MAX_GROUPS = 200  # the largest groups without a rule that are listed
NamingColumn = Literal["unit", "office", "cost_centre", "ordered_by"]
NAMING: tuple[NamingColumn, ...] = get_args(NamingColumn)  # of a ledger: they name a department, the closest first
MAX_TEXTS = 5  # texts of a group that are listed


@dataclass(frozen=True)
class PostingSum:
    """A number of postings, their sum in öre, and the sum of their absolute amounts in öre (`gross`)."""

    postings: int = 0
    ore: int = 0
    gross: int = 0

    @property
    def amount(self) -> Decimal:
        """The sum in SEK."""
        return Decimal(self.ore) / 100


@dataclass(frozen=True)
class RuleUse:
    """What one rule takes, and how many postings it fits by itself. `shadowed_by`: positions of earlier rules that take some."""

    takes: PostingSum
    fits: int
    shadowed_by: tuple[int, ...]

    @property
    def unreachable(self) -> bool:
        """Whether earlier rules take everything that it fits."""
        return self.fits > 0 and self.takes.postings == 0


@dataclass(frozen=True)
class Conflict:
    """Postings that two rules fit with different results. `winner` and `loser` are positions from 1; the earlier rule wins."""

    winner: int
    loser: int
    disputed: PostingSum


@dataclass(frozen=True)
class UnplacedGroup:
    """Postings of one supplier and account that no rule takes.

    `texts` are those with the largest sums; `named` has all values of each of `NAMING`, "" where the ledger has none.
    """

    supplier: str | None
    supplier_id: str | None
    account: str | None
    account_text: str | None
    total: PostingSum
    texts: tuple[str, ...]
    named: tuple[tuple[NamingColumn, tuple[str, ...]], ...]
    first: date
    last: date


@dataclass(frozen=True)
class RulesImpact:
    """The impact of a list of rules on every posting. `by_file`, `by_rule`, `internal` and `unplaced` sum to `ledger`."""

    ledger: PostingSum
    by_file: PostingSum
    by_rule: PostingSum
    internal: PostingSum
    unplaced: PostingSum
    outside: PostingSum
    uses: tuple[RuleUse, ...]
    conflicts: tuple[Conflict, ...]
    groups: tuple[UnplacedGroup, ...]
    grouped: int  # how many groups there are in all


_SUM = "count(*) {0}, coalesce(sum(ore) {0}, 0), coalesce(sum(abs(ore)) {0}, 0)"
_TAKES = ", ".join(f"coalesce(sum({what}) FILTER (position = winner), 0)" for what in ("postings", "ore", "gross"))
_LARGEST = """list_transform(list_sort(list(DISTINCT {{'n': -{size}, 'text': coalesce({value}, '')}})), lambda item: item.text)"""
_PLACED = """WITH placed AS (
    SELECT p.*, c.* EXCLUDE (cost_id, cost_type, category), (c.amount * 100)::BIGINT AS ore
    FROM draft_placed p JOIN costs c USING (cost_id)
)"""
_FITS = """WITH sizes AS (
    SELECT posting_group, count(*) AS postings, sum((amount * 100)::BIGINT) AS ore, sum(abs((amount * 100)::BIGINT)) AS gross
    FROM grouped_costs JOIN costs USING (cost_id) GROUP BY ALL
), fits AS (
    SELECT position, min(position) OVER (PARTITION BY posting_group) AS winner, s.*
    FROM draft_matches JOIN sizes s USING (posting_group)
)"""


def evaluate(cursor: duckdb.DuckDBPyConnection, draft: Sequence[Rule]) -> RulesImpact:
    """The impact of these rules, saved or not."""
    conditions = (
        "true",
        *(f"placed_by = '{by}'" for by in ("file", "rule", "internal", "nobody")),
        "cost_type = 'outside'",
    )
    sums = ", ".join(_SUM.format(f"FILTER ({condition})") for condition in conditions)
    place_postings(cursor, draft)
    (row,) = cursor.execute(f"{_PLACED} SELECT {sums} FROM placed").fetchall()
    ledger, by_file, by_rule, internal, unplaced, outside = (PostingSum(*row[i : i + 3]) for i in range(0, len(row), 3))
    uses, conflicts, groups = _uses(cursor, draft), _conflicts(cursor, draft), _groups(cursor)
    return RulesImpact(
        ledger, by_file, by_rule, internal, unplaced, outside, uses, conflicts, groups[:MAX_GROUPS], len(groups)
    )


def _uses(cursor: duckdb.DuckDBPyConnection, draft: Sequence[Rule]) -> tuple[RuleUse, ...]:
    rows = cursor.execute(
        f"""{_FITS} SELECT position, {_TAKES}, sum(postings),
        list_sort(list(DISTINCT winner) FILTER (position <> winner)) FROM fits GROUP BY position"""
    ).fetchall()
    by_position = {
        position: RuleUse(PostingSum(*takes), fits, tuple(earlier or ())) for position, *takes, fits, earlier in rows
    }
    return tuple(by_position.get(position, RuleUse(PostingSum(), 0, ())) for position in range(1, len(draft) + 1))


def _conflicts(cursor: duckdb.DuckDBPyConnection, draft: Sequence[Rule]) -> tuple[Conflict, ...]:
    """The conflicts, the largest first. A rule without conditions conflicts with no earlier rule."""
    rows = cursor.execute(
        f"""{_FITS} SELECT winner, position, sum(postings), sum(ore), sum(gross) FROM fits
        WHERE winner <> position GROUP BY ALL ORDER BY sum(gross) DESC, winner, position"""
    ).fetchall()
    return tuple(
        Conflict(winner, loser, PostingSum(*disputed))
        for winner, loser, *disputed in rows
        if draft[winner - 1].result != draft[loser - 1].result and draft[loser - 1].conditions
    )


def _groups(cursor: duckdb.DuckDBPyConnection) -> tuple[UnplacedGroup, ...]:
    """The groups that no rule takes, the largest sum without signs first."""
    size = "sum(abs(ore)) OVER (PARTITION BY supplier, supplier_id, account, {0}) AS of_{0}"
    sizes = ", ".join(size.format(column) for column in ("text", *NAMING))
    largest = ", ".join(_LARGEST.format(size=f"of_{column}", value=column) for column in ("text", *NAMING))
    rows = cursor.execute(
        f"""{_PLACED}, texts AS (SELECT *, {sizes} FROM placed WHERE placed_by = 'nobody')
        SELECT supplier, supplier_id, account, min(account_text), {_SUM.format("")}, min(booked_on), max(booked_on), {largest}
        FROM texts GROUP BY supplier, supplier_id, account
        ORDER BY sum(abs(ore)) DESC, supplier NULLS LAST, account NULLS LAST, supplier_id NULLS LAST"""
    ).fetchall()
    return tuple(_group(row) for row in rows)


def _group(row: tuple[Any, ...]) -> UnplacedGroup:
    supplier, supplier_id, account, account_text, *total, first, last, texts = row[: -len(NAMING)]
    largest = tuple(text for text in texts if text)[:MAX_TEXTS]
    named = tuple(zip(NAMING, map(tuple, row[-len(NAMING) :]), strict=True))
    return UnplacedGroup(supplier, supplier_id, account, account_text, PostingSum(*total), largest, named, first, last)
