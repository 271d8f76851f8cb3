"""The overview's blocks: where each department stands, the monthly course, who pays, and the table behind."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics.catalogue import metrics
from analytics.dimensions import service_names
from analytics.findings import GOALS
from analytics.query import Row
from analytics.scope import Scope
from ui import address, costs, names, numbers, page, store, theme
from ui.charts.dots import Dot, dots
from ui.charts.frame import draw
from ui.charts.line import Month, line
from ui.charts.ranking import Bar, ranking
from ui.goals import ask, one, share
from ui.text import _, ngettext, words

MOST = 12  # departments in a picture; the table has them all


def _ranked(dot: Dot) -> tuple[bool, bool, float]:
    """The highest first; those with few cases after them, the unknown last."""
    return dot.now is None, dot.few, -(dot.now or 0)


def departments(code: str, scope: Scope) -> list[Dot]:
    """Each branch with its share of a goal now and in the comparison."""
    before = scope.compared()
    earlier = {row.by["branch"]: row for row in ask(code, before, "branch")} if before else {}
    return sorted((_dot(row, earlier.get(row.by["branch"])) for row in ask(code, scope, "branch")), key=_ranked)


def _dot(row: Row, before: Row | None) -> Dot:
    now = share(row)
    then = share(before) if before else None
    tail = None if then is None or then.few or now.few else then.value
    return Dot(names.department(row.by["branch"]), now.value, tail, now.numerator, now.denominator)


def nothing_chosen(scope: Scope) -> bool:
    """Whether there is no service in what is chosen, though there are services."""
    return not one("services", scope).value and bool(store.answer(service_names))


def side_by_side(scope: Scope) -> None:
    """The departments side by side, a picture for each goal."""
    for column, code in zip(st.columns(len(GOALS), gap="medium"), GOALS, strict=True):
        with column:
            rows = departments(code, scope)
            page.subheading(words(metrics()[code].title))
            if any(dot.now is not None for dot in rows):
                _dots(rows, f"departments-{code}")
            else:
                page.empty(_("Nothing is known here yet."), _("To the import"), address.link("importera"))


def _dots(rows: Sequence[Dot], key: str) -> None:
    figure = dots(rows[:MOST], theme.palette())
    draw(figure, key)
    page.reading(figure.alt)
    if len(rows) > MOST:
        more = ngettext("{n} more stands in the table.", "{n} more stand in the table.", len(rows) - MOST)
        page.reading(more.format(n=numbers.count(len(rows) - MOST)))


def course(scope: Scope) -> None:
    """The monthly course of the three goals, with the comparison in grey."""
    for column, code in zip(st.columns(len(GOALS), gap="medium"), GOALS, strict=True):
        with column:
            title = words(metrics()[code].title)
            figure = line(_months(code, scope), theme.palette(), name=title, now=_("now"), before=_before(scope))
            page.subheading(title)
            draw(figure, f"course-{code}")
            page.reading(figure.alt)


def _before(scope: Scope) -> str:
    return _("a year before") if scope.comparison == "last_year" else _("before")


def _months(code: str, scope: Scope) -> list[Month]:
    before = scope.compared()
    now = ask(code, scope, "month")
    then: Sequence[Row | None] = ask(code, before, "month") if before else [None] * len(now)
    return [_month(row, earlier) for row, earlier in zip(now, then, strict=True)]


def _month(row: Row, before: Row | None) -> Month:
    now, then = share(row), share(before).value if before else None
    few = numbers.out_of(now.numerator, now.denominator) if now.few and now.value is not None else ""
    return Month(row.by["month"], now.value, then, few)


def payers(scope: Scope) -> None:
    """Who pays, the unplaced first."""
    paid = costs.by_payer(scope)
    if not paid:
        page.empty(_("No costs are booked in what you have chosen."), _("Import costs"), address.link("importera"))
        return
    roles = {costs.OWNER: "grey_1", costs.UNPLACED: "accent"}
    bars = [Bar(costs.payer_name(code), value, roles.get(str(code), "grey_2")) for code, value in paid.items()]
    draw(ranking(bars, theme.palette(), say=numbers.money), "payers")
    page.reading(costs.headline(scope) + ".")
    if scope.audience:
        page.reading(_("Costs cannot be told by audience: these are for all."))


def table(scope: Scope) -> pd.DataFrame:
    """Every branch with the three goals: value in per cent (blank where fewer than twenty are counted) and counts."""
    by_goal = {code: {row.by["branch"]: row for row in ask(code, scope, "branch")} for code in GOALS}
    branches = dict.fromkeys(branch for rows in by_goal.values() for branch in rows)
    columns: dict[str, list[object]] = {_("Department"): [names.department(branch) for branch in branches]}
    for code, rows in by_goal.items():
        metric = metrics()[code]
        title = words(metric.title)
        found = [rows.get(branch) for branch in branches]
        columns[_("{goal}, %").format(goal=title)] = [_percentage(row) for row in found]
        columns[_("{goal}, of").format(goal=title)] = pd.array(
            [(row and row.denominator) or None for row in found], "Int64"
        )
    return pd.DataFrame(columns)


def _percentage(row: Row | None) -> float | None:
    if row is None or row.value is None or share(row).few:
        return None
    return round(100 * float(row.value), 1)
