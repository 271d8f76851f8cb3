"""The heat map of departments, and the address of one department."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components import heatmap
from ui.components.heatmap import Cell, Line
from ui.frame import address, page
from ui.text import labels
from ui.text.i18n import _

NOT_KNOWN = Cell(None)


def narrowed(branch: object, scope: Scope) -> str:
    """The address of this page narrowed to a department; blank where it is narrowed to it, or there is no department."""
    return "" if branch is None or branch in scope.departments else address.link_here(department=[str(branch)])


def heat_by_department(
    by: str,
    rows: Sequence[Row],
    columns: Mapping[Any, str],
    cell: Callable[[Row], Cell],
    scope: Scope,
    caption: str,
    absent: Cell = NOT_KNOWN,
) -> None:
    """Heat map of rows by branch and `by`, whose codes are the `columns` with their names; a name narrows to it.

    `absent` stands where there is no row.
    """
    if not rows:
        page.reading(_("Nothing is reported yet"))
        return
    cells = {(row.by["branch"], row.by[by]): cell(row) for row in rows}
    branches = sorted({row.by["branch"] for row in rows}, key=labels.department)
    lines = [
        Line(name, [cells.get((branch, code), absent) for code in columns], narrowed(branch, scope))
        for branch, name in zip(branches, labels.branches(branches, scope), strict=True)
    ]
    heatmap.draw(_("Department"), list(columns.values()), lines, caption)
