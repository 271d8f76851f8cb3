"""A rule suggested from postings that no rule takes: what similar postings are, else what their words tell. No payer by guess."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb

from analytics.rules.impact import UnplacedGroup
from analytics.rules.model import Rule

WORDS = Path(__file__).with_name("rules_words.toml")
MIN_AGREEMENT = 0.6  # how much of the money that is alike must be of one kind, for it to tell something

ReasonKind = Literal["same_supplier_and_account", "words", "same_supplier", "same_account", "office"]


@dataclass(frozen=True)
class Reason:
    """Why the rule is suggested so: the kind of reason, and the supplier, account, words or office that it rests on."""

    kind: ReasonKind
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """A rule that takes the whole group. `known`: something tells what kind of cost it is; else its type is a blank to fill in."""

    rule: Rule
    known: bool
    why: tuple[Reason, ...]


@dataclass(frozen=True)
class _Kind:
    cost_type: str
    category: str | None
    why: Reason


def suggest(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> Suggestion | None:
    """A rule for the group; None when nothing that a rule can ask for tells it from others."""
    asked = _conditions(cursor, group)
    if not asked:
        return None
    kind = next(_kinds(cursor, group), None)
    payer = _payer(cursor, group) if kind and kind.cost_type == "other" else None
    if payer:
        asked["office"] = _plainly(group.offices[0])
    who = asked.get("supplier") or group.account_text or next(iter(asked.values()))
    name = f"{who} – {kind.category}" if kind and kind.category else who
    rule = Rule(name, kind.cost_type if kind else "other", kind.category if kind else None, payer=payer, **asked)
    why = [kind.why] if kind else []
    return Suggestion(rule, kind is not None, (*why, *([Reason("office", group.offices)] if payer else [])))


def _conditions(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> dict[str, str]:
    """What tells the group: the supplier, and the account when the supplier has several or is not told."""
    who = next((name for name in (group.supplier, group.supplier_id) if name and _plain(cursor, name)), None)
    asked = {"supplier": _plainly(who)} if who else {}
    account = group.account and "," not in group.account and "*" not in group.account and group.account.strip()
    if account and (not who or _accounts(cursor, group) > 1):
        asked["account"] = account
    return asked


def _plainly(name: str) -> str:
    """A name as a condition: a comma would part it, a star stand for anything."""
    return " ".join(name.replace(",", " ").replace("*", " ").split())


def _plain(cursor: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether there is a word in it."""
    return bool(_one(cursor, "SELECT plain_words($name) <> '  '", name=_plainly(name)))


def _one(cursor: duckdb.DuckDBPyConnection, question: str, **bound: object) -> object:
    found = cursor.execute(question, bound).fetchone()
    return found[0] if found else None


def _accounts(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> int:
    counted = "SELECT count(DISTINCT account) FROM costs WHERE supplier IS NOT DISTINCT FROM $supplier"
    return int(str(_one(cursor, counted, supplier=group.supplier)))


def _kinds(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> Iterator[_Kind]:
    """What may tell its kind, the strongest first."""
    supplier, account = group.supplier, group.account
    if supplier and account:
        yield from _placed(cursor, supplier, account, Reason("same_supplier_and_account", (supplier, account)))
    yield from _told(cursor, group)
    if supplier:
        yield from _placed(cursor, supplier, None, Reason("same_supplier", (supplier,)))
    if account:
        yield from _placed(cursor, None, account, Reason("same_account", (account,)))


def _placed(
    cursor: duckdb.DuckDBPyConnection, supplier: str | None, account: str | None, why: Reason
) -> Iterator[_Kind]:
    """What the rules in use, or the files, make of the postings that are alike, where most of the money agrees."""
    rows = cursor.execute(
        """SELECT p.cost_type, arg_max(p.category, abs(c.amount)) AS category, sum(abs(c.amount)) AS size,
                  sum(size) OVER () AS whole
        FROM placed_costs p JOIN costs c USING (cost_id)
        WHERE rule_set = (SELECT rule_set FROM rule_sets WHERE latest) AND placed_by IN ('file', 'rule')
          AND (c.supplier = $supplier OR $supplier IS NULL) AND (c.account = $account OR $account IS NULL)
        GROUP BY p.cost_type QUALIFY size >= $agreed * whole ORDER BY size DESC, p.cost_type LIMIT 1""",
        {"supplier": supplier, "account": account, "agreed": MIN_AGREEMENT},
    ).fetchall()
    yield from (_Kind(cost_type, category, why) for cost_type, category, *_ in rows)


@cache
def _words() -> tuple[dict[str, str], ...]:
    return tuple(tomllib.loads(WORDS.read_text("utf-8"))["kinds"])


def _told(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> Iterator[_Kind]:
    """What the words tell: the first kind of the list that has a word in the account's name or one of the largest texts."""
    rows = cursor.execute(
        """SELECT kind.cost_type, kind.category, list_filter(string_split(kind.words, ','), lambda word: len(list_filter(
            $texts::VARCHAR[], lambda text: has_words(plain_words(text), word_patterns(word)))) > 0) AS found
        FROM (SELECT unnest($kinds::STRUCT(cost_type VARCHAR, category VARCHAR, words VARCHAR)[]) AS kind,
                     unnest(range(len($kinds))) AS turn)
        WHERE len(found) > 0 ORDER BY turn LIMIT 1""",
        {"texts": [*group.texts, group.account_text or ""], "kinds": list(_words())},
    ).fetchall()
    for kind, category, found in rows:
        words = dict.fromkeys(word.strip(" *") for word in found)
        yield _Kind(kind, category, Reason("words", tuple(words)))


def _payer(cursor: duckdb.DuckDBPyConnection, group: UnplacedGroup) -> str | None:
    """The one department with the name that the ledger has for the office, when the whole group is of one office."""
    found = cursor.execute(
        "SELECT department_id FROM departments WHERE plain_words(name) = plain_words($office) AND plain_words($office) <> '  '",
        {"office": group.offices[0] if len(group.offices) == 1 else ""},
    ).fetchall()
    return found[0][0] if len(found) == 1 else None
