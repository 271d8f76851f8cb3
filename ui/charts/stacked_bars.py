"""Stacked bars: the parts of a whole month by month, named above in the order they are stacked. The unknown is hatched."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from ui.charts.base import Figure, Spec, axis, hatch, layout, month_axis, round_up, solid, wrap
from ui.charts.event_marks import Mark, add_marks
from ui.frame.theme import Palette, Role
from ui.text import numbers
from ui.text.i18n import _

HEADROOM = 1.15  # how high the hatch of a partly known month reaches at least, times what is known of it


@dataclass(frozen=True)
class Part:
    """A part with one value per month, in order; None is not known and draws nothing."""

    name: str
    role: Role
    values: Sequence[float | None]


@dataclass(frozen=True)
class Stack:
    """The parts of a whole month by month, from the bottom up; `format_value` writes a value (count, money).

    With `gaps` a month in which no part is known is hatched, else it is empty; months known only `partly` are hatched
    above what is known. A `stock` is described by its last known month, a flow by its sums.
    """

    months: Sequence[date]
    parts: Sequence[Part]
    format_value: Callable[[float | None], str]
    gaps: bool = False
    partly: Collection[date] = ()
    stock: bool = False

    def by_month(self) -> list[tuple[date, list[float]]]:
        """Each month with the known values of its parts."""
        columns = zip(*(part.values for part in self.parts), strict=True) if self.parts else ((),) * len(self.months)
        known = ([float(value) for value in column if value is not None] for column in columns)
        return list(zip(self.months, known, strict=True))

    def bounds(self) -> tuple[float, float]:
        """How far below zero the credits reach, and the round number that holds every month."""
        low = min((sum(min(0.0, value) for value in values) for _month, values in self.by_month()), default=0.0)
        tops = [_top(values) * (HEADROOM if month in self.partly else 1) for month, values in self.by_month()]
        return low, round_up(max(tops, default=0.0))


def _top(values: Sequence[float]) -> float:
    """Where the bar of a month ends; credits are drawn below zero."""
    return sum(max(0.0, value) for value in values)


def stacked_bars(stack: Stack, p: Palette, height: int = 280, marks: Sequence[Mark] = ()) -> Figure:
    """The figure, `height` pixels high, with marks where something happened."""
    low, high = stack.bounds()
    x = [month.isoformat() for month in stack.months]
    data = [_bars(stack, part, p) for part in stack.parts]
    if stack.gaps:
        data.append(_gaps(stack, high, p))
    amounts = amount_axis(p, high, low, stack.format_value)
    picture = layout(p, height, barmode="relative", bargap=0.15, xaxis=month_axis(p, x), yaxis=amounts)
    names = [(part.name, part.role) for part in stack.parts if any(part.values)]
    alt = _describe_last(stack) if stack.stock else _describe_sums(stack)
    return Figure({"data": data, "layout": add_marks(picture, marks, p)}, alt, names)


def amount_axis(p: Palette, high: float, low: float, say: Callable[[float | None], str]) -> Spec:
    """An axis of amounts from zero, or from the credits, with both ends marked."""
    middle = [high / 2] if say(high / 2) not in (say(0), say(high)) else []
    ticks = [*([low] if low < -0.1 * high else []), 0, *middle, high]
    return axis(p, range=[low * 1.02, high * 1.02], tickvals=ticks, ticktext=[say(t) for t in ticks], zeroline=low < 0)


def _bars(stack: Stack, part: Part, p: Palette) -> Spec:
    name = wrap(part.name, 40)
    pairs = list(zip(stack.months, part.values, strict=True))
    return {
        "type": "bar",
        "x": [month.isoformat() for month in stack.months],
        "y": [None if value is None else float(value) for value in part.values],
        "marker": _fill(part.role, p),
        "hovertext": [f"{numbers.month(month)}<br>{name}: {stack.format_value(value)}" for month, value in pairs],
        "hoverinfo": "text",
    }


def _gaps(stack: Stack, high: float, p: Palette) -> Spec:
    """The hatch from what is known of a month up to `high`, the top of the axis."""
    unknown = {month: high - _top(values) for month, values in stack.by_month() if month in stack.partly or not values}
    sizes = {month: size for month, size in unknown.items() if size > 0}
    texts = {month: _("not known") if size == high else _("the rest is not known") for month, size in sizes.items()}
    return {
        "type": "bar",
        "x": [month.isoformat() for month in sizes],
        "y": list(sizes.values()),
        "hovertext": [f"{numbers.month(month)}: {text}" for month, text in texts.items()],
        "hoverinfo": "text",
        "marker": hatch(p),
        "opacity": 0.7,
    }


def _fill(role: Role, p: Palette) -> Spec:
    if role == "unknown":
        return hatch(p)
    return {"color": p.line, "line": {"color": p.grey_2, "width": 1}} if role == "pale" else solid(p.of(role), p)


def _describe_sums(stack: Stack) -> str:
    """The sum of each part, and the month with most."""
    sums = {part.name: sum(v for v in part.values if v is not None) for part in stack.parts if any(part.values)}
    if not sums:
        return _("There is nothing to show.")
    parts = ", ".join(f"{name} {stack.format_value(value)}" for name, value in sums.items())
    totals = {month: sum(values) for month, values in stack.by_month()}
    most = max(totals, key=totals.__getitem__)
    if len(totals) == 1:
        return f"{parts}."
    if len(set(totals.values())) == 1:
        return _("{parts}. Every month {most}.").format(parts=parts, most=stack.format_value(totals[most]))
    month = numbers.month(most)
    return _("{parts}. Most in {month}: {most}.").format(
        parts=parts, month=month, most=stack.format_value(totals[most])
    )


def _describe_last(stack: Stack) -> str:
    """The parts in the last month that is known."""
    known = [i for i in range(len(stack.months)) if any(part.values[i] for part in stack.parts)]
    if not known:
        return _("There is nothing to show.")
    last = known[-1]
    parts = ", ".join(
        f"{part.name} {stack.format_value(part.values[last])}" for part in stack.parts if part.values[last]
    )
    return _("In {month}: {parts}.").format(month=numbers.month(stack.months[last]), parts=parts)
