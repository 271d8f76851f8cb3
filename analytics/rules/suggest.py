"""A rule suggested for postings that no rule takes, from similar postings, else from their words. No payer is guessed."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb

from analytics.rules.impact import NamingColumn, UnplacedGroup
from analytics.rules.model import Rule

WORDS = Path(__file__).with_name("rules_words.toml")
MIN_AGREEMENT = 0.6  # share of the similar postings' money that must be of one kind

ReasonKind = Literal["same_supplier_and_account", "words", "same_supplier", "same_account", NamingColumn]


@dataclass(frozen=True)
class Reason:
    """Why a rule is suggested: the kind of reason, and the supplier, account, words or department's name behind it."""

    kind: ReasonKind
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """A rule that takes the whole group. `known`: its cost type has a reason; else the reader must fill it in."""

    rule: Rule
    known: bool
    why: tuple[Reason, ...]


@dataclass(frozen=True)
class _Kind:
    cost_type: str
    category: str | None
    why: Reason


@dataclass(frozen=True)
class _Payer:
    """The department that a column of the ledger names, as it is written there."""

    column: NamingColumn
    name: str
    department_id: str


def suggest(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> Suggestion | None:
    """A rule for the group; None when no condition distinguishes it."""
    conditions = _conditions(cursor, group)
    if not conditions:
        return None
    kind = next(_kinds(cursor, group), None)
    payer = _payer(cursor, group) if kind and kind.cost_type == "other" else None
    if payer:
        conditions[payer.column] = _without_wildcards(payer.name)
    label = conditions.get("supplier") or group.account_text or next(iter(conditions.values()))
    name = f"{label} – {kind.category}" if kind and kind.category else label
    pays = payer.department_id if payer else None
    rule = Rule(name, kind.cost_type if kind else "other", kind.category if kind else None, payer=pays, **conditions)
    reasons = [*([kind.why] if kind else []), *([Reason(payer.column, (payer.name,))] if payer else [])]
    return Suggestion(rule, kind is not None, tuple(reasons))


def _conditions(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> dict[str, str]:
    """The conditions that select the group: the supplier, and the account when the supplier has several or is missing."""
    supplier = next((name for name in (group.supplier, group.supplier_id) if name and _has_words(cursor, name)), None)
    conditions = {"supplier": _without_wildcards(supplier)} if supplier else {}
    account = group.account and "," not in group.account and "*" not in group.account and group.account.strip()
    if account and (not supplier or _account_count(cursor, group) > 1):
        conditions["account"] = account
    return conditions


def _without_wildcards(name: str) -> str:
    """A name as a condition, without commas (separators) and stars (wildcards)."""
    return " ".join(name.replace(",", " ").replace("*", " ").split())


def _has_words(cursor: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether any word remains in it as a condition."""
    return bool(_scalar(cursor, "SELECT plain_words($name) <> '  '", name=_without_wildcards(name)))


def _scalar(cursor: duckdb.DuckDBPyConnection, query: str, **bound: object) -> object:
    row = cursor.execute(query, bound).fetchone()
    return row[0] if row else None


def _account_count(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> int:
    query = "SELECT count(DISTINCT account) FROM costs WHERE supplier IS NOT DISTINCT FROM $supplier"
    return int(str(_scalar(cursor, query, supplier=group.supplier)))


def _kinds(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> Iterator[_Kind]:
    """The possible kinds of cost, the strongest reason first."""
    supplier, account = group.supplier, group.account
    if supplier and account:
        yield from _from_similar(cursor, supplier, account, Reason("same_supplier_and_account", (supplier, account)))
    yield from _from_words(cursor, group)
    if supplier:
        yield from _from_similar(cursor, supplier, None, Reason("same_supplier", (supplier,)))
    if account:
        yield from _from_similar(cursor, None, account, Reason("same_account", (account,)))


def _from_similar(
    cursor: duckdb.DuckDBPyConnection, supplier: str | None, account: str | None, why: Reason
) -> Iterator[_Kind]:
    """The kind that the files and the rules in use give similar postings, where at least `MIN_AGREEMENT` of the money agrees."""
    rows = cursor.execute(
        """SELECT p.cost_type, arg_max(p.category, abs(c.amount)) AS category, sum(abs(c.amount)) AS size,
                  sum(size) OVER () AS total
        FROM placed_costs p JOIN costs c USING (cost_id)
        WHERE rule_set = (SELECT rule_set FROM rule_sets WHERE latest) AND placed_by IN ('file', 'rule')
          AND (c.supplier = $supplier OR $supplier IS NULL) AND (c.account = $account OR $account IS NULL)
        GROUP BY p.cost_type QUALIFY size >= $agreement * total ORDER BY size DESC, p.cost_type LIMIT 1""",
        {"supplier": supplier, "account": account, "agreement": MIN_AGREEMENT},
    ).fetchall()
    yield from (_Kind(cost_type, category, why) for cost_type, category, *_ in rows)


@cache
def _words() -> tuple[dict[str, str], ...]:
    return tuple(tomllib.loads(WORDS.read_text("utf-8"))["kinds"])


def _from_words(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> Iterator[_Kind]:
    """The first kind in the word list with a word in the account's name or one of the largest texts."""
    rows = cursor.execute(
        """SELECT kind.cost_type, kind.category, list_filter(string_split(kind.words, ','), lambda word: len(list_filter(
            $texts::VARCHAR[], lambda text: has_words(plain_words(text), word_patterns(word)))) > 0) AS matched
        FROM (SELECT unnest($kinds::STRUCT(cost_type VARCHAR, category VARCHAR, words VARCHAR)[]) AS kind,
                     unnest(range(len($kinds))) AS turn)
        WHERE len(matched) > 0 ORDER BY turn LIMIT 1""",
        {"texts": [*group.texts, group.account_text or ""], "kinds": list(_words())},
    ).fetchall()
    for kind, category, matched in rows:
        words = dict.fromkeys(word.strip(" *") for word in matched)
        yield _Kind(kind, category, Reason("words", tuple(words)))


def _payer(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> _Payer | None:
    """The one department that all of the group names, by its name or its id, in the first column that does."""
    for column, values in group.named:
        rows = cursor.execute(
            """SELECT DISTINCT department_id FROM departments WHERE plain_words($value) <> '  '
            AND plain_words($value) IN (plain_words(name), plain_words(department_id))""",
            {"value": values[0] if len(values) == 1 else ""},
        ).fetchall()
        if len(rows) == 1:
            return _Payer(column, values[0], rows[0][0])
    return None
