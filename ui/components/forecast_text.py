"""Where a goal is heading, in sentences: what the forecast says or why there is none."""

from collections.abc import Sequence
from datetime import date
from math import ceil

from analytics.forecast.history import History
from analytics.forecast.level_shifts import ChangeKind, LevelShift, RegisterChange
from analytics.forecast.model import NEARLY_ALL, YEAR, Forecast, ForecastPoint
from analytics.forecast.target_path import TargetPath, month_end
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import add_months, months_between
from ui.text import labels, numbers
from ui.text.i18n import _

ALL = 1.0
LONGEST = 20  # years: when 100 % is reached later than that is not told
KINDS: Sequence[ChangeKind] = (
    "event",
    "launched",
    "closed",
    "steps",
    "published",
    "withdrawn",
)  # the most telling first
MOST_NAMED = 2  # changes behind a level shift


def future(forecast: Forecast, months: int) -> str:
    """Where the line points so many months ahead, and when it reaches 100 %; the line may count less than the goal does."""
    return f"{_likely(forecast.future[months - 1])} {_whole(forecast)}"


def course_finding(forecast: Forecast, months: int) -> str:
    """Where the line points so many months ahead, and of which services where it does not count all."""
    point, known = forecast.future[months - 1], forecast.history
    told = {"value": numbers.forecast_percent(point.value), "month": numbers.month(point.month)}
    if known.services >= known.counted_services:
        return _("About {value} in {month} if this goes on").format(**told)
    part = numbers.out_of(known.services, known.counted_services)
    return _("About {value} in {month} for {part} services if this goes on").format(**told, part=part)


def pace_finding(forecast: Forecast, targets: TargetPath, *, all_known: bool = True) -> str:
    """When the next target that is not reached is reached at this pace, beside its day; that one is reached only of all.

    Blank where there is none that can be told of.
    """
    month, share = forecast.latest
    left = next((one for one in targets.targets if one.day > month_end(month) and one.share > share), None)
    if left is None:
        coming = targets.next(month_end(month))
        if coming is None or not all_known:
            return ""
        return _("The target {target} is reached already").format(target=numbers.target_percent(coming))
    told = {"target": numbers.target_percent(left), "end": numbers.month(forecast.future[-1].month)}
    reached = next((one.month for one in forecast.future if one.value >= left.share), None)
    if reached is None and left.day <= month_end(forecast.future[-1].month):
        return _("At this pace the target {target} is not reached in time").format(**told)
    if reached is None:
        return _("At this pace the target {target} is not reached before {end}").format(**told)
    late = months_between(left.day.replace(day=1), reached)
    if late <= 0:
        return _("At this pace the target {target} is reached in time").format(**told)
    if late < YEAR:
        return numbers.plural(
            "At this pace the target {target} is reached {n} month late",
            "At this pace the target {target} is reached {n} months late",
            late,
            **told,
        )
    return numbers.plural(
        "At this pace the target {target} is reached about {n} year late",
        "At this pace the target {target} is reached about {n} years late",
        round(late / YEAR),
        **told,
    )


def _likely(one: ForecastPoint) -> str:
    middle, low, high = (numbers.forecast_percent(share) for share in (one.value, one.low, one.high))
    values = {"value": middle, "low": low, "high": high, "month": numbers.month(one.month)}
    if low == high:
        return _("If this goes on, the share is {value} in {month}.").format(**values)
    return _(
        "If this goes on, the share is about {value} in {month}. In four cases of five it will be "
        "between {low} and {high}."
    ).format(**values)


def _whole(forecast: Forecast) -> str:
    """When 100 % is reached at this pace: at the earliest where the upper end of the interval is there."""
    earliest, likely, end = forecast.upper_bound_reaches(ALL), forecast.median_reaches(ALL), forecast.future[-1].month
    values = {"all": numbers.percent(ALL), "earliest": numbers.month(earliest), "likely": numbers.month(likely)}
    if forecast.latest[1] == ALL:
        return _("The share is {all}.").format(**values)
    if forecast.latest[1] >= NEARLY_ALL:
        return _("The share is almost {all}.").format(**values)
    if likely is None:
        return _beyond(forecast, None if earliest == end else earliest)
    if likely == earliest:
        return _("At this pace {all} is reached in {likely}.").format(**values)
    return _("At this pace {all} is most likely reached in {likely}, at the earliest in {earliest}.").format(**values)


