"""The rules that place ledger postings as costs of §8: saved rule sets, and drafts placed in temporary tables."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import duckdb

from analytics.metrics.served import read_once

CONDITIONS = ("supplier", "account", "cost_centre", "project", "office", "unit", "ordered_by", "text", "counterparty")
RESULTS = ("cost_type", "category", "payer", "shares", "e_service_id")
_COLUMNS = ("name", *CONDITIONS, *RESULTS)

_KIND = ", ".join(["position BIGINT", *(f"{column} VARCHAR" for column in _COLUMNS)])


@dataclass(frozen=True)
class Rule:
    """A rule: all of its conditions must hold. Without conditions it fits everything that is not internal.

    `shares` are written "SKOL:50, BYGG:50" and take precedence over `payer`; both apply only to the type `other`.
    `e_service_id` is the e-service that the postings concern.
    """

    name: str
    cost_type: str
    category: str | None = None
    supplier: str | None = None
    account: str | None = None
    cost_centre: str | None = None
    project: str | None = None
    office: str | None = None
    unit: str | None = None
    ordered_by: str | None = None
    text: str | None = None
    counterparty: str | None = None
    payer: str | None = None
    shares: str | None = None
    e_service_id: str | None = None

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """The conditions that are filled in: column and pattern."""
        return tuple((name, value) for name in CONDITIONS if (value := getattr(self, name)))

    @property
    def result(self) -> tuple[str | None, ...]:
        """What it sets on a posting: the values of `RESULTS`."""
        return tuple(getattr(self, name) for name in RESULTS)

    @property
    def allocation(self) -> tuple[tuple[str, str], ...]:
        """The shares that it states: department id and per cent, as written."""
        parts = (part.rpartition(":") for part in (self.shares or "").split(","))
        return tuple((code.strip(), share.strip()) for code, colon, share in parts if colon and code.strip())


@dataclass(frozen=True)
class RuleSet:
    """Rules saved together; the latest set is in use. `saved_at` and `who` are the import's, None when not known."""

    rule_set: str
    rules: int
    latest: bool
    saved_at: datetime | None
    who: str | None


def rules(cursor: duckdb.DuckDBPyConnection, rule_set: str | None = None) -> tuple[Rule, ...]:
    """The rules of a rule set (the latest when None) by position: the first that fits takes the posting."""
    rows = cursor.execute(
        f"""SELECT {", ".join(_COLUMNS)} FROM rules
        WHERE rule_set = coalesce($rule_set, (SELECT rule_set FROM rule_sets WHERE latest)) ORDER BY position""",
        {"rule_set": rule_set},
    ).fetchall()
    return tuple(Rule(**dict(zip(_COLUMNS, row, strict=True))) for row in rows)


@read_once
def rule_sets(cursor: duckdb.DuckDBPyConnection) -> tuple[RuleSet, ...]:
    """The saved rule sets, the latest first."""
    rows = cursor.execute(
        """SELECT s.rule_set, s.rules, s.latest, b.imported_at, b.who
        FROM rule_sets s JOIN (SELECT rule_set, max(batch) AS batch FROM rules GROUP BY ALL) r USING (rule_set)
        LEFT JOIN batches b USING (batch) ORDER BY s.rule_set DESC"""
    ).fetchall()
    return tuple(RuleSet(*row) for row in rows)


def condition_examples(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The columns of the ledgers that conditions compare and that have a value, each with its most common one."""
    columns = ", ".join(f"mode({name}) FILTER (trim({name}) <> '') AS {name}" for name in CONDITIONS)
    (row,) = cursor.execute(f"SELECT {columns} FROM costs").fetchall()
    return {name: value for name, value in zip(CONDITIONS, row, strict=True) if value is not None}


def place_postings(cursor: duckdb.DuckDBPyConnection, draft: Sequence[Rule]) -> None:
    """Create the temporary tables `draft_matches` and `draft_placed`: what these rules, numbered from 1, fit and take.

    Uses the same macros as saved rules, those of data/build/cost_rules.sql.
    """
    records = [{"position": position} | asdict(rule) for position, rule in enumerate(draft, 1)]
    tables = {
        "draft_set": "SELECT 'draft' AS rule_set",
        "draft": f"SELECT 'draft' AS rule_set, unnest($draft::STRUCT({_KIND})[], recursive := true)",
        "draft_matches": "FROM matching_rules('draft')",
        "draft_placed": "FROM placed_by_rules('draft', 'draft_set', 'draft_matches')",
    }
    for table, query in tables.items():
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS {query}", {"draft": records} if table == "draft" else None
        )
