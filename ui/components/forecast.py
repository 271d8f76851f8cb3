"""Where a goal is heading: the forecast with its interval, the path between the targets, and what the next one takes."""

from datetime import date

import streamlit as st

from analytics.forecast.history import Refusal
from analytics.forecast.model import Forecast, forecast, forecast_scope
from analytics.forecast.planned import GOAL
from analytics.forecast.target_path import STILL, TargetPath, month_end, target_path
from analytics.forecast.target_status import Measured, measured
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope, months_between
from ui import database
from ui.charts.outlook import Course, outlook
from ui.components import data_basis, forecast_refusals, forecast_text, planned, target_text
from ui.frame import page
from ui.text import labels
from ui.text.html import definition_list, tag
from ui.text.i18n import _, words

NEAR = 24  # months shown ahead, or more when the next target lies later


def block(code: str, scope: Scope) -> None:
    """The picture with three facts beside it; only sentences where there is no forecast."""
    found, targets = _load(code, scope)
    by_plan = planned.scenario(forecast_scope(scope)) if code == GOAL else ""
    if isinstance(found, Forecast):
        months, now = horizon(found, targets), _measured(code, scope, found.latest[0])
        goal, part = _apart(found, now), scope.narrowed
        picture = outlook(_course(code, found, targets, months, goal))
        facts = (
            (_("The forecast"), forecast_text.future(found, months)),
            (_("The targets"), _target(targets, now, found.pace if goal is None else None)),
            (_("What the forecast is based on"), forecast_text.basis(code, found, scope.month_to, goal, part=part)),
            (_("What is under development"), by_plan),
        )
        st.html(tag("div", picture, definition_list(facts, class_="outlook-facts"), class_="beside wide"))
        data_basis.definitions_of("forecast", *(("target_path",) if targets else ()))
    else:
        page.reading(forecast_refusals.refused(code, found))
        page.reading(_target(targets, _measured(code, scope, scope.month_to), None))
        page.reading(by_plan)


def how_to_read(code: str, scope: Scope) -> str:
    """The reading of the picture; blank where there is none."""
    found, targets = _load(code, scope)
    if not isinstance(found, Forecast):
        return ""
    line = _("Blue line: the share so far. Dotted line: the forecast. The band: four cases of five.")
    diamonds = _("Diamonds: the targets.")
    return f"{line} {diamonds}" if targets else line


def _load(code: str, scope: Scope) -> tuple[Forecast | Refusal, TargetPath | None]:
    wide = forecast_scope(scope)
    return database.answer(forecast, code, wide), database.answer(target_path, code, wide)


def _apart(found: Forecast, now: Measured | None) -> float | None:
    """Where the goal stands, where the line counts less than the goal does."""
    return None if now is None or abs(now.share - found.latest[1]) < STILL else now.share


def finding(code: str, scope: Scope) -> str:
    """Whether the next target is reached in time at this pace; where the line points where that cannot be told."""
    found, targets = _load(code, scope)
    if not isinstance(found, Forecast):
        return _("Forecast")
    now = _measured(code, scope, found.latest[0])
    if targets and targets.exact_match and now and _apart(found, now) is None:
        at_pace = forecast_text.pace_finding(found, targets, all_known=now.all_known)
    else:
        at_pace = ""
    return at_pace or forecast_text.course_finding(found, horizon(found, targets))


def horizon(forecast: Forecast, targets: TargetPath | None) -> int:
    """How many months ahead are shown: two years or to the next target, as far as the forecast goes."""
    coming = targets.next(month_end(forecast.latest[0])) if targets else None
    return min(len(forecast.future), max(NEAR, months_between(forecast.latest[0], coming.day) if coming else 0))


def _course(code: str, found: Forecast, targets: TargetPath | None, months: int, goal: float | None) -> Course:
    owner = "" if targets is None or targets.exact_match else _owner(targets)
    return Course(words(metrics()[code].title), found.past, found.future[:months], targets, owner, goal)


def _owner(targets: TargetPath) -> str:
    return _("the whole municipality") if targets.owner is None else labels.department(targets.owner)


def _target(targets: TargetPath | None, now: Measured | None, pace: float | None) -> str:
    """A target is of the goal, so it is held against what the goal is, whatever the line counts."""
    if targets is None or now is None:
        return ""
    as_of, stands = database.period().as_of, (now.month, now.share)
    return target_text.target(targets, stands, pace, _owner(targets), as_of, all_known=now.all_known)


def _measured(code: str, scope: Scope, last: date) -> Measured | None:
    return database.answer(measured, code, forecast_scope(scope), last)
