"""Headlines: the finding of a page as one sentence, built from the numbers in view."""

from collections.abc import Callable, Mapping, Sequence

from analytics.decomposition.cells import decompose_change
from analytics.decomposition.effects import Counts
from analytics.forecast.model import forecast_scope
from analytics.forecast.target_status import target_status
from analytics.insights.findings import findings
from analytics.metrics.catalogue import GOAL_CODES, GOALS, metrics
from analytics.metrics.dimensions import service_names
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.statistics.significance import (
    MIN_COVERAGE,
    MIN_DENOMINATOR,
    MIN_SHARE_CHANGE,
    Change,
)
from analytics.statistics.week_estimates import change_between
from ui import database
from ui.components.metric_views import one
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized, ngettext

LONGEST = 70  # letters of a headline


def _nth(share: float) -> int | None:
    """A share as people say it: 4 is one in four. None where no such fraction lies within two points."""
    near = min((2, 3, 4, 5, 10), key=lambda n: abs(1 / n - share))
    return near if abs(1 / near - share) <= 0.02 else None


def gap(code: str, row: Row, *, brief: bool = False) -> str | None:
    """What is left of a goal, as a clause: "var fjärde tjänst saknar e-tjänst". None when it is met or not known.

    Where it is `brief` the cases came in "another way", without than which.
    """
    if row.value is None or row.value == 1 or not row.denominator:
        return None
    missing, left = 1 - float(row.value), int(row.denominator) - int(row.numerator or 0)
    nth, few = _nth(missing), row.denominator < MIN_DENOMINATOR
    if missing == 1 and not few:
        return labels.label("goal_none", code)
    kind = "goal_gap_in_n" if nth else "goal_gap_share"
    if few:
        kind = "goal_gap_one" if row.denominator == 1 else "goal_gap_few"
    return labels.label(kind, code).format(
        than="" if brief else _(" than an e-service"),
        one_in_n=labels.label("every_nth_service" if code == GOALS[1] else "one_case_in", str(nth)) if nth else "",
        share=numbers.percent(missing),
        part=numbers.out_of(left, int(row.denominator)),
    )


def behind(scope: Scope) -> str | None:
    """Which goals are behind their targets, as a clause; None where none is, or none has targets of its own."""
    found = {code: database.answer(target_status, code, forecast_scope(scope)) for code in GOAL_CODES}
    late = [
        metrics()[code].goal
        for code, status in found.items()
        if status and status.deviation and status.deviation.is_behind
    ]
    if not late:
        return None
    one_, two, all_ = (
        _("goal {} is behind its targets"),
        _("goals {} and {} are behind targets"),
        _("all three goals are behind targets"),
    )
    return (one_, two, all_)[len(late) - 1].format(*late)


def _moved(scope: Scope, now: dict[str, Row]) -> tuple[str, Change] | None:
    """The goal that moved most, and how; one whose change can be told before one whose reporting changed."""
    before = scope.compared()
    if before is None:
        return None
    changes: dict[str, Change | None] = {code: database.answer(change_between, code, scope, before) for code in now}
    moves = [(code, moved) for code, moved in changes.items() if moved and abs(moved.points) >= MIN_SHARE_CHANGE]
    return max(moves, key=lambda move: (move[1].current_coverage >= MIN_COVERAGE, abs(move[1].points)), default=None)


def _with_change(code: str, moved: Change, left: Sequence[str], scope: Scope) -> str:
    """The change, with which goals are behind their targets, or what is left of another, where the two have room together."""
    if moved.current_coverage < MIN_COVERAGE:
        return labels.label("goal_unsure", code)
    text = labels.label("goal_rising" if moved.points > 0 else "goal_falling", code)
    if moved.is_reporting and (said := _with_reporting(text, code, moved, scope)):
        return said
    both = _("{change}, but {gap}") if moved.points > 0 else _("{change}, and {gap}")
    return fitting(*(both.format(change=text, gap=gap) for gap in left), text)


def _same_services_moved(code: str, moved: Change, scope: Scope) -> bool:
    """Whether what is counted in both periods changed the same way, by half as much or more: then reporting is not behind it."""
    split = database.answer(decompose_change, code, scope)
    before, after = split.like_for_like if split else (Counts(), Counts())
    if min(before.denominator, after.denominator) < MIN_DENOMINATOR:
        return False
    return float((after.share or 0) - (before.share or 0)) / moved.points >= 1 / 2


def _with_reporting(text: str, code: str, moved: Change, scope: Scope) -> str:
    """A change that may be nothing but reporting, with who reports less where that is one department; blank where it is more."""
    is_more = _same_services_moved(code, moved, scope)
    if moved.coverage_change >= 0:
        return "" if is_more else _("{change}, perhaps because more is reported").format(change=text)
    perhaps = _("{change}, perhaps because less is reported").format(change=text)
    stopped = next((f for f in database.answer(findings, scope) if f.kind == "stopped_reporting"), None)
    whose = stopped.values["department"] if stopped else None
    if whose is None or scope.departments == (whose,):
        return "" if is_more else perhaps
    department = labels.department(whose)
    return fitting(
        _("{change}, but {department} reports less").format(change=text, department=department),
        text if is_more else perhaps,
    )


