"""Line: a share month by month, the comparison in grey, labelled at its end. Unknown months are gaps with a hatch.

In HTML: each line is a block that a polygon cuts to its shape, so it reflows, prints, and follows the theme without a round trip.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import hypot

from markupsafe import Markup

from ui.charts.base import space_out
from ui.charts.event_marks import Mark
from ui.text import numbers
from ui.text.html import join, tag
from ui.text.i18n import _

WIDTH, HEIGHT = 254, 144  # pixels of a small plot, in which slopes are reckoned
NOW, BEFORE = 1.5, 0.875  # half the width of a line
APART = 34  # pixels between two labels at the end
SHARPEST = 2.0  # how far a corner may reach, in widths of the line


@dataclass(frozen=True)
class Month:
    """A month with its share now and in the comparison (0–1); None is not known, and never drawn as zero."""

    month: date
    now: float | None
    before: float | None = None
    text: str = ""  # the value in words where that is not its percentage: "12 av 15"
    before_text: str = ""
    usual: tuple[float, float] | None = None  # between which shares a month usually lies
    middle: float | None = None  # the middle of that
    signal: bool = False  # whether it is more than chance

    @property
    def value_text(self) -> str:
        """The value now as a reader may trust it."""
        return self.text or numbers.percent(self.now)


Point = tuple[float, float]  # across and down, in per cent of the plot


def share_line(
    rows: Sequence[Month],
    *,
    name: str,
    before: str = "",
    usual: str = "",
    marks: Sequence[Mark] = (),
    width: float = WIDTH,
) -> Markup:
    """Rows in the order of time. `name` is what is shown; `before` and `usual` name the grey line and the band at their ends.

    What is usual is a pale band, a month that is a signal has a ring, and the numbers of `marks` stand on the baseline under
    their months. `width` is about how wide the plot is, in pixels.
    """
    ticks = [(1.0, numbers.percent(1)), (0.5, numbers.percent(0.5)), (0.0, "0")]
    return line(rows, ticks, alt(rows, name), before=before, usual=usual, marks=marks, width=width)


def line(
    rows: Sequence[Month],
    ticks: Sequence[tuple[float, str]],
    alt: str,
    *,
    before: str = "",
    usual: str = "",
    marks: Sequence[Mark] = (),
    width: float = WIDTH,
    class_: str = "",
    missing: str = "",
) -> Markup:
    """The same of anything that lies between 0 and 1 of its axis, whose `ticks` are written.

    A month without a value is not known, and hatched, unless `missing` says what it is.
    """
    if not rows:
        return Markup()
    shapes = [
        *_usual(rows),
        *_courses([row.before for row in rows], "before", BEFORE, width),
        *_courses([row.now for row in rows], "now", NOW, width),
        *_rings(rows),
        *_newest(rows),
    ]
    plot = join((*shapes, _columns(rows, before, missing), *_marks(rows, marks), *_ends(rows, before, usual)))
    ends = dict.fromkeys(numbers.month(row.month) for row in (rows[0], rows[-1]))
    months = tag("div", *(tag("span", end) for end in ends), class_="ends")
    scale = tag("div", *(tag("span", text, style=f"top:{100 - 100 * at:.4g}%") for at, text in ticks), class_="levels")
    rules = (tag("i", class_="rule", style=f"top:{100 - 100 * at:.4g}%") for at, _text in ticks)
    return tag(
        "div",
        scale,
        tag("div", *rules, plot, class_="plot"),
        months,
        class_=f"share-line {class_}".rstrip(),
        role="img",
        aria_label=alt,
    )


def _place(index: int, rows: Sequence[object]) -> float:
    """The middle of a month's column, in per cent of the plot."""
    return (index + 0.5) / len(rows) * 100


def _courses(values: Sequence[float | None], class_: str, half: float, width: float) -> Iterable[Markup]:
    """The line, in as many pieces as months that are not known part it into; a month by itself is a dot."""
    for known, group in groupby(enumerate(values), key=lambda pair: pair[1] is not None):
        if not known:
            continue
        points = [(_place(i, values), 100 - 100 * value) for i, value in group if value is not None]
        if len(points) == 1:
            yield tag("i", class_=f"lone {class_}", style=_at(points[0]))
        else:
            yield tag("i", class_=class_, style=f"clip-path:{ribbon(points, half, width)}")


def ribbon(points: Sequence[Point], half: float, width: float, height: float = HEIGHT) -> str:
    """The outline of a line through the points, `half` a line's width to each side of it, as a polygon of CSS."""
    offsets = [
        _corner(points[max(0, i - 1)], point, points[min(len(points) - 1, i + 1)], (width, height))
        for i, point in enumerate(points)
    ]
    sides = [
        [(x, y, side * half * dx, side * half * dy) for (x, y), (dx, dy) in zip(points, offsets, strict=True)]
        for side in (-1, 1)
    ]
    return f"polygon({','.join(_shifted(*corner) for corner in [*sides[0], *reversed(sides[1])])})"


def _corner(before: Point, here: Point, after: Point, size: Point) -> Point:
    """Where the edge of a line of half a width 1 runs past a point, in pixels from it: square to the line, mitred in a bend."""
    normals = [_normal(*pair, size) for pair in ((before, here), (here, after)) if pair[0] != pair[1]]
    x, y = (sum(normal[i] for normal in normals) / len(normals) for i in (0, 1))
    reach = min(SHARPEST, 1 / hypot(x, y)) / hypot(x, y)
    return x * reach, y * reach


