"""Pictures that several pages show: who is where, and the heat map of departments."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.charts.base import draw
from ui.charts.dumbbell import Dot, dumbbell
from ui.components import heatmap
from ui.components.heatmap import Cell, Line
from ui.components.metric_views import ask, share
from ui.frame import address, filters, page, theme
from ui.text import labels, numbers
from ui.text.i18n import _

MOST = 12  # rows of a picture; the table has them all


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
