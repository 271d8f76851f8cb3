"""Outlook: the course so far, a band of what may come, and the path between dated targets, on one 0–100 axis.

In HTML, as the lines of `share_line` are: blocks that polygons cut to their shapes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from analytics.forecast.model import ForecastPoint
from analytics.forecast.target_path import Target, TargetPath, month_end
from ui.charts.share_line import Point, ribbon
from ui.text import numbers
from ui.text.html import join, tag
from ui.text.i18n import _

SHOWN = 36  # months of the course so far
WIDTH, HEIGHT = 796, 280  # pixels of the plot, in which slopes are reckoned
TICKS = (1.0, 0.75, 0.5, 0.25, 0.0)
ROOM = (20, 15)  # per cent of the plot that the label at the end takes, across and to each side
FIRST_YEAR, SHORT_YEAR = 0.05, 0.12  # of the axis: a year with less room is not named at all, or not on a phone


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

    @property
    def shown(self) -> Sequence[tuple[date, float]]:
        """The months so far that are drawn."""
        return self.past[-SHOWN:]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the axis: to the last target, or as far as the forecast goes."""
        last = month_end(self.ahead[-1].month)
        targets = self.path.targets if self.path else ()
        return month_end(self.shown[0][0]), max([last, *(target.day for target in targets)])

    @property
    def behind(self) -> bool:
        """Whether the course lies under the path: the targets' labels then stand over it, and that of now under."""
        month, share = self.past[-1]
        expected = self.path.at(month_end(month)) if self.path else None
        return expected is not None and share < expected

    def at(self, day: date, share: float) -> Point:
        """A place in the plot, in per cent from the left and from above."""
        first, last = self.days
        return 100 * (day - first).days / max(1, (last - first).days), 100 - 100 * share


def outlook(course: Course) -> Markup:
    """A share's past as a line, its future as a dotted line in a band, the targets as diamonds on a dotted path."""
    plot = join((*_rules(), *_years(course), *_band(course), *_path(course), *_lines(course), *_marks(course)))
    labels = join((*_target_labels(course), *_now_labels(course), _end(course)))
    room = (
        " narrow" if course.at(month_end(course.ahead[-1].month), 0)[0] > 80 else ""
    )  # the label at the end needs a margin
    scale = (
        tag("span", numbers.percent(at) if at else "0", style=f"top:{100 - 100 * at:g}%") for at in (1.0, 0.5, 0.0)
    )
    body = tag("div", plot, labels, class_="plot"), tag("div", *scale, class_="levels")
    return tag("div", *body, class_=f"outlook{room}", role="img", aria_label=alt(course))


def _rules() -> Iterator[Markup]:
    for at in TICKS:
        yield tag("i", class_="rule", style=f"top:{100 - 100 * at:g}%")


def _years(course: Course) -> Iterator[Markup]:
    """A tick at each new year, and the year in the middle of what is seen of it."""
    first, last = course.days
    for year in range(first.year, last.year + 1):
        start, end = (course.at(day, 0)[0] for day in (max(first, date(year, 1, 1)), min(last, date(year, 12, 31))))
        if year > first.year:
            yield tag("i", class_="tick", style=f"left:{start:.2f}%")
        if end - start >= 100 * FIRST_YEAR:
            short = " short" if end - start < 100 * SHORT_YEAR else ""
            yield tag("span", year, class_=f"year{short}", style=f"left:{(start + end) / 2:.2f}%")


def _coming(course: Course) -> list[tuple[date, ForecastPoint]]:
    return [(month_end(one.month), one) for one in course.ahead]


def _band(course: Course) -> Iterator[Markup]:
    """The interval as an area that opens from where it stands now."""
    now = course.at(month_end(course.past[-1][0]), course.past[-1][1])
    over = [course.at(day, one.high) for day, one in _coming(course)]
    under = [course.at(day, one.low) for day, one in _coming(course)]
    outline = ",".join(f"{x:.2f}% {y:.2f}%" for x, y in [now, *over, *reversed(under)])
    yield tag("i", class_="band", style=f"clip-path:polygon({outline})")


def _path(course: Course) -> Iterator[Markup]:
    """The straight lines between the targets, from where the axis begins."""
    if course.path is None:
        return
    first = course.days[0]
    knots = [(knot.day, knot.share) for knot in course.path.vertices if knot.day > first]
    start = course.path.at(first)
    if start is not None:
        knots.insert(0, (first, start))
    yield from _cut([course.at(*knot) for knot in knots], "path", 0.75)


def _lines(course: Course) -> Iterator[Markup]:
    past = [(month_end(month), share) for month, share in course.shown]
    yield from _cut([course.at(*point) for point in past], "now", 1.6)
    ahead = [past[-1], *((day, one.value) for day, one in _coming(course))]
    yield from _cut([course.at(*point) for point in ahead], "likely", 1.25)


