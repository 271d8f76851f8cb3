"""Shares month by month: a small line each, what each found in its heading, what happened, and the months as a table."""

from collections.abc import Iterable, Mapping, Sequence
from math import hypot

import pandas as pd
import streamlit as st
from markupsafe import Markup

from analytics.metrics.catalogue import GOAL_CODES, GOALS, metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.statistics.significance import MIN_COVERAGE, MIN_DENOMINATOR, MIN_SHARE_CHANGE, significant_change
from analytics.statistics.week_estimates import error as week_error
from ui import database
from ui.charts.share_line import Month, share_line
from ui.components import events, tables, variation
from ui.components.metric_views import ask, from_weeks, one, share
from ui.components.shares import Share
from ui.components.tables import Table, percentage, whole_numbers
from ui.frame.cached_blocks import cached_block
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, words

UP, DOWN, STILL = "up", "down", "still"


def block(scope: Scope, codes: Sequence[str] = GOAL_CODES, metric: str = "") -> None:
    """The lines side by side and what happened, each event with `metric` in the months after it; the months behind a click."""
    _lines(scope, tuple(codes), metric)
    tables.folded(f"months-{'-'.join(codes)}", months, scope, tuple(codes))


@cached_block
def _lines(scope: Scope, codes: tuple[str, ...], metric: str) -> None:
    st.html(tag("div", *(figure(code, scope) for code in codes), class_="small-lines"))
    events.listed(scope, metric)


def figure(code: str, scope: Scope) -> Markup:
    """A share month by month under what it did, and whether its latest month is usual."""
    title = words(metrics()[code].title)
    line = share_line(_months(code, scope), name=title, before=before_words(scope), marks=events.marks(scope))
    usual = variation.reading(code, scope)
    said = (tag("p", usual, class_="usual-words"),) if usual else ()
    return tag("figure", tag("h3", _moved(code, scope)), *said, line)


def before_words(scope: Scope) -> str:
    """What the grey line is."""
    return _("a year earlier") if scope.comparison == "last_year" else _("before")


def _months(code: str, scope: Scope) -> list[Month]:
    return [_month(row, earlier) for row, earlier in _pairs(code, scope)]


def _pairs(code: str, scope: Scope) -> list[tuple[Row, Row | None]]:
    """Each month with the one that it is compared with."""
    before = scope.compared()
    now = ask(code, scope, "month")
    then: Sequence[Row | None] = ask(code, before, "month") if before else [None] * len(now)
    return list(zip(now, then, strict=True))


def _month(row: Row, before: Row | None) -> Month:
    now, then = share(row), share(before) if before else None
    return Month(
        row.by["month"], now.value, then.value if then else None, few_words(now), few_words(then) if then else ""
    )


def few_words(share: Share) -> str:
    """A share of fewer than twenty as it is said; blank for others."""
    return numbers.out_of(share.numerator, share.denominator) if share.few and share.value is not None else ""


def direction(code: str, scope: Scope) -> str | None:
    """Whether a goal rose, fell or hardly moved since the comparison; None where that cannot be told."""
    before = scope.compared()
    if before is None:
        return None
    halves = (database.answer(week_error, code, each) for each in (scope, before))
    return direction_of(code, one(code, scope), one(code, before), hypot(*halves))


def direction_of(code: str, now: Row, then: Row, error: float = 0.0) -> str | None:
    """The same of a goal's rows; `error` is half the width of the interval that counting weeks give the change."""
    if now.value is None or then.value is None or (now.coverage or 0) < MIN_COVERAGE:
        return None
    if min(now.denominator or 0, then.denominator or 0) < MIN_DENOMINATOR:
        return None
    change = significant_change(code, now, then, error)
    if change is None or abs(change.points) < MIN_SHARE_CHANGE:
        return STILL
    return UP if change.points > 0 else DOWN


def _moved(code: str, scope: Scope) -> str:
    title = words(metrics()[code].title)
    match direction(code, scope):
        case "up":
            return _("{goals} rose").format(goals=title)
        case "down":
            return _("{goals} fell").format(goals=title)
        case "still":
            return _("{goals} hardly changed").format(goals=title)
        case _:
            return title


def heading(scope: Scope) -> str:
    """What the goals did since the comparison, in one clause."""
    return clause({code: direction(code, scope) for code in GOAL_CODES})


def clause(moves: Mapping[str, str | None]) -> str:
    """The same of what each goal did; those of which it cannot be told are left out."""
    up, down, still = ([code for code, move in moves.items() if move == one] for one in (UP, DOWN, STILL))
    if len(up) == len(GOAL_CODES):
        return _("All three shares rose")
    if len(down) == len(GOAL_CODES):
        return _("All three shares fell")
    if len(still) == len(GOAL_CODES):
        return _("Little has changed")
    if up and down:
        return _("{up} rose, {down} fell").format(up=_named(up), down=_named(down, first=False))
    if up and still:
        return _("{up} rose, {still} hardly").format(up=_named(up), still=_named(still, first=False))
    if down and still:
        return _("{down} fell, {still} hardly").format(down=_named(down), still=_named(still, first=False))
    for codes, said in ((up, _("{goals} rose")), (down, _("{goals} fell")), (still, _("{goals} hardly changed"))):
        if codes:
            return said.format(goals=_named(codes))
    return _("Month by month")


def _named(codes: Iterable[str], *, first: bool = True) -> str:
    """The goals by name, with a capital where they are `first` in the sentence."""
    titles = [words(metrics()[code].title) for code in codes]
    small = [title[:1].lower() + title[1:] for title in titles]
    if first:
        small[0] = titles[0]
    return _(" and ").join(small)


def months(scope: Scope, codes: Sequence[str]) -> Table:
    """A row a month: each share now and before, and of one share alone what it counts and of how many."""
    columns: dict[str, object] = {}
    for code in codes:
        pairs, goal = _pairs(code, scope), words(metrics()[code].title)
        columns[_("Month")] = tables.months([row.by["month"] for row, _before in pairs])
        columns[_("{goal}, %").format(goal=goal)] = [percentage(row) for row, _before in pairs]
        if len(codes) == 1:
            columns[_("{goal}, number").format(goal=goal)] = whole_numbers([_count(row) for row, _before in pairs])
            columns[_("{goal}, of").format(goal=goal)] = whole_numbers([row.denominator or None for row, _b in pairs])
        if scope.compared():
            earlier = _("{goal} {before}, %").format(goal=goal, before=before_words(scope))
            columns[earlier] = [percentage(before) for _row, before in pairs]
    if GOALS[2] in codes and (weeks := from_weeks("fully_reported_cases", scope, "month")):
        columns[_("From counting weeks")] = whole_numbers(
            [weeks.get(row.by["month"]) for row, _b in _pairs(GOALS[2], scope)]
        )
    every = len(codes) == len(GOAL_CODES)
    title = _("The goals month by month") if every else _("{goals} month by month").format(goals=_named(codes))
    return Table(title, pd.DataFrame(columns), tuple(codes), decimals=1)


def _count(row: Row) -> float | None:
    return float(row.numerator or 0) if row.denominator else None