def _normal(start: Point, end: Point, size: Point) -> Point:
    """The unit vector square to a line, in pixels."""
    across, down = ((end[i] - start[i]) * size[i] / 100 for i in (0, 1))
    length = hypot(across, down)
    return -down / length, across / length


def _shifted(x: float, y: float, right: float, down: float) -> str:
    return f"calc({x:.2f}% + {right:.2f}px) calc({y:.2f}% + {down:.2f}px)"


def _at(point: Point) -> str:
    return f"left:{point[0]:.2f}%;top:{point[1]:.2f}%"


def _usual(rows: Sequence[Month]) -> Iterable[Markup]:
    """The band of what is usual, a step for each month, and its middle; a month without limits parts it."""
    for known, group in groupby(enumerate(rows), key=lambda pair: pair[1].usual is not None):
        steps = [(i, row.usual) for i, row in group if row.usual]
        if known:
            sides = [(i + side, limits) for i, limits in steps for side in (0, 1)]
            corners = [(i / len(rows) * 100, 100 - 100 * limits[1]) for i, limits in sides]
            corners += [(i / len(rows) * 100, 100 - 100 * limits[0]) for i, limits in reversed(sides)]
            outline = ",".join(f"{x:.2f}% {y:.2f}%" for x, y in corners)
            yield tag("i", class_="usual", style=f"clip-path:polygon({outline})")
    for i, row in enumerate(rows):
        if row.middle is not None:
            place = f"left:{i / len(rows) * 100:.2f}%;width:{100 / len(rows):.2f}%;top:{100 - 100 * row.middle:.2f}%"
            yield tag("i", class_="middle", style=place)


def _rings(rows: Sequence[Month]) -> Iterable[Markup]:
    for i, row in enumerate(rows):
        if row.signal and row.now is not None:
            yield tag("i", class_="ring", style=_at((_place(i, rows), 100 - 100 * row.now)))


def _newest(rows: Sequence[Month]) -> Iterable[Markup]:
    """A dot on the last month that is known."""
    last = next((i for i in reversed(range(len(rows))) if rows[i].now is not None), None)
    if last is not None and (value := rows[last].now) is not None:
        yield tag("i", class_="newest", style=_at((_place(last, rows), 100 - 100 * value)))


def _columns(rows: Sequence[Month], before: str, missing: str) -> Markup:
    """A column a month, which says its values where it is pointed at; hatched where it is not known."""
    hatched = None if missing else "hatch"
    columns = (
        tag("i", title=_hover(row, before, missing), class_=hatched if row.now is None else None) for row in rows
    )
    return tag("div", *columns, class_="months")


def _hover(row: Month, before: str, missing: str) -> str:
    value = (missing or _("not reported")) if row.now is None else row.value_text
    said = f"{numbers.month(row.month)}: {value}"
    return said if row.before is None else f"{said}, {before} {row.before_text or numbers.percent(row.before)}"


def _marks(rows: Sequence[Month], marks: Sequence[Mark]) -> Iterable[Markup]:
    places = {row.month: _place(i, rows) for i, row in enumerate(rows)}
    for mark in marks:
        if mark.month in places:
            yield tag("b", mark.number, class_="event", style=f"left:{places[mark.month]:.2f}%")


def _ends(rows: Sequence[Month], before: str, usual: str) -> Iterable[Markup]:
    """The labels at the ends: the last known value of each line and of the band, moved apart where they would meet."""
    newest = [(row.now, row.value_text, numbers.month(row.month)) for row in rows if row.now is not None][-1:]
    then = [(r.before, r.before_text or numbers.percent(r.before), before) for r in rows if r.before is not None][-1:]
    band = [(sum(row.usual) / 2, numbers.span(*row.usual), usual) for row in rows if row.usual][-1:]
    ends = [(class_, *end) for class_, one in (("before", then), ("usual", band), ("now", newest)) for end in one]
    places = space_out([100 * value for _class, value, *_words in ends], APART / HEIGHT * 100)
    for (class_, _value, text, words), place in zip(ends, places, strict=True):
        yield tag("div", tag("b", text), tag("span", words), class_=f"end {class_}", style=f"top:{100 - place:.2f}%")


def alt(rows: Sequence[Month], name: str) -> str:
    """From where to where, and how many months are not known."""
    known = [r for r in rows if r.now is not None]
    if not known:
        return _("{name}: no month is reported.").format(name=name)
    first, last = known[0], known[-1]
    few = first.text or last.text or first is last
    ends = (first.value_text, last.value_text) if few else numbers.percents(first.now, last.now)
    return describe_course(name, (first.month, last.month), ends, len(rows) - len(known))


def describe_course(name: str, months: tuple[date, date], ends: tuple[str, str], unknown: int) -> str:
    """From where to where: the first and last known month, the values in them, and how many months are not known."""
    (first, last), (start, end) = map(numbers.month, months), ends
    if first == last:
        sentence = _("{name}: {value} in {month}.").format(name=name, value=end, month=last)
    elif start == end:
        sentence = _("{name}: {end}, the same in {last} as in {first}.").format(
            name=name, end=end, last=last, first=first
        )
    else:
        moved = _("{name}: from {start} in {first} to {end} in {last}.")
        sentence = moved.format(name=name, start=start, first=first, end=end, last=last)
    if unknown:
        sentence += " " + numbers.plural("{n} month is not reported.", "{n} months are not reported.", unknown)
    return sentence
