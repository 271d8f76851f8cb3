"""Outlook: the course so far, a fan of what may come, and the path between dated targets, on one 0–100 axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.forecast.model import ForecastPoint
from analytics.forecast.target_path import Target, TargetPath, month_end
from ui.charts.base import Figure, Spec, axis, label, layout, percent_axis, wrap
from ui.charts.event_marks import Mark, add_marks, with_room
from ui.frame.theme import Palette
from ui.text import numbers
from ui.text.i18n import _

SHOWN = 36  # months of the course so far
FAINT = 0.2  # of the fan's colour
MANY = 5  # years
ROOM = 88  # pixels for the label at the end
LINE = 18  # pixels of a label
CLOSE = 0.08  # of the axis: labels over dots nearer than this would meet


@dataclass(frozen=True)
class Course:
    """What is drawn: the months so far and to come (neither empty), and the path, with its owner where that is another.

    `goal` is where the goal stands now, where the line counts less than the goal does.
    """

    name: str
    past: Sequence[tuple[date, float]]
    ahead: Sequence[ForecastPoint]
    path: TargetPath | None = None
    owner: str = ""
    goal: float | None = None


def forecast_fan(course: Course, p: Palette, *, height: int = 320, marks: Sequence[Mark] = ()) -> Figure:
    """A share's past as a line, its future as a fan around a dashed line, the targets as a thin path with labelled days.

    `marks` stand above their months, as many as there is room for.
    """
    past, coming = course.past[-SHOWN:], course.ahead
    days = [_day(month) for month, _share in past] + [_day(one.month) for one in coming]
    data = [*_fan(past[-1], coming, p), _line(past, p), *_path(course, days, p), *_goal(course, p)]
    across = axis(p, type="date", range=[days[0], days[-1]], showgrid=False, tickangle=0, **_years(days))
    places = [_now(course, p), _end(coming[-1], p), *_dated(course, days[-1], p), *_goal_label(course, p)]
    picture = layout(p, height, xaxis=across, yaxis=percent_axis(p), annotations=places)
    picture["margin"] = picture["margin"] | {"r": ROOM}
    visible_marks = with_room([mark for mark in marks if past[0][0] <= mark.month], len(days))
    return Figure({"data": data, "layout": add_marks(picture, visible_marks, p)}, alt(course))


def _years(days: Sequence[str]) -> Spec:
    """The new years in sight as ticks; every second when they are many, for a phone has no room for more."""
    first, last = (date.fromisoformat(day).year for day in (days[0], days[-1]))
    years = range(last, first, -1 if last - first < MANY else -2)
    return {"tickvals": [f"{year}-01-01" for year in years], "ticktext": [str(year) for year in years]}


def _day(month: date) -> str:
    return month_end(month).isoformat()


def _drawn(xs: Sequence[str], shares: Sequence[float], hover_texts: Sequence[str], line: Spec, **more: object) -> Spec:
    ys = [share * 100 for share in shares]
    common = {"type": "scatter", "mode": "lines", "x": list(xs), "y": ys, "line": line, "hovertext": list(hover_texts)}
    return common | {"hoverinfo": "text" if any(hover_texts) else "skip"} | more


def _fan(now: tuple[date, float], coming: Sequence[ForecastPoint], p: Palette) -> list[Spec]:
    """The interval as an area that opens from where it stands now, and the middle of the paths through it."""
    month, share = now
    days = [_day(month), *(_day(one.month) for one in coming)]
    silent = [""] * len(days)
    red, green, blue = (int(p.digital[i : i + 2], 16) for i in (1, 3, 5))
    area = {"fill": "tonexty", "fillcolor": f"rgba({red}, {green}, {blue}, {FAINT})"}
    hover_texts = ["", *(f"{numbers.month(one.month)}: {_spread(one)}" for one in coming)]
    dashed = {"color": p.digital, "width": 2, "dash": "4px,4px"}
    return [
        _drawn(days, [share, *(one.low for one in coming)], silent, {"width": 0}),
        _drawn(days, [share, *(one.high for one in coming)], silent, {"width": 0}, **area),
        _drawn(days, [share, *(one.value for one in coming)], hover_texts, dashed),
    ]


def _line(past: Sequence[tuple[date, float]], p: Palette) -> Spec:
    hover_texts = [f"{numbers.month(month)}: {numbers.percent(share)}" for month, share in past]
    days, shares = [_day(month) for month, _share in past], [share for _month, share in past]
    sizes = [0] * (len(past) - 1) + [9]  # a dot where it stands now
    marks = {"mode": "lines+markers", "marker": {"color": p.digital, "size": sizes, "line": {"width": 0}, "opacity": 1}}
    return _drawn(days, shares, hover_texts, {"color": p.digital, "width": 3}, **marks)


def _path(course: Course, days: Sequence[str], p: Palette) -> list[Spec]:
    """The straight lines between the targets, and a dot on each day that has one."""
    if course.path is None:
        return []
    knots, targets = course.path.vertices, [t for t in course.path.targets if days[0] <= t.day.isoformat() <= days[-1]]
    lines = _drawn(
        [k.day.isoformat() for k in knots], [k.share for k in knots], [""] * len(knots), {"color": p.grey_1, "width": 1}
    )
    hover_texts = [_("Target: {target}").format(target=_target(t)) for t in targets]
    dots = _drawn(
        [t.day.isoformat() for t in targets], [t.share for t in targets], hover_texts, {"width": 0}, mode="markers"
    )
    return [lines, dots | {"marker": {"color": p.grey_1, "size": 8}, "cliponaxis": False}]


def _target(target: Target) -> str:
    return f"{numbers.target_percent(target)} {numbers.month(target.day)}"


def _spread(one: ForecastPoint) -> str:
    """The middle and the interval: "70 % (65 %–74 %)"."""
    return f"{numbers.forecast_percent(one.value)} ({numbers.forecast_percent(one.low)}–{numbers.forecast_percent(one.high)})"


def _behind(course: Course) -> bool:
    """Whether the course lies under the path: the targets' labels then stand over it, and that of now under."""
    month, share = course.past[-1]
    target_now = course.path.at(month_end(month)) if course.path else None
    return target_now is not None and share < target_now


