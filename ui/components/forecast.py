"""Where a goal is heading: the forecast with its interval, the path between the targets, and what the next one takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from analytics.forecast.model import YEAR, Forecast, forecast, forecast_scope
from analytics.forecast.target_path import TargetPath, month_end, target_path
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope, add_months, months_between
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.charts.base import draw
from ui.charts.event_marks import Mark
from ui.charts.forecast_fan import Course, forecast_fan
from ui.components import data_basis, events, forecast_text
from ui.components.metric_views import one
from ui.frame import page, theme
from ui.text import labels
from ui.text.i18n import _, words

NEAR = 24  # months shown ahead, or more when the next target lies later


def block(code: str, scope: Scope) -> None:
    """The picture and its sentences; only sentences where there is no forecast."""
    page.subheading(_("Where it is heading"))
    found, targets = (
        database.answer(forecast, code, forecast_scope(scope)),
        database.answer(target_path, code, forecast_scope(scope)),
    )
    if isinstance(found, Forecast):
        months, now = horizon(found, targets), _measured(code, scope, found.latest[0])
        goal = None if now is None or abs(now.share - found.latest[1]) < forecast_text.STILL else now.share
        part = bool(scope.departments or scope.audience)
        _picture(code, found, targets, months, goal, events.marks(scope, register=metrics()[code].time == "stock"))
        page.reading(forecast_text.future(found, months))
        page.reading(forecast_text.basis(code, found, scope.month_to, goal, part=part))
        page.reading(_target(targets, now, found.pace if goal is None else None))
        data_basis.definitions_of("forecast", *(("target_path",) if targets else ()))
    else:
        page.reading(forecast_text.refused(code, found))
        page.reading(_target(targets, _measured(code, scope, scope.month_to), None))


def horizon(forecast: Forecast, targets: TargetPath | None) -> int:
    """How many months ahead are shown: two years or to the next target, as far as the forecast goes."""
    coming = targets.next(month_end(forecast.latest[0])) if targets else None
    return min(len(forecast.future), max(NEAR, months_between(forecast.latest[0], coming.day) if coming else 0))


def _picture(
    code: str, forecast: Forecast, targets: TargetPath | None, months: int, goal: float | None, marks: Sequence[Mark]
) -> None:
    """The picture, with the events that the page lists."""
    owner = "" if targets is None or targets.exact_match else _owner(targets)
    course = Course(words(metrics()[code].title), forecast.past, forecast.future[:months], targets, owner, goal)
    draw(forecast_fan(course, theme.palette(), marks=marks), f"outlook-{code}")


def _owner(targets: TargetPath) -> str:
    return _("the whole municipality") if targets.owner is None else labels.department(targets.owner)


@dataclass(frozen=True)
class Measured:
    """Where a goal stands (0–1) in its last month, and whether nothing is unknown of it."""

    month: date
    share: float
    all_known: bool


def _target(targets: TargetPath | None, now: Measured | None, pace: float | None) -> str:
    """A target is of the goal, so it is held against what the goal is, whatever the line counts."""
    if targets is None or now is None:
        return ""
    as_of, stands = database.period().as_of, (now.month, now.share)
    return forecast_text.target(targets, stands, pace, _owner(targets), as_of, all_known=now.all_known)


def _measured(code: str, scope: Scope, last: date) -> Measured | None:
    """Where the goal stands: a flow over twelve months, as a target means it; None where it is not known, or too little is."""
    first = last if metrics()[code].time == "stock" else add_months(last, 1 - YEAR)
    row = one(code, replace(scope, month_from=first, month_to=last, comparison=None))
    if row.value is None or (row.denominator or 0) < MIN_DENOMINATOR:
        return None
    return Measured(last, float(row.value), row.all_known)
