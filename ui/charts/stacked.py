"""Stacked bar: the parts of a whole over time, each part labelled at its end. The unknown is a hatch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from ui import numbers
from ui.charts.frame import Figure, Spec, axis, hatch, label, layout, month_axis, percent_axis, solid, spread, wrap
from ui.text import _
from ui.theme import Palette, Role


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
    height: int = 280,
) -> Figure:
    """Parts from the bottom up. `say` writes a value (count, money, percent); `shares` are 0–1 on an axis to 100."""
    scale = 100 if shares else 1
    x = [m.isoformat() for m in months]
    data = [_bars(x, months, part, scale, say, p) for part in parts]
    tops = [sum(max(0.0, float(part.values[i] or 0)) for part in parts) * scale for i in range(len(months))]
    high = 100.0 if shares else _round_up(max(tops, default=0.0))
    up = percent_axis(p) if shares else _amount_axis(p, high, _lowest(parts, len(months)), say)
    picture = layout(p, height, barmode="relative", bargap=0.15, xaxis=month_axis(p, x), yaxis=up)
    picture["annotations"] = _ends(parts, scale, high, height, p)
    picture["margin"] = picture["margin"] | {"r": 120}
    return Figure({"data": data, "layout": picture}, alt(months, parts, say))


def _lowest(parts: Sequence[Part], months: int) -> float:
    """How far below zero the credits reach."""
    return min((sum(min(0.0, float(part.values[i] or 0)) for part in parts) for i in range(months)), default=0.0)


def _amount_axis(p: Palette, high: float, low: float, say: Callable[[float | None], str]) -> Spec:
    ticks = [*([low] if low < -0.1 * high else []), 0, high / 2, high]
    return axis(p, range=[low * 1.02, high * 1.02], tickvals=ticks, ticktext=[say(t) for t in ticks], zeroline=low < 0)


def _round_up(top: float) -> float:
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
        "marker": hatch(p) if part.role == "unknown" else solid(p.of(part.role), p),
        "hovertext": hover,
        "hoverinfo": "text",
    }


def _ends(parts: Sequence[Part], scale: int, high: float, height: int, p: Palette) -> list[Spec]:
    """The names beside the last bar, at the middle of their part, moved apart where they would meet."""
    base, middles, named = 0.0, [], []
    for part in parts:
        last = float(part.values[-1] or 0) * scale if part.values else 0.0
        if any(part.values):
            middles.append(base + max(0.0, last) / 2)
            named.append(part)
        base += max(0.0, last)
    places = spread(middles, high * 18 / max(1, height - 60), 0, high)
    return [
        label(p, wrap(part.name, 17), color=_ink(part.role, p), x=1, xref="paper", xanchor="left", xshift=4, y=y)
        for part, y in zip(named, places, strict=True)
    ]


def _ink(role: Role, p: Palette) -> str:
    return {"digital": p.digital, "digital_soft": p.link, "accent": p.accent_text}.get(role, p.muted)


def alt(months: Sequence[date], parts: Sequence[Part], say: Callable[[float | None], str]) -> str:
    """The parts in the last month."""
    if not months:
        return _("There is no month to show.")
    last = ", ".join(f"{part.name} {say(part.values[-1])}" for part in parts if part.values[-1] is not None)
    return _("{month}: {parts}.").format(month=numbers.month(months[-1]), parts=last or _("not known"))
