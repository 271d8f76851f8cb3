"""Where a goal is heading: the forecast with its interval, the path between the targets, and what the next one takes."""

from datetime import date

from analytics.catalogue import metrics
from analytics.change import FEW
from analytics.forecast import Forecast, apart, asked, forecast
from analytics.forecast_history import Refusal
from analytics.scope import Scope, shift
from analytics.targets import Path, month_end, path
from ui import names, outlook_words, page, store, theme
from ui.charts.frame import draw
from ui.charts.outlook import Course, outlook
from ui.goals import one
from ui.kept import kept
from ui.text import _, words

NEAR = 24  # months shown ahead, or more when the next target lies later


@kept
def block(code: str, scope: Scope) -> None:
    """The heading, the picture and its sentences; only sentences where there is no forecast."""
    page.heading(_("Where it is heading"))
    found, targets = store.answer(forecast, code, asked(scope)), store.answer(path, code, asked(scope))
    if isinstance(found, Forecast):
        months = horizon(found, targets)
        _picture(code, found, targets, months)
        page.reading(outlook_words.future(found, months))
        page.reading(_target(targets, found.now, found.pace))
        page.reading(outlook_words.basis(code, found, scope.month_to, part=bool(scope.departments or scope.audience)))
    else:
        page.reading(outlook_words.refused(code, found))
        if (now := _measured(code, scope, found)) is not None:
            page.reading(_target(targets, now, None))


def horizon(found: Forecast, targets: Path | None) -> int:
    """How many months ahead are shown: two years or to the next target, as far as the forecast goes."""
    coming = targets.next(month_end(found.now[0])) if targets else None
    return min(len(found.ahead), max(NEAR, apart(found.now[0], coming.day) if coming else 0))


def _picture(code: str, found: Forecast, targets: Path | None, months: int) -> None:
    owner = "" if targets is None or targets.own else _owner(targets)
    course = Course(words(metrics()[code].title), found.past, found.ahead[:months], targets, owner)
    draw(outlook(course, theme.palette()), f"outlook-{code}")


def _owner(targets: Path) -> str:
    return _("the whole municipality") if targets.owner is None else names.department(targets.owner)


def _target(targets: Path | None, now: tuple[date, float], pace: float | None) -> str:
    return "" if targets is None else outlook_words.target(targets, now, pace, _owner(targets))


def _measured(code: str, scope: Scope, why: Refusal) -> tuple[date, float] | None:
    """Where the goal stands without a forecast: a flow over the last twelve months; None where too little is counted."""
    last = scope.month_to
    month = last if metrics()[code].time == "stock" else shift(last, -11)
    row = one(code, Scope(month, last, scope.departments, scope.audience, scope.services, None))
    return None if row.value is None or (row.denominator or 0) < FEW else (last, float(row.value))