def _now(course: Course, p: Palette) -> Spec:
    month, share = course.past[-1]
    under = _behind(course) or (course.goal or 0) > share
    place: Spec = {
        "x": _day(month),
        "y": share * 100,
        "xanchor": "left" if under else "right",
        "yanchor": "top" if under else "bottom",
    }
    return label(p, f"<b>{numbers.percent(share)}</b>", color=p.digital, yshift=-8 if under else 8, **place)


def _goal(course: Course, p: Palette) -> list[Spec]:
    """A hollow dot where the goal stands."""
    if course.goal is None:
        return []
    hover_text = _("All services: {value}").format(value=numbers.percent(course.goal))
    dot = {"color": p.background, "size": 9, "line": {"color": p.text, "width": 2}}
    return [_drawn([_day(course.past[-1][0])], [course.goal], [hover_text], {"width": 0}, mode="markers", marker=dot)]


def _goal_label(course: Course, p: Palette) -> list[Spec]:
    if course.goal is None:
        return []
    month, share = course.past[-1]
    place: Spec = {"x": _day(month), "y": course.goal * 100, "xanchor": "right"}
    place |= {"bgcolor": p.background}
    place |= {"yanchor": "top", "yshift": -6} if course.goal < share else {"yanchor": "bottom", "yshift": 6}
    return [label(p, _("<b>{value}</b> all").format(value=numbers.percent(course.goal)), **place)]


def _end(last: ForecastPoint, p: Palette) -> Spec:
    text = f"<b>{numbers.forecast_percent(last.value)}</b><br>{numbers.month(last.month)}<br>"
    text += _("{low} to {high}").format(
        low=numbers.forecast_percent(last.low), high=numbers.forecast_percent(last.high)
    )
    return label(p, text, color=p.digital, x=1, xref="paper", xanchor="left", xshift=6, y=last.value * 100)


def _dated(course: Course, last: str, p: Palette) -> list[Spec]:
    """The targets to come, each with its share and month, and whose they are where they are not one's own."""
    if course.path is None:
        return []
    over = _behind(course)
    now = month_end(course.past[-1][0])
    coming = [t for t in course.path.targets if now < t.day and t.day.isoformat() <= last]
    whose = f"<br>{wrap(course.owner, 16)}" if course.owner else ""
    place: Spec = {
        "xanchor": "right" if over else "left",
        "yanchor": "bottom" if over else "top",
        "yshift": 6 if over else -6,
    }
    places = [place | {"x": t.day.isoformat(), "y": t.share * 100} for t in coming]
    if over and places and course.goal is not None and abs(coming[0].share - course.goal) < CLOSE:
        places[0] |= {"y": 100 * max(coming[0].share, course.goal), "yshift": 6 + LINE}  # over the goal's own label
    texts = [f"<b>{numbers.target_percent(t)}</b> {numbers.month(t.day)}{whose}" for t in coming]
    return [label(p, text, **at) for text, at in zip(texts, places, strict=True)]


def alt(course: Course) -> str:
    """Where it stands, where it is heading, and the next target."""
    (month, share), last = course.past[-1], course.ahead[-1]
    sentence = _("{name}: {now} in {month}; most likely {value} in {then}, between {low} and {high}.").format(
        name=course.name,
        now=numbers.percent(share),
        month=numbers.month(month),
        value=numbers.forecast_percent(last.value),
        then=numbers.month(last.month),
        low=numbers.forecast_percent(last.low),
        high=numbers.forecast_percent(last.high),
    )
    if course.goal is not None:
        sentence += " " + _("All services together stand at {value}.").format(value=numbers.percent(course.goal))
    coming = course.path.next(month_end(month)) if course.path else None
    if coming is None:
        return sentence
    return f"{sentence} " + _("Next target: {target}.").format(target=_target(coming))
