"""Stacked bar: the parts of a whole over time, named above it in the order they are stacked. The unknown is a hatch."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from ui.charts.base import Figure, Spec, axis, hatch, layout, month_axis, percent_axis, solid, wrap
from ui.charts.event_marks import Mark, marked
from ui.frame.theme import Palette, Role
from ui.text import numbers
from ui.text.i18n import _

ROOM = 1.15  # a month of which the rest is not known has so much room for the hatch, of what is known


@dataclass(frozen=True)
class Part:
    """A part with one value per month, in order; None is not known and draws nothing."""

    name: str
    role: Role
    values: Sequence[float | None]


def stacked(
    months: Sequence[date],
    parts: Sequence[Part],
    p: Palette,
    *,
    say: Callable[[float | None], str],
    shares: bool = False,
    gaps: bool = False,
    stock: bool = False,
    partly: Collection[date] = (),
    height: int = 280,
    marks: Sequence[Mark] = (),
) -> Figure:
    """Parts from the bottom up. `say` writes a value (count, money, percent); `shares` are 0–1 on an axis to 100.

    With `gaps` a month in which no part is known is hatched; else it is empty. The months that are known `partly` are hatched
    above what is known of them. A `stock` is told as it stands at the end.
    """
    scale = 100 if shares else 1
    x = [m.isoformat() for m in months]
    data = [_bars(x, months, part, scale, say, p) for part in parts]
    tops = [sum(max(0.0, float(part.values[i] or 0)) for part in parts) * scale for i in range(len(months))]
    room = [top * ROOM for m, top in zip(months, tops, strict=True) if m in partly]
    high = 100.0 if shares else round_up(max([*tops, *room], default=0.0))
    if gaps:
        data.append(
            _gaps(
                x,
                months,
                parts,
                [(high - top if m in partly else 0.0) for m, top in zip(months, tops, strict=True)],
                high,
                p,
            )
        )
    up = percent_axis(p) if shares else amount_axis(p, high, _lowest(parts, len(months)), say)
    picture = layout(p, height, barmode="relative", bargap=0.15, xaxis=month_axis(p, x), yaxis=up)
    named = [(part.name, part.role) for part in parts if any(part.values)]
    return Figure(
        {"data": data, "layout": marked(picture, marks, p)}, (standing if stock else alt)(months, parts, say), named
    )


def _lowest(parts: Sequence[Part], months: int) -> float:
    """How far below zero the credits reach."""
    return min((sum(min(0.0, float(part.values[i] or 0)) for part in parts) for i in range(months)), default=0.0)


def amount_axis(p: Palette, high: float, low: float, say: Callable[[float | None], str]) -> Spec:
    """An axis of amounts from zero, or from the credits, with both ends marked."""
    middle = [high / 2] if say(high / 2) not in (say(0), say(high)) else []
    ticks = [*([low] if low < -0.1 * high else []), 0, *middle, high]
    return axis(p, range=[low * 1.02, high * 1.02], tickvals=ticks, ticktext=[say(t) for t in ticks], zeroline=low < 0)


def round_up(top: float) -> float:
    """The nearest 1, 2, 4, 5 or 8 times a power of ten that holds the top."""
    if top <= 0:
        return 1.0
    power = 10.0 ** floor(log10(top))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= top)


def _bars(
    x: list[str], months: Sequence[date], part: Part, scale: int, say: Callable[[float | None], str], p: Palette
) -> Spec:
    hover = [f"{numbers.month(m)}<br>{wrap(part.name, 40)}: {say(v)}" for m, v in zip(months, part.values, strict=True)]
    return {
        "type": "bar",
        "x": x,
        "y": [None if v is None else float(v) * scale for v in part.values],
        "marker": _fill(part.role, p),
        "hovertext": hover,
        "hoverinfo": "text",
    }


def _gaps(
    x: list[str], months: Sequence[date], parts: Sequence[Part], above: Sequence[float], high: float, p: Palette
) -> Spec:
    unknown = [high if all(part.values[i] is None for part in parts) else above[i] for i in range(len(months))]
    gone = [i for i, size in enumerate(unknown) if size > 0]
    told = {i: _("not known") if unknown[i] == high else _("the rest is not known") for i in gone}
    said = [f"{numbers.month(months[i])}: {told[i]}" for i in gone]
    bars = {
        "type": "bar",
        "x": [x[i] for i in gone],
        "y": [unknown[i] for i in gone],
        "hovertext": said,
        "hoverinfo": "text",
    }
    return bars | {"marker": hatch(p), "opacity": 0.7}


def _fill(role: Role, p: Palette) -> Spec:
    if role == "unknown":
        return hatch(p)
    return {"color": p.line, "line": {"color": p.grey_2, "width": 1}} if role == "pale" else solid(p.of(role), p)


def alt(months: Sequence[date], parts: Sequence[Part], say: Callable[[float | None], str]) -> str:
    """The whole, the part of each, and the month with most; a month without a value is not told as nothing."""
    sums = {part.name: sum(v for v in part.values if v is not None) for part in parts if any(part.values)}
    if not sums:
        return _("There is nothing to show.")
    tops = [sum(float(part.values[i] or 0) for part in parts) for i in range(len(months))]
    most = max(range(len(months)), key=lambda i: tops[i])
    told = ", ".join(f"{name} {say(value)}" for name, value in sums.items())
    if len(months) == 1:
        return f"{told}."
    if len(set(tops)) == 1:
        return _("{parts}. Every month {most}.").format(parts=told, most=say(tops[most]))
    return _("{parts}. Most in {month}: {most}.").format(
        parts=told, month=numbers.month(months[most]), most=say(tops[most])
    )


def standing(months: Sequence[date], parts: Sequence[Part], say: Callable[[float | None], str]) -> str:
    """The parts as they stand in the last month that is known."""
    known = [i for i in range(len(months)) if any(part.values[i] for part in parts)]
    if not known:
        return _("There is nothing to show.")
    told = ", ".join(f"{part.name} {say(part.values[known[-1]])}" for part in parts if part.values[known[-1]])
    return _("In {month}: {parts}.").format(month=numbers.month(months[known[-1]]), parts=told)
