"""Whether a sentence with a share is true: of which goal, counted how, in which months."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import duckdb

from analytics.metrics.catalogue import GOALS, variants
from analytics.metrics.dimensions import department_names
from analytics.metrics.measure import Row, measure
from analytics.metrics.period import FOLLOW_UPS, period
from analytics.metrics.scope import Scope

Verdict = Literal["true", "otherwise", "false", "unknown", "no_share", "costs"]
LONGEST = 300  # letters of a sentence

_SHARE = re.compile(r"(?<![\d.,])(\d{1,3})(?:[.,](\d{1,2}))? ?(?:%|procent\b|percent\b|per cent\b)")
_COUNT = r"\d{1,3}(?:[ ,]\d{3})+|\d+"
_COUNTS = re.compile(rf"(?<![\d.,])({_COUNT}) (?:av|of|out of) ({_COUNT})(?!\d|[.,]\d)")
_FROM = re.compile(r"\b(?:från|from) (\d{1,3})(?:[.,](\d{1,2}))? ?(?:%|procent|percent|per cent)? (?:till|to) ")
_COSTS = re.compile(r"kostn|betal|kron|\bkr\b|\bcosts?\b|\bpa(?:y|ys|id)\b|\bsek\b")
_NUMBER_WORDS = "en ett one a;två two;tre three;fyra four;fem five;sex six;sju seven;åtta eight;nio nine;tio ten"
_NUMBERS = {word: n for n, words in enumerate(_NUMBER_WORDS.split(";"), 1) for word in (*words.split(), str(n))}
_PART_WORDS = {3: "tredje third", 4: "fjärde fourth quarter", 5: "femte fifth", 10: "tionde tenth"}
_PARTS = {word: n for n, words in _PART_WORDS.items() for word in words.split()}
_NUMBER, _PART = "|".join(_NUMBERS), "|".join(_PARTS)
_HALF = re.compile(r"\b(?:hälften|halva|varannan|vartannat|half|every (?:other|second))\b")
_EACH = re.compile(rf"\b(?:var|vart|varje|every) ({_PART})\b")
_PARTS_OF = re.compile(rf"\b({_NUMBER}) ({_PART})(?:del|delar|s)?\b")
_OF_WORDS = re.compile(rf"\b({_NUMBER})(?: (?:case|service))? (?:av|of|out of|in) ({_NUMBER})\b")
ABOUT = 2.0  # percentage points that a share in words may be from what is measured, as in our own headlines
_REST = re.compile(
    r"\b(?:inte|ej|saknar|saknas|utan|annat sätt|andra sätt|not|cannot|lacks?|(?:has|have) no|without|another way|other ways)\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "ma[jy]", "jun", "jul", "aug", "sep", "o[kc]t", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})\w*\.?"
_YEAR = r"(20\d\d)"
_SPAN = re.compile(rf"\b{_MONTH}(?: {_YEAR})? ?(?:-|–|till|till och med|to) ?{_MONTH} {_YEAR}\b")
_ONE_MONTH = re.compile(rf"\b{_MONTH} {_YEAR}\b")
_THIRD = re.compile(rf"\b(?:tertial|third) ([123])\D{{0,20}}{_YEAR}\b")
_INTERIM = re.compile(rf"\b(?:delår\w*|interim report)\D{{0,20}}{_YEAR}\b")
_WHOLE = re.compile(rf"\b{_YEAR}\b")
_GOALS = (  # the first that fits says which goal the sentence is of
    (3, re.compile(r"hanter|handlägg|handled|handling")),
    (2, re.compile(r"ärende|ansök|anmäl|\bcases?\b|skicka|inkom|kom in|submitted")),
    (1, re.compile(r"e-?tjänst|tjänst|e-?service|service")),
)
Months = tuple[date, date]


@dataclass(frozen=True)
class Claim:
    """What a sentence says: a share (0–100) with so many decimals, or what is counted of how many, or both; None where it does not.

    `rest`: it is the share of what is not so. `goals` it may be of, none of a sentence about costs; `months` and `department`
    where they are named. `words`: the share is told in words, "var tredje", and is near it. `before`: what it has come from,
    with its decimals.
    """

    percent: float | None
    decimals: int
    counts: tuple[int, int] | None
    rest: bool
    goals: tuple[int, ...]
    months: Months | None
    department: str | None
    words: bool = False
    before: tuple[float, int] | None = None


@dataclass(frozen=True)
class Match:
    """A metric over a scope with its row; `adopted`: it is how the goal is counted."""

    metric: str
    scope: Scope
    row: Row
    adopted: bool


@dataclass(frozen=True)
class Answer:
    """What became of a claim: where it is `true` or true `otherwise` the matches; where it is false what is true instead."""

    verdict: Verdict
    claim: Claim
    matches: tuple[Match, ...]


def understood(sentence: str, departments: Mapping[str, str]) -> Claim:
    """What a sentence says, in Swedish or English; `departments` are names by id."""
    text = re.sub(r"[    ]", " ", sentence).casefold()
    share, counts = _SHARE.search(text), _COUNTS.search(text)
    decimals = len(share[2] or "") if share else 0
    percent = float(f"{share[1]}.{share[2] or 0}") if share else None
    in_words = _in_words(text) if percent is None and counts is None else None
    before = _FROM.search(text) if share else None
    named = [code for code, name in departments.items() if re.search(rf"\b{re.escape(name.casefold())}\b", text)]
    return Claim(
        percent=percent if in_words is None else in_words,
        decimals=decimals,
        counts=(_whole(counts[1]), _whole(counts[2])) if counts else None,
        rest=bool(_REST.search(text)),
        goals=()
        if _COSTS.search(text)
        else next(((goal,) for goal, words in _GOALS if words.search(text)), tuple(GOALS)),
        months=_months(text),
        department=max(named, key=lambda code: len(departments[code]), default=None),
        words=in_words is not None,
        before=(float(f"{before[1]}.{before[2] or 0}"), len(before[2] or "")) if before else None,
    )


def _in_words(text: str) -> float | None:
    """A share that is told in words, in per cent: "hälften", "var tredje", "två av tre", "en fjärdedel"."""
    if _HALF.search(text):
        return 50.0
    if each := _EACH.search(text):
        return 100 / _PARTS[each[1]]
    if (some := _OF_WORDS.search(text)) and _NUMBERS[some[1]] <= _NUMBERS[some[2]]:
        return 100 * _NUMBERS[some[1]] / _NUMBERS[some[2]]
    if parts := _PARTS_OF.search(text):
        return 100 * _NUMBERS[parts[1]] / _PARTS[parts[2]]
    return None


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _months(text: str) -> Months | None:
    """The first and last month that are named; a year is all of its months."""
    if span := _SPAN.search(text):
        return date(int(span[2] or span[4]), _number(span[1]), 1), date(int(span[4]), _number(span[3]), 1)
    if third := _THIRD.search(text):
        return _of(f"third_{third[1]}", third[2])
    if interim := _INTERIM.search(text):
        return _of("interim_august", interim[1])
    if month := _ONE_MONTH.search(text):
        only = date(int(month[2]), _number(month[1]), 1)
        return only, only
    return _of("full_year", year[1]) if (year := _WHOLE.search(text)) else None


def _of(code: str, year: str) -> Months:
    first, last = FOLLOW_UPS[code]
    return date(int(year), first, 1), date(int(year), last, 1)


def _number(month: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if re.match(name, month))


def check_claim(cursor: duckdb.DuckDBPyConnection, sentence: str, scope: Scope) -> Answer:
    """Whether the sentence is true of the scope's months and departments, or of those that it names itself.

    It is true as the goals are counted, or true otherwise: in other months that are followed up, or by another definition.
    """
    claim = understood(sentence[:LONGEST], department_names(cursor))
    if not claim.goals:
        return Answer("costs", claim, ())
    if claim.percent is None and claim.counts is None:
        return Answer("no_share", claim, ())
    chosen = _chosen(claim, scope)
    adopted = [
        Match(code, chosen, measure(cursor, code, chosen)[0], True) for code in map(GOALS.__getitem__, claim.goals)
    ]
    if right := tuple(one for one in adopted if _fits(claim, one.row)):
        return Answer("true", claim, right) if claim.before is None else _from_before(cursor, claim, right[0])
    if claim.before is not None and adopted[0].row.value is not None:
        return replace(_from_before(cursor, claim, adopted[0]), verdict="false")
    others = tuple(one for one in _others(cursor, claim, chosen) if _fits(claim, one.row))
    if others:
        return Answer("otherwise", claim, others)
    known = tuple(one for one in adopted if one.row.value is not None)
    return Answer("false" if known else "unknown", claim, known)


def _from_before(cursor: duckdb.DuckDBPyConnection, claim: Claim, now: Match) -> Answer:
    """Whether what it has come from is right too, by the months that the scope compares with."""
    before, compared = claim.before, now.scope.compared()
    if before is None or compared is None:
        return Answer("unknown", claim, (now,))
    then = Match(now.metric, compared, measure(cursor, now.metric, compared)[0], True)
    fits = _fits(replace(claim, percent=before[0], decimals=before[1], counts=None), then.row)
    return Answer("true" if fits else "unknown" if then.row.value is None else "false", claim, (now, then))


def _chosen(claim: Claim, scope: Scope) -> Scope:
    if claim.months and claim.months[0] <= claim.months[1]:
        scope = replace(scope, month_from=claim.months[0], month_to=claim.months[1])
    return replace(scope, departments=(claim.department,)) if claim.department else scope


def _others(cursor: duckdb.DuckDBPyConnection, claim: Claim, chosen: Scope) -> Iterator[Match]:
    """The same goals by every definition, in the months that are named; where none are, in all that are followed up."""
    scopes: Sequence[Scope] = [chosen]
    if claim.months is None:
        known = period(cursor)
        spans = [known.default(), *((one.month_from, one.month_to) for one in known.follow_ups(years=4))]
        scopes = [
            replace(chosen, month_from=first, month_to=last) for first, last in dict.fromkeys([_span(chosen), *spans])
        ]
    for scope in scopes:
        for goal in claim.goals:
            for code in variants(goal):
                yield Match(code, scope, measure(cursor, code, scope)[0], code == GOALS[goal])


def _span(scope: Scope) -> Months:
    return scope.month_from, scope.month_to


def _fits(claim: Claim, row: Row) -> bool:
    """Whether the row is what the claim says, as it would be written with as many decimals."""
    if row.value is None:
        return False
    value = 100 * (1 - float(row.value) if claim.rest else float(row.value))
    if claim.percent is not None and claim.words:
        return abs(value - claim.percent) <= ABOUT
    if claim.percent is not None and not _rounds(value, claim.percent, claim.decimals):
        return False
    if claim.counts is None:
        return True
    if row.numerator is None or row.denominator is None:
        return False
    counted, of = int(row.numerator), int(row.denominator)
    return claim.counts == (of - counted if claim.rest else counted, of)


def _rounds(value: float, written: float, decimals: int) -> bool:
    """Whether a percentage is written so; 0 and 100 are written of nothing and of all alone."""
    if written in (0, 100) or value in (0, 100):
        return value == written
    step = 10.0**-decimals
    if (written == step and value < step) or (written == 100 - step and value > written):
        return True
    return abs(value - written) <= step / 2 + 1e-9
