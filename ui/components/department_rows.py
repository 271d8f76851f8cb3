"""The departments side by side: a row each, named once, and a column of dots for each goal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from analytics.metrics.catalogue import GOAL_CODES, GOALS, metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.statistics.confidence import limits
from analytics.statistics.significance import MIN_COVERAGE
from ui.components import chance
from ui.components.cells import Cell, coverage_cell, left_cells
from ui.components.dots import Dot, dot_cell, scale
from ui.components.metric_views import ask, one, share
from ui.components.shares import share_text
from ui.components.tables import Marked, Table, percentage, whole_numbers
from ui.frame import address, filters
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, words

HEAD_PAGE = "tjanster"  # the page of a department's head, where its name leads
Rows = dict[object, Row]


@dataclass(frozen=True)
class Compared:
    """A goal of a scope by department or audience, now and before, and the whole of it."""

    code: str
    whole: Row
    rows: Rows
    before: Rows
    whole_before: Row | None

    @property
    def title(self) -> str:
        """The goal's number and name."""
        metric = metrics()[self.code]
        return _("Goal {n} {title}").format(n=metric.goal, title=words(metric.title))


def compare(code: str, scope: Scope, by: str = "branch") -> Compared:
    """A goal by department (`branch`) or audience, and the same of the comparison."""
    earlier = scope.compared()
    before = {row.by[by]: row for row in ask(code, earlier, by)} if earlier else {}
    rows = {row.by[by]: row for row in ask(code, scope, by)}
    return Compared(code, one(code, scope), rows, before, one(code, earlier) if earlier else None)


def whole_name(scope: Scope) -> str:
    """What the row of all of them is called: the municipality, the department that is chosen, or what is chosen."""
    if len(scope.departments) == 1 and not (scope.audience or scope.services):
        return labels.department(scope.departments[0])
    return _("The whole selection") if scope.narrowed else _("The whole municipality")


def overview(scope: Scope) -> Table:
    """Every department with the three goals and how much it has reported; the highest digital share first."""
    goals = [compare(code, scope) for code in GOAL_CODES]
    branches = sorted({b: None for goal in goals for b in goal.rows}, key=lambda b: _order(goals[1].rows.get(b)))
    total = len(branches) > 1
    columns: dict[str, object] = {_("Department"): _names(branches, scope, total)}
    marks: dict[str, Marked] = {}
    for goal in goals:
        columns |= _numbers(goal, branches, total)
        marks[_percent(goal)] = _dots(goal, branches, total)
    _add_reported(columns, marks, branches, scope)
    title, used = _("The three goals by department"), (*GOAL_CODES, "reporting")
    return _table(title, columns, used, marks, _links(branches, scope, total), total=total, key=key())


def order(scope: Scope) -> str:
    """In which order the departments of `overview` stand; blank where there are not two."""
    return _("The largest share of digital cases first.") if len(ask(GOALS[2], scope, "branch")) > 1 else ""


def _table(
    title: str,
    columns: Mapping[str, object],
    metrics: tuple[str, ...],
    marks: Mapping[str, Marked],
    links: tuple[str, ...],
    **more: Any,
) -> Table:
    """A table of which the page has the names of the rows, the first of the columns, and what is marked."""
    nothing, shown = _("Nothing in the selection is reported yet."), (next(iter(columns)), *marks)
    rows = pd.DataFrame(columns)
    return Table(title, rows, metrics, 1, links=links, nothing=nothing, shown=shown, marks=marks, **more)


def _add_reported(
    columns: dict[str, object], marks: dict[str, Marked], branches: Sequence[object], scope: Scope
) -> None:
    """Adds how much each department has reported, and all together where they are several."""
    found = {row.by["branch"]: row for row in ask("reporting", scope, "branch")}
    rows = [found.get(branch) for branch in branches] + ([one("reporting", scope)] if len(branches) > 1 else [])
    known = [None if row is None or row.value is None else float(row.value) for row in rows]
    name = _("Fully reported months, %")
    columns[name] = [None if value is None else 100 * value for value in known]
    cells = [coverage_cell(value, value is not None and value < MIN_COVERAGE) for value in known]
    marks[name] = Marked("coverage", cells, _("Fully reported months"), label=_("Reported"))


def goal(scope: Scope, code: str) -> Table:
    """Every department with what comes off the goal there, most first; its share beside what chance allows; what is reported."""
    found = compare(code, scope)
    branches = sorted(found.rows, key=lambda branch: (-(_left(found.rows[branch]) or 0), _order(found.rows[branch])))
    total = len(branches) > 1
    rows = [found.rows[branch] for branch in branches] + ([found.whole] if total else [])
    lacking, percent = left_title(code), _percent(found)
    columns: dict[str, object] = {
        _("Department"): _names(branches, scope, total),
        lacking: whole_numbers([_left(row) for row in rows]),
        **_numbers(found, branches, total),
    }
    left = left_cells([_left(found.rows[branch]) for branch in branches])
    band = total and chance.applies_to(code)
    marks = {
        lacking: Marked("left", [*left, *([_sum(found.whole)] if total else [])], label=_("Left to do")),
        percent: _dots(found, branches, total, chance=band, counted=True),
    }
    used: tuple[str, ...] = (code, "chance_limits") if chance.applies_to(code) else (code,)
    if metrics()[code].time != "stock":  # it rests on what is reported month by month
        _add_reported(columns, marks, branches, scope)
        used += ("reporting",)
    title, links = _("{goal} by department").format(goal=found.title), _links(branches, scope, total, here=True)
    return _table(title, columns, used, marks, links, total=total, key=key(chance=band))