def fitting(*headlines: str) -> str:
    """The first that is short enough for a headline; the last where none is."""
    return next((text for text in headlines if len(text) <= LONGEST), headlines[-1])


def overview(scope: Scope) -> str:
    """The headline of the overview, true also when nothing moved, little is known or nothing is."""
    now = {code: one(code, scope) for code in GOAL_CODES}
    known = {code: row for code, row in now.items() if row.value is not None}
    if not known:
        return _nothing_known(now, scope)
    moved = _moved(scope, known)
    if moved:
        others = {code: row for code, row in known.items() if code != moved[0]}
        lags = behind(scope)
        return _with_change(*moved, [*filter(None, [lags]), *(gap for gap, _thin in _furthest(others))], scope)
    gaps = _furthest(known)
    if not gaps:
        return met(now) or _("Nothing is left of what is reported, but not all is reported")
    left, thin = gaps[0]
    before = scope.compared()
    if before and any(_less_known(row, one(code, before)) for code, row in now.items()):
        return _("Less is reported, and {gap}").format(gap=left)
    if thin:
        return _("Little is reported: {finding}").format(finding=left)
    stood = before and any(one(code, before).value is not None for code in known)
    lags = behind(scope)
    if lags:
        return _("Little has changed: {gap}").format(gap=lags) if stood else capitalized(lags)
    return fitting(_("Little has changed: {gap}").format(gap=left), capitalized(left)) if stood else capitalized(left)


def met(rows: Mapping[str, Row]) -> str | None:
    """Which goals are met, where nothing is left of any and all is known; None where something is unknown."""
    if not all(row.all_known for row in rows.values()):
        return None
    reached = [metrics()[code].goal for code, row in rows.items() if row.value == 1]
    if len(reached) == len(rows):
        return _("All goals are met")
    if not reached:
        return _("There is nothing to measure in the selection")
    template = ngettext(
        "Goal {} is met, and in the other two there is nothing to measure",
        "Goals {} and {} are met, and in the third there is nothing to measure",
        len(reached),
    )
    return template.format(*reached)


def _furthest(known: Mapping[str, Row]) -> list[tuple[str, bool]]:
    """What is left of each goal, the furthest from its target first, and whether less than half of it is known; those come last."""
    gaps = {code: left for code, row in known.items() if (left := gap(code, row))}
    thin = {code: (known[code].coverage or 0) < MIN_COVERAGE for code in gaps}
    order = sorted(gaps, key=lambda code: (thin[code], float(known[code].value or 0)))
    return [(gaps[code], thin[code]) for code in order]


def _less_known(now: Row, before: Row) -> bool:
    """Whether so much less is reported that nothing can be said of the change."""
    return (before.coverage or 0) - (now.coverage or 0) >= MIN_COVERAGE / 2


def _nothing_known(now: dict[str, Row], scope: Scope) -> str:
    services = one("services", scope).value
    if not services:
        return without_services()
    if now["e_service_coverage"].state == "not_applicable":
        return _("No service in the selection needs an e-service")
    return _("Too little is reported to show how the goals are doing")


def without_services() -> str:
    """Where the choice holds no service: that it does not, or that the register holds none."""
    known = database.answer(service_names)
    return _("There are no services in the selection") if known else _("No services are imported yet")


def goal(code: str, scope: Scope, most: Callable[[Scope], str]) -> str:
    """One sentence; `most(scope)` tells as a clause where most of it lies ("flest i Vård och omsorg"), or nothing."""
    row = one(code, scope)
    if row.state == "not_reported" and not one("services", scope).value:
        return without_services()
    if row.value is None:
        kinds = {"zero": "goal_empty", "not_applicable": "goal_not_applicable"}
        return labels.label(kinds.get(row.state, "goal_unknown"), code)
    left = gap(code, row)
    if left is None:
        return labels.label(_met_kind(row), code)
    text = capitalized(left)
    if (row.coverage or 0) < MIN_COVERAGE:
        return _("Little is reported: {finding}").format(finding=left)
    if not row.all_known and code == GOALS[3]:
        text = _("{finding}, of what is reported").format(finding=text)
    where = most(scope)
    if not where:
        return text
    shorter = capitalized(gap(code, row, brief=True) or "") if code == GOALS[2] else text
    return fitting(f"{text}, {where}", f"{shorter}, {where}", text)


def _met_kind(row: Row) -> str:
    """Which words say that nothing is left of a goal: of one, of all, or of all that is known."""
    if row.denominator == 1:
        return "goal_met_one"
    return "goal_met" if row.all_known else "goal_met_of_known"


def of_what_is_known(text: str, row: Row, *, whole: bool) -> str:
    """The finding with how much is known, where that is under half, or not all and it says that the `whole` goal is met."""
    if (row.coverage or 0) < MIN_COVERAGE:
        return _("{finding} – but less than half is reported").format(finding=text)
    if whole and not row.all_known:
        unknown = numbers.percent(1 - (row.coverage or 0))
        return _("{finding} – but {share} is not reported").format(finding=text, share=unknown)
    return text
