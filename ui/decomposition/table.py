"""The services behind a goal's change, with their points of each part."""

from collections.abc import Sequence

from analytics.decomposition.effects import Counts, ServiceEffect, add_points, points_of
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope
from analytics.registers.services import services
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components.cells import Cell
from ui.components.tables import Marked, Table, service_table, whole_numbers
from ui.decomposition import summary, text
from ui.decomposition.chart import Part, parts
from ui.text import labels, numbers
from ui.text.i18n import _, words

DECIMALS = 2  # of points


def table(scope: Scope, code: str) -> Table:
    """Every service that moved the share: its points, which sum to the change, and its share and what that is of, then and now."""
    moved, register = _moved(scope, code), database.answer(services)
    known = [register.get(one.service or "") for one in moved]
    points = {
        _("All, points"): _hundredths([one.points for one in moved]),
        **{_("{part}, points").format(part=part.name): _part_points(part, moved) for part in parts(code)},
    }
    columns = {
        _("Department"): [labels.department(service and service.department_id) for service in known],
        **points,
        _("In or out"): [_reasons(one) for one in moved],
        **_shares(code, moved),
    }
    title, ids = (
        _("What changed, by service: {goal}").format(goal=words(metrics()[code].title)),
        [one.service for one in moved],
    )
    based_on, nothing = (
        (code, "change_rate", "change_season", "change_mix", "change_coverage"),
        _("No service changed the share."),
    )
    told = {name: values for name, values in points.items() if any(map(_seen, values)) or name == _("All, points")}
    heads = {_("All, points"): _("All of it")} | {
        _("{part}, points").format(part=one.name): one.name for one in parts(code)
    }
    marks = {name: Marked("number", list(map(_signed, values)), heads[name]) for name, values in told.items()}
    more = {"nothing": nothing, "shown": tuple(told), "under": _("Department"), "marks": marks}
    return service_table(title, ids, columns, based_on, decimals=DECIMALS, **more)


def _moved(scope: Scope, code: str) -> list[ServiceEffect]:
    """The services that moved the share, or came or went with points."""
    change = summary.load_change(code, scope)
    every = change.split.services if change and change.split else ()
    return [
        one
        for one in every
        if one.rate or one.season or one.mix or any(points for _why, points in one.coverage_reasons)
    ]


def _part_points(part: Part, moved: Sequence[ServiceEffect]) -> list[float]:
    return _hundredths([add_points(points_of(one, kind) for kind in part.kinds) for one in moved])


def _reasons(one: ServiceEffect) -> str:
    return ", ".join(labels.label("cause_reason", reason) for reason, _points in one.coverage_reasons)


def _hundredths(points: Sequence[float]) -> list[float]:
    return [100 * one for one in points]


def _shares(code: str, moved: Sequence[ServiceEffect]) -> dict[str, object]:
    """The share of each service then and now, and what it is of; where each is counted once, what it had."""
    then, now = [one.then for one in moved], [one.now for one in moved]
    if code == "e_service_coverage":
        return {_("Comparison period"): [_had(one) for one in then], _("Period"): [_had(one) for one in now]}
    of_then, of_now = _("Comparison period, of"), _("Period, of")
    if text.counts_cases(code):
        of_then, of_now = _("Comparison period, of cases"), _("Period, of cases")
    return {
        _("Comparison period, %"): [_percentage(one) for one in then],
        of_then: whole_numbers([one.denominator or None for one in then]),
        _("Period, %"): [_percentage(one) for one in now],
        of_now: whole_numbers([one.denominator or None for one in now]),
    }


def _signed(points: float) -> Cell:
    """A cell of points with their sign; what rounds to nothing has none."""
    sign = ("+" if points > 0 else "−") if _seen(points) else ""
    return Cell(sign + numbers.number(abs(points), DECIMALS), points)


def _seen(points: float) -> bool:
    """Whether points are more than nothing as they are written."""
    return bool(round(points, DECIMALS))


def _had(counted: Counts) -> str:
    if not counted.denominator:
        return _("not counted")
    return _("e-service") if counted.numerator else _("no e-service")


def _percentage(counted: Counts) -> float | None:
    """The share as 0–100; None where fewer than twenty are counted."""
    share = counted.share
    return None if share is None or counted.denominator < MIN_DENOMINATOR else 100 * share
