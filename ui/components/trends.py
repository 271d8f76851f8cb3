"""Pictures that several pages show: who is where, the course over time, the parts of a whole month by month."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope, month_range
from ui.charts.base import draw
from ui.charts.dumbbell import Dot, dumbbell
from ui.charts.share_line import Month, share_line
from ui.charts.stacked_bars import Part, Stack, stacked_bars
from ui.components import events, heatmap, variation
from ui.components.heatmap import Cell, Line
from ui.components.metric_views import ask, share
from ui.components.shares import Share
from ui.frame import address, filters, page, theme
from ui.frame.theme import Role
from ui.text import labels, numbers
from ui.text.i18n import _, words

MOST = 12  # rows of a picture; the table has them all
Shade = tuple[object, str, Role]  # code, name and colour of a part


def narrowed(branch: object, scope: Scope) -> str:
    """The address of this page narrowed to a department; blank where it is narrowed to it, or there is no department."""
    return "" if branch is None or branch in scope.departments else address.link_here(department=[str(branch)])


def departments(code: str, scope: Scope) -> None:
    """Each branch with its share of a goal now and in the comparison; a click narrows to it."""
    _side_by_side(f"departments-{code}", [_dot(*pair, scope) for pair in _pairs(code, scope, "branch")])


def audiences(code: str, scope: Scope) -> None:
    """Residents' services beside employees'; a click narrows to them."""
    rows = []
    for row, before in _pairs(code, scope, "audience"):
        if audience := row.by["audience"]:
            href = "" if scope.audience else address.link_here(audience=str(audience))
            rows.append(_dotted(filters.audiences()[str(audience)], row, before, href))
    _side_by_side(f"audiences-{code}", rows)


def _pairs(code: str, scope: Scope, by: str) -> list[tuple[Row, Row | None]]:
    before = scope.compared()
    earlier = {row.by[by]: row for row in ask(code, before, by)} if before else {}
    return [(row, earlier.get(row.by[by])) for row in ask(code, scope, by)]


def _dot(row: Row, before: Row | None, scope: Scope) -> Dot:
    branch = row.by["branch"]
    return _dotted(labels.department(branch), row, before, narrowed(branch, scope))


def _dotted(name: str, row: Row, before: Row | None, href: str) -> Dot:
    now, then = share(row), share(before) if before else None
    tail = None if then is None or then.few or now.few else then.value
    return Dot(name, now.value, tail, now.numerator, now.denominator, href, now.all_known)


def _ranked(dot: Dot) -> tuple[bool, bool, float]:
    """The highest first; those with few cases after them, the unknown last."""
    return dot.now is None, dot.few, -(dot.now or 0)


def _side_by_side(key: str, rows: Sequence[Dot]) -> None:
    if not any(dot.now is not None for dot in rows):
        page.empty(_("Nothing is known here yet."), *page.to_import())
        return
    ranked = sorted(rows, key=_ranked)
    figure = dumbbell(ranked[:MOST], theme.palette())
    draw(figure, key)
    page.reading(figure.alt)
    if len(ranked) > MOST:
        more = len(ranked) - MOST
        page.reading(numbers.plural("{n} more stands in the table.", "{n} more stand in the table.", more))


def course(code: str, scope: Scope) -> None:
    """A share month by month, with the comparison in grey and marks where something happened; the list of it goes beneath."""
    title = words(metrics()[code].title)
    before = _("a year before") if scope.comparison == "last_year" else _("before")
    st.html(share_line(_months(code, scope), name=title, before=before, marks=events.marks(scope)))
    page.reading(variation.reading(code, scope))


def _months(code: str, scope: Scope) -> list[Month]:
    before = scope.compared()
    now = ask(code, scope, "month")
    then: Sequence[Row | None] = ask(code, before, "month") if before else [None] * len(now)
    return [_month(row, earlier) for row, earlier in zip(now, then, strict=True)]


def _month(row: Row, before: Row | None) -> Month:
    now, then = share(row), share(before) if before else None
    return Month(row.by["month"], now.value, then.value if then else None, _few(now), _few(then) if then else "")


def _few(share: Share) -> str:
    """A share of fewer than twenty as it is said; blank for others."""
    return numbers.out_of(share.numerator, share.denominator) if share.few and share.value is not None else ""


def heat_by_department(
    by: str,
    rows: Sequence[Row],
    columns: Mapping[Any, str],
    cell: Callable[[Row], Cell],
    scope: Scope,
    caption: str,
) -> None:
    """Heat map of rows by branch and `by`, whose codes are the `columns` with their names; a name narrows to it."""
    if not rows:
        page.reading(_("Nothing is reported yet"))
        return
    cells = {(row.by["branch"], row.by[by]): cell(row) for row in rows}
    lines = [
        Line(
            labels.department(branch),
            [cells.get((branch, code), Cell(None)) for code in columns],
            narrowed(branch, scope),
        )
        for branch in dict.fromkeys(row.by["branch"] for row in rows)
    ]
    heatmap.draw(_("Department"), list(columns.values()), lines, caption)


def over_time(
    key: str,
    shades: Sequence[Shade],
    values: Mapping[tuple[object, object], float],
    scope: Scope,
    *,
    stock: bool = False,
    marked: bool = False,
    partly: Collection[date] = (),
) -> None:
    """The parts of a whole month by month, from the bottom up; `values` by month and code. A month without any is hatched.

    `marked` with what happened; the list of it goes beneath. `partly` are the months of which the rest is not known.
    """
    if not values:
        page.reading(_("Nothing is known here yet."))
        return
    months = month_range(scope.month_from, scope.month_to)
    known = {month for month, _code in values}
    parts = [
        Part(name, role, [values.get((month, code), 0.0) if month in known else None for month in months])
        for code, name, role in shades
    ]
    marks = events.marks(scope, register=stock) if marked else ()
    stack = Stack(months, parts, numbers.count, gaps=True, partly=partly, stock=stock)
    figure = stacked_bars(stack, theme.palette(), marks=marks)
    draw(figure, key)
    page.reading(figure.alt)