def _cut(points: Sequence[Point], class_: str, half: float) -> Iterator[Markup]:
    if len(points) > 1:
        yield tag("i", class_=class_, style=f"clip-path:{ribbon(points, half, WIDTH, HEIGHT)}")


def _targets(course: Course) -> list[Target]:
    """The targets within the axis."""
    first = course.days[0]
    return [target for target in course.path.targets if target.day >= first] if course.path else []


def _marks(course: Course) -> Iterator[Markup]:
    """A diamond on each day that has a target, a ring where the goal stands, and a dot where the line does."""
    for target in _targets(course):
        yield tag("i", class_="target", style=_style(course.at(target.day, target.share)))
    month, share = course.past[-1]
    if course.goal is not None:
        yield tag("i", class_="stands", style=_style(course.at(month_end(month), course.goal)))
    yield tag("i", class_="newest", style=_style(course.at(month_end(month), share)))


def _style(point: Point) -> str:
    return f"left:{point[0]:.2f}%;top:{point[1]:.2f}%"


def _target_labels(course: Course) -> Iterator[Markup]:
    """The targets with their shares; the day stands with the next, and with the last of all."""
    now, targets = month_end(course.past[-1][0]), _targets(course)
    coming = next((target for target in targets if target.day > now), None)
    for target in targets:
        side = "over" if _over(course, target) else "under"
        when = (
            tag("span", f" {numbers.month(target.day)}", class_="when")
            if target is coming or target is targets[-1]
            else ""
        )
        whose = tag("span", f", {course.owner}", class_="when") if course.owner and target is coming else ""
        if target.share == 1 and target is targets[-1]:
            name: Markup | str = tag("b", _("Target {share}").format(share=numbers.target_percent(target)))
            place = "whole"
        else:
            name, place = _("target {share}").format(share=numbers.target_percent(target)), side
        at = course.at(target.day, target.share)
        shown = " next" if target is coming else ""
        yield tag("span", name, when, whose, class_=f"label {place}{shown}", style=_style(at))


def _over(course: Course, target: Target) -> bool:
    """Whether a target's label stands over the path, where the line does not run."""
    months = [*course.shown, *((one.month, one.value) for one in course.ahead)]
    then = next((share for month, share in months if month_end(month) >= target.day), months[-1][1])
    return then < target.share


def _now_labels(course: Course) -> Iterator[Markup]:
    month, share = course.past[-1]
    low = course.behind or (course.goal or 0) > share
    words = tag("b", numbers.percent(share)), tag("span", numbers.month(month))
    place = "below" if low else "above"
    yield tag("span", *words, class_=f"label now {place}", style=_style(course.at(month_end(month), share)))
    if course.goal is not None:
        text = _("{value} all").format(value=numbers.percent(course.goal))
        side = "label all higher" if course.goal > share else "label all"
        yield tag("span", text, class_=side, style=_style(course.at(month_end(month), course.goal)))


def _end(course: Course) -> Markup:
    last = course.ahead[-1]
    value, low, high = (numbers.forecast_percent(share) for share in (last.value, last.low, last.high))
    when = tag("span", f" {numbers.month(last.month)}", class_="when")
    spread = tag("span", _("{low} to {high}").format(low=low, high=high), class_="spread")
    at = course.at(month_end(last.month), last.value)
    return tag("span", tag("b", value, when), spread, class_=f"label end{_aside(course, at)}", style=_style(at))


def _aside(course: Course, end: Point) -> str:
    """Which way the label at the end makes room for a target's mark that would stand in it."""
    marks = (course.at(target.day, target.share) for target in _targets(course))
    over = [y <= end[1] for x, y in marks if 0 <= x - end[0] < ROOM[0] and abs(y - end[1]) < ROOM[1]]
    if not over or (any(over) and not all(over)):
        return ""
    return " lower" if all(over) else " higher"


def alt(course: Course) -> str:
    """Where it stands, where it is heading, and the next target."""
    (month, share), last = course.past[-1], course.ahead[-1]
    sentence = _("{name}: {now} in {month}. Most likely {value} in {then}, between {low} and {high}.").format(
        name=course.name,
        now=numbers.percent(share),
        month=numbers.month(month),
        value=numbers.forecast_percent(last.value),
        then=numbers.month(last.month),
        low=numbers.forecast_percent(last.low),
        high=numbers.forecast_percent(last.high),
    )
    if course.goal is not None:
        sentence += " " + _("For all services the share is {value}.").format(value=numbers.percent(course.goal))
    coming = course.path.next(month_end(month)) if course.path else None
    if coming is None:
        return sentence
    told = f"{numbers.target_percent(coming)} {numbers.month(coming.day)}"
    return f"{sentence} " + _("Next target: {target}.").format(target=told)
