"""Line: an amount month by month from zero, labelled at its end. Unknown months are gaps with a hatch."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from ui.charts.base import Figure, Spec, hatch, label, layout, month_axis, wrap
from ui.charts.event_marks import Mark, add_marks
from ui.charts.share_line import MONTH, describe_course
from ui.charts.stacked_bars import amount_axis, round_up
from ui.frame.theme import Palette
from ui.text import numbers
from ui.text.i18n import _

Say = Callable[[float | Decimal | None], str]
Course = Sequence[tuple[date, Decimal | None]]


def amount_line(
    rows: Course, p: Palette, *, name: str, say: Say, height: int = 240, marks: Sequence[Mark] = ()
) -> Figure:
    """Rows in the order of time; None is not known, and never drawn as zero."""
    values = [None if value is None else float(value) for _month, value in rows]
    known = [0.0, *(value for value in values if value is not None)]
    top, low = round_up(max(known)), min(known)
    across = month_axis(p, [m.isoformat() for m, _value in rows])
    up = amount_axis(p, top, low, say)
    picture = layout(p, height, xaxis=across, yaxis=up, annotations=_end(rows, p, say))
    picture["margin"] = picture["margin"] | {"r": 96}
    data = [_unknown(rows, top, p), _course(rows, values, p, name, say)]
    return Figure({"data": data, "layout": add_marks(picture, marks, p)}, alt(rows, name, say))


def _course(rows: Course, values: Sequence[float | None], p: Palette, name: str, say: Say) -> Spec:
    hover_texts = [f"{numbers.month(month)}<br>{wrap(name, 40)}: {say(value)}" for month, value in rows]
    look = {"line": {"color": p.grey_1, "width": 3}, "marker": {"color": p.grey_1, "size": 6}, "cliponaxis": False}
    place = {"x": [m.isoformat() for m, _value in rows], "y": list(values), "connectgaps": False}
    return {"type": "scatter", "mode": "lines+markers", "hovertext": hover_texts, "hoverinfo": "text"} | place | look


def _unknown(rows: Course, top: float, p: Palette) -> Spec:
    unknown = [month for month, value in rows if value is None]
    bars = {"type": "bar", "x": [m.isoformat() for m in unknown], "y": [top] * len(unknown), "width": MONTH}
    hover_texts = [f"{numbers.month(m)}: {_('not known')}" for m in unknown]
    return bars | {"marker": hatch(p), "hovertext": hover_texts, "hoverinfo": "text", "opacity": 0.7}


def _end(rows: Course, p: Palette, say: Say) -> list[Spec]:
    """The label at the end: the last known value, with its month where that is not the last."""
    newest = next(((month, value) for month, value in reversed(rows) if value is not None), None)
    if newest is None:
        return []
    named = "" if newest[0] == rows[-1][0] else f"<br>{numbers.month(newest[0])}"
    place: Spec = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": float(newest[1])}
    return [label(p, f"<b>{say(newest[1])}</b>{named}", **place)]


def alt(rows: Course, name: str, say: Say) -> str:
    """From where to where, and how many months are not known."""
    known = [(month, value) for month, value in rows if value is not None]
    if not known:
        return _("{name}: no month is known.").format(name=name)
    (first, start), (last, end) = known[0], known[-1]
    return describe_course(name, (first, last), (say(start), say(end)), len(rows) - len(known))