def audiences(scope: Scope, code: str) -> Table:
    """Residents' services beside employees'."""
    found = compare(code, scope, "audience")
    codes = [audience for audience in found.rows if audience]
    columns: dict[str, object] = {
        _("Audience"): [filters.audiences()[str(audience)] for audience in codes],
        **_numbers(found, codes, False),
    }
    links = () if scope.audience else tuple(address.link_here(audience=str(audience)) for audience in codes)
    marks = {_percent(found): _dots(found, codes, False, counted=True)}
    return _table(_("{goal} by audience").format(goal=found.title), columns, (code,), marks, links)


def units(scope: Scope) -> Table:
    """The units of a department: their three goals in numbers, the highest digital share first."""
    goals = [compare(code, scope) for code in GOAL_CODES]
    branches = sorted({b: None for goal in goals for b in goal.rows}, key=lambda b: _order(goals[1].rows.get(b)))
    columns: dict[str, object] = {_("Unit"): labels.branches(branches, scope)}
    for goal in goals:
        columns |= _numbers(goal, branches, False)
    marks = {_percent(goal): Marked("number", _values(goal, branches), _short(goal.code)) for goal in goals}
    links = _links(branches, scope, False, here=True)
    return _table(_("The three goals by unit"), columns, GOAL_CODES, marks, links)


def _values(goal: Compared, branches: Sequence[object]) -> list[Cell]:
    rows = [goal.rows.get(branch, UNKNOWN) for branch in branches]
    return [Cell(share_text(share(row)), "" if row.value is None else float(row.value)) for row in rows]


def _short(code: str) -> str:
    return _("Goal {n}").format(n=metrics()[code].goal)


def left_title(code: str) -> str:
    """What comes off a goal, in words."""
    return {
        "e_service_coverage": _("Services without an e-service"),
        "digital_submission": _("Cases in another way than an e-service"),
        "digital_handling": _("Cases with steps that are not digital"),
    }[code]


def key(*, chance: bool = False) -> Markup:
    """What the marks of the rows mean, with the band where there is one."""
    marks = [
        ("tail", _("now, and the change")),
        ("few", _("fewer than 20, as a count")),
        ("line", _("all together")),
        *([("band", _("what chance can give"))] if chance else []),
    ]
    return tag("p", *(tag("span", tag("i", class_=f"key-{mark}"), text) for mark, text in marks), class_="dots-key")


def _order(row: Row | None) -> tuple[bool, float]:
    """The highest first, the unknown last."""
    return row is None or row.value is None, -float(row.value or 0) if row else 0.0


def _names(branches: Sequence[object], scope: Scope, total: bool) -> list[str]:
    return [*labels.branches(branches, scope), *([whole_name(scope)] if total else [])]


def _links(branches: Sequence[object], scope: Scope, total: bool, *, here: bool = False) -> tuple[str, ...]:
    """Where a department's name leads: to its head's page, or to this page for it alone; nowhere from its own."""
    links = ["" if b is None or b in scope.departments else _link(str(b), here) for b in branches]
    return (*links, *([""] if total else []))


def _link(branch: str, here: bool) -> str:
    return address.link_here(department=[branch]) if here else address.link(HEAD_PAGE, department=[branch])


def _percent(goal: Compared) -> str:
    return _("{goal}, %").format(goal=goal.title)


def _numbers(goal: Compared, branches: Sequence[object], total: bool) -> dict[str, object]:
    """A goal as three columns: the share, what it counts, and of how many."""
    found = [goal.rows.get(branch) for branch in branches] + ([goal.whole] if total else [])
    counted = [row.numerator if row and row.denominator else None for row in found]
    return {
        _percent(goal): [percentage(row) for row in found],
        _("{goal}, number").format(goal=goal.title): whole_numbers(counted),
        _("{goal}, of").format(goal=goal.title): whole_numbers([(row and row.denominator) or None for row in found]),
    }


UNKNOWN = Row({}, None, None, None, None, None, "not_reported")


def _dots(
    goal: Compared, branches: Sequence[object], total: bool, *, chance: bool = False, counted: bool = False
) -> Marked:
    """The dots of a goal, the whole's last."""
    pairs = [(goal.rows.get(branch, UNKNOWN), goal.before.get(branch)) for branch in branches]
    whole = share(goal.whole)
    cells = [dot_cell(_dot(*pair, goal.whole if chance else None, counted), whole) for pair in pairs]
    if total:
        cells.append(dot_cell(_dot(goal.whole, goal.whole_before, None, counted), whole))
    return Marked("dots", cells, goal.title, scale(whole), words(metrics()[goal.code].title))


def _dot(now: Row, before: Row | None, whole: Row | None, counted: bool) -> Dot:
    band = None
    if whole is not None and whole.value is not None and now.denominator:
        band = limits(float(whole.value), float(now.denominator))
    return Dot(share(now), share(before) if before else None, band, counted)


def _left(row: Row) -> int | None:
    """How many come off the goal; None where that is not known."""
    return None if row.value is None else int(row.denominator or 0) - int(row.numerator or 0)


def _sum(whole: Row) -> Cell:
    """All that come off it, without a bar: it would be longer than all the others."""
    left = _left(whole)
    if left is None:
        return Cell(numbers.MISSING, "")
    return Cell(tag("b", numbers.count(left)), left)
