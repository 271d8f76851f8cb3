"""Line: an amount month by month from zero, labelled at its end. Unknown months are gaps with a hatch."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from ui.charts.base import round_up
from ui.charts.event_marks import Mark
from ui.charts.share_line import Month, describe_course, line
from ui.text.i18n import _

Say = Callable[[float | Decimal | None], str]
Course = Sequence[tuple[date, Decimal | None]]


def amount_line(rows: Course, *, name: str, say: Say, marks: Sequence[Mark] = (), missing: str = "") -> Markup:
    """Rows in the order of time; None is not known unless `missing` says what it is, and never drawn as zero."""
    values = [float(value) for _month, value in rows if value is not None]
    low, top = min([0.0, *values]), round_up(max([0.0, *values]))
    months = [Month(month, None if v is None else (float(v) - low) / (top - low), text=say(v)) for month, v in rows]
    middle = () if say(top / 2) in (say(0), say(top)) else (top / 2,)
    above = (top, *middle) if max(values, default=0.0) > 0 else ()  # of nothing there is no scale
    below = (low,) if low < -0.1 * top else ()  # else it would meet the zero
    ticks = [((at - low) / (top - low), say(at)) for at in (*above, 0.0, *below)]
    return line(months, ticks, alt(rows, name, say), marks=marks, class_="amount", missing=missing)


def alt(rows: Course, name: str, say: Say) -> str:
    """From where to where, and how many months are not known."""
    known = [(month, value) for month, value in rows if value is not None]
    if not known:
        return _("{name}: no month is reported.").format(name=name)
    (first, start), (last, end) = known[0], known[-1]
    return describe_course(name, (first, last), (say(start), say(end)), len(rows) - len(known))
