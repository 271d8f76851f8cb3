"""What the departments show, as headings: who lies below the whole in every goal, and where most of what is left is."""

from collections.abc import Mapping, Sequence

from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components.metric_views import ask, one
from ui.text import labels, numbers
from ui.text.i18n import _

NAMED = 2  # departments named before they are counted
LEAST = 3  # departments to compare
LONGEST = 70  # letters of a heading with names
NEAR_HALF = 0.025
MOST = 0.6
Rows = Mapping[object, Row]


def departments(scope: Scope) -> tuple[str, str]:
    """The heading of the departments side by side and a sentence under it: who lies below the whole in every goal, who above.

    A plain heading and no sentence where no department is on one side in all of them, or a goal is not known.
    """
    by_goal = {code: {row.by["branch"]: row for row in ask(code, scope, "branch")} for code in GOAL_CODES}
    wholes = {code: one(code, scope) for code in GOAL_CODES}
    below, above = sides(by_goal, wholes)
    if not below and not above:
        return _("The departments side by side"), ""
    named = {True: _names(below, scope), False: _names(above, scope)}
    first = bool(below)
    heading = _heading(below if first else above, first, named[first], scope)
    if len(heading) > LONGEST and len(below if first else above) > 1:
        counted = numbers.plural("{n} department", "{n} departments", len(below if first else above))
        listed = [
            _("Lower: {names}.").format(names=named[True]) if below else "",
            _("Higher: {names}.").format(names=named[False]) if above else "",
        ]
        return _heading(below if first else above, first, counted, scope), " ".join(filter(None, listed))
    return heading, f"{_heading(above, False, named[False], scope)}." if first and above else ""


def sides(by_goal: Mapping[str, Rows], wholes: Mapping[str, Row]) -> tuple[list[object], list[object]]:
    """The departments below the whole in every goal, and those above it; none where there are fewer than three to compare."""
    if any(row.value is None for row in wholes.values()):
        return [], []
    branches = [
        b for b in next(iter(by_goal.values())) if b is not None and all(_known(rows, b) for rows in by_goal.values())
    ]
    if len(branches) < LEAST:
        return [], []
    differs = {
        b: [float(rows[b].value or 0) - float(wholes[code].value or 0) for code, rows in by_goal.items()]
        for b in branches
    }
    below = [b for b in branches if all(each < 0 for each in differs[b])]
    return below, [b for b in branches if all(each > 0 for each in differs[b])]


def _known(rows: Rows, branch: object) -> bool:
    return branch in rows and rows[branch].value is not None


def _heading(branches: Sequence[object], below: bool, names: str, scope: Scope) -> str:
    """That these lie below the whole in every goal, or above it."""
    n = len(branches)
    under = (
        _("{names} is below {whole} in all three goals")
        if n == 1
        else _("{names} are below {whole} in all three goals")
    )
    over = (
        _("{names} is above {whole} in all three goals")
        if n == 1
        else _("{names} are above {whole} in all three goals")
    )
    return (under if below else over).format(names=names, whole=_whole(scope))


def _names(branches: Sequence[object], scope: Scope) -> str:
    """The departments by name, or their number where they are many."""
    if len(branches) > NAMED:
        return numbers.plural("{n} department", "{n} departments", len(branches))
    return _(" and ").join(labels.branch(branch, scope) for branch in branches)


def _whole(scope: Scope) -> str:
    if len(scope.departments) == 1 and not scope.services:
        return labels.department(scope.departments[0])
    return _("the whole selection") if scope.narrowed else _("the municipality")


def left(code: str, scope: Scope) -> str:
    """The heading of a goal's departments: in which of them most of what is left is; plain where none has most."""
    rows = {row.by["branch"]: row for row in ask(code, scope, "branch") if row.by["branch"] is not None}
    return left_in(
        {branch: _left(row) for branch, row in rows.items() if row.value is not None}, code, scope.departments
    )


def _left(row: Row) -> int:
    return int(row.denominator or 0) - int(row.numerator or 0)


def left_in(lacking: Mapping[object, int], code: str, chosen: Sequence[str] = ()) -> str:
    """The same of how much is left in each department; one that is chosen is no place in itself."""
    plain, total = _("Where the departments stand"), sum(lacking.values())
    top = max(lacking, key=lambda branch: lacking[branch], default=None)
    if (
        len(lacking) < 2
        or not total
        or top is None
        or tuple(chosen) == (top,)
        or list(lacking.values()).count(lacking[top]) > 1
    ):
        return plain
    part = lacking[top] / total
    told = {"what": labels.label("goal_left", code), "department": labels.department(top)}
    if part == 1:
        template = _("All of {what} are in {department}")
    elif abs(part - 0.5) <= NEAR_HALF:
        template = _("Half of {what} are in {department}")
    elif part >= MOST:
        template = _("Most of {what} are in {department}")
    else:
        template = _("{share} of {what} are in {department}")
    heading = template.format(share=numbers.percent(part), **told)
    return heading if len(heading) <= LONGEST else _("Most is left in {department}").format(**told)