def _beyond(forecast: Forecast, earliest: date | None) -> str:
    """When 100 % is reached, later than the forecast goes, were its mean pace kept; `earliest` by the interval's upper end."""
    last, (month, share) = forecast.future[-1], forecast.latest
    pace = (last.value - share) / months_between(month, last.month)
    values = {
        "all": numbers.percent(ALL),
        "end": numbers.month(last.month),
        "years": numbers.count(LONGEST),
        "earliest": numbers.month(earliest),
    }
    if pace * YEAR * LONGEST < ALL - share:
        return _("At this pace {all} is not reached within {years} years.").format(**values)
    year = add_months(month, ceil((ALL - share) / pace)).year
    if earliest:
        return _("At this pace {all} would be reached about {year}, at the earliest in {earliest}.").format(
            **values, year=year
        )
    return _("At this pace {all} would be reached about {year}. The forecast goes no further than {end}.").format(
        **values, year=year
    )


def basis(code: str, forecast: Forecast, until: date, goal: float | None = None, *, part: bool = False) -> str:
    """What the line counts: how many months each point holds, up to when where that is not `until`, and which services.

    And what the interval holds, and a level shift within the last year. `goal` is where the goal stands, where the line does not.
    Of a part of the municipality goal 3 moves by whole services: docs/forecast.md tells what that does to the forecast.
    """
    last = forecast.history.last.month
    sentences = (
        _("Each point shows twelve months together.") if forecast.window > 1 else "",
        "" if last == until else _("The figures reach up to {month}.").format(month=numbers.month(last)),
        _services(code, forecast.history),
        "" if goal is None else _level(code, forecast, goal),
        _shift(forecast.recent_shift, forecast) if forecast.recent_shift else "",
        _(
            "The interval is as wide as earlier forecasts on the same figures would have needed to hold four times of five."
        ),
        _weeks(forecast.week_error) if forecast.week_error else "",
        _("Coming launches and decisions are not counted in."),
        _steps() if part and code == "digital_handling" else "",
    )
    return " ".join(part for part in sentences if part)


def _weeks(half: float) -> str:
    """That counting weeks make the interval wider, and by how much the latest share is unsure."""
    wide = _("It is wider for the counting weeks: they leave the latest share open by ±{points}, four times of five.")
    return wide.format(points=numbers.points(half, 1))


def _shift(shift: LevelShift, forecast: Forecast) -> str:
    """A level shift within the last year, what changed then, and that it is no trend."""
    values = {"points": numbers.points(abs(shift.size)), "month": numbers.month(shift.month), "what": _changes(shift)}
    template = (
        _("The level rose by {points} in {month}{what}.")
        if shift.size > 0
        else _("The level fell by {points} in {month}{what}.")
    )
    kept = (
        _("It is counted as a jump, apart from the trend.")
        if forecast.trend
        else _("It is counted as a jump: no trend shows yet.")
    )
    slow = (
        _("Since each point shows twelve months, the whole jump does not show until a year later.")
        if forecast.window > 1
        else ""
    )
    return " ".join(part for part in (template.format(**values), kept, slow) if part)


def _changes(shift: LevelShift) -> str:
    """What the registers know of that month in brackets: one kind of change, at most two of them; blank otherwise."""
    kind = next((change.kind for change in sorted(shift.changes, key=lambda one: KINDS.index(one.kind))), None)
    texts = list(dict.fromkeys(_change(change) for change in shift.changes if change.kind == kind))
    return f" ({', '.join(texts)})" if 0 < len(texts) <= MOST_NAMED else ""


def _change(change: RegisterChange) -> str:
    template = {
        "event": "{name}",
        "launched": _("the e-service “{name}” was launched"),
        "closed": _("the e-service “{name}” was closed"),
        "published": _("{name} was published"),
        "withdrawn": _("{name} was withdrawn"),
        "steps": _("the handling of {name} changed"),
    }[change.kind]
    if change.kind == "event":
        return template.format(name=change.subject)
    return template.format(
        name=labels.e_service(change.subject)
        if change.kind in ("launched", "closed")
        else labels.service(change.subject)
    )


def _steps() -> str:
    return _(
        "Here a single service can make the share jump. The forecast is then no safer than assuming the "
        "same share as last year."
    )


def _services(code: str, known: History) -> str:
    """Which services are counted, where it is not all; blank otherwise."""
    if known.services >= known.counted_services:
        return ""
    values = {
        "n": numbers.count(known.services),
        "of": numbers.count(known.counted_services),
        "part": numbers.percent(known.covered_share),
    }
    if code == "e_service_coverage":
        template = _("The forecast is based on {n} of {of} services: those with figures all along.")
    else:
        template = _(
            "The forecast is based on {n} of {of} services, reported in the same way all along. They have "
            "{part} of the cases."
        )
    return template.format(**values)


def _level(code: str, forecast: Forecast, goal: float) -> str:
    ends = numbers.percents(forecast.latest[1], goal)
    if forecast.window == 1 and metrics()[code].time == "flow":
        return _("The line ends at {line} for the latest month. For the last twelve months the share is {all}.").format(
            line=ends[0], all=ends[1]
        )
    return _(
        "For the services of the forecast the share is {line}, for all services {all}. Targets are compared with {all}."
    ).format(line=ends[0], all=ends[1])
