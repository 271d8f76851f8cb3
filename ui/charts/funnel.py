"""Funnel: shares by how many they count, with the limits of chance around the whole. Only what lies outside is named."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from math import log10
from typing import Any

from analytics.statistics.confidence import limits
from ui.charts.base import LINE, Figure, Spec, axis, label, layout, percent_axis, wrap
from ui.frame.theme import Palette
from ui.text import numbers
from ui.text.i18n import _

HEIGHT, PLOT, STEPS = 420, 320, 60  # pixels in all and of the plot, and the steps of the limits
LETTERS, MARGIN = 17, 132  # a label's line, and the pixels that it takes


@dataclass(frozen=True)
class Dot:
    """A share (0-1) of so many. `outside` is beyond what chance allows; None is too few to say."""

    name: str
    value: float
    numerator: int
    denominator: int
    outside: bool | None


def funnel(dots: Sequence[Dot], whole: float, p: Palette, *, counted: str, alt: str) -> Figure:
    """Dots by how many they count, on a scale where each step is ten times the last; `counted` names what is counted."""
    low, high = _ends(dots)
    labels = _labels(dots, whole, p)
    title = {"text": counted, "font": {"color": p.muted, "size": 13}, "standoff": 4}
    across = axis(p, type="log", range=[log10(low), log10(high)], tickangle=0, showgrid=False, title=title)
    place = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6}
    notes = [label(p, one.text, color=one.ink, y=one.y, **place) for one in labels]
    picture = layout(p, HEIGHT, xaxis=across | _ticks(low, high), yaxis=percent_axis(p), annotations=notes)
    picture["margin"] = picture["margin"] | {"r": MARGIN}
    data = [_band(whole, low, high, p), _line(whole, low, high, p), *_leaders(labels, high, p), _marks(dots, p)]
    return Figure({"data": data, "layout": picture}, alt)


def _ends(dots: Sequence[Dot]) -> tuple[float, float]:
    counts = [dot.denominator for dot in dots]
    return min(counts) * 0.7, max(counts) * 1.4


def _ticks(low: float, high: float) -> Spec:
    """Tens where two fit, else twos and fives too."""
    tens = [10**i for i in range(7) if low <= 10**i <= high]
    marks = tens if len(tens) > 1 else [m * 10**i for i in range(7) for m in (1, 2, 5) if low <= m * 10**i <= high]
    return {"tickvals": marks, "ticktext": [numbers.count(mark) for mark in marks]}


def _band(whole: float, low: float, high: float, p: Palette) -> Spec:
    counts = [low * (high / low) ** (i / STEPS) for i in range(STEPS + 1)]
    lower, upper = zip(*(limits(whole, n) for n in counts), strict=True)
    y = [share * 100 for share in (*upper, *lower[::-1])]
    fill = {"fill": "toself", "fillcolor": p.line, "opacity": 0.6, "line": {"width": 0}, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": counts + counts[::-1], "y": y} | fill


def _line(whole: float, low: float, high: float, p: Palette) -> Spec:
    look: dict[str, Any] = {"line": {"color": p.grey_2, "width": 1}, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": [low, high], "y": [whole * 100] * 2} | look


def _marks(dots: Sequence[Dot], p: Palette) -> Spec:
    inks = [p.digital if dot.outside else p.grey_2 for dot in dots]
    fills = [p.background if dot.outside is None else ink for dot, ink in zip(dots, inks, strict=True)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [dot.denominator for dot in dots],
        "y": [dot.value * 100 for dot in dots],
        "marker": {"size": 12, "color": fills, "line": {"color": inks, "width": 2}},
        "hovertext": [f"{wrap(d.name, 40)}<br>{_said(d)}" for d in dots],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _said(dot: Dot) -> str:
    part = numbers.out_of(dot.numerator, dot.denominator)
    return part if dot.outside is None else f"{numbers.percent(dot.value)} ({part})"


@dataclass(frozen=True)
class _Label:
    """A name at the right of the plot, at the height `y` (per cent); `dot` is what it names, None for the whole."""

    text: str
    ink: str
    at: float
    y: float
    dot: Dot | None = None

    @property
    def height(self) -> float:
        """How much of the axis its lines take."""
        return (self.text.count("<br>") + 1) * LINE / PLOT * 100


def _labels(dots: Sequence[Dot], whole: float, p: Palette) -> list[_Label]:
    """The whole, and those outside, farthest first, as many as there is room for; moved apart where they would meet."""
    named = _("the whole")
    text = f"<b>{numbers.percent(whole)}</b> {named}"
    placed, room = [_Label(text, p.muted, whole * 100, whole * 100)], 100.0
    for dot in sorted((dot for dot in dots if dot.outside), key=lambda dot: -_beyond(dot, whole)):
        one = _Label(_named(dot), p.text, dot.value * 100, dot.value * 100, dot)
        if sum(other.height for other in placed) + one.height <= room:
            placed.append(one)
    return _apart(placed)


def _named(dot: Dot) -> str:
    """The name and then the share, on the name's last line where it fits."""
    name, share = wrap(dot.name, LETTERS), numbers.percent(dot.value)
    fits = len(unescape(name.split("<br>")[-1])) + 1 + len(share) <= LETTERS
    return f"{name}{' ' if fits else '<br>'}<b>{share}</b>"


def _apart(labels: Sequence[_Label]) -> list[_Label]:
    """The labels in order of height, moved as little as needed to stand clear of each other."""
    rows = sorted(labels, key=lambda one: (one.at, one.dot is not None))
    for i, one in enumerate(rows[1:], 1):
        rows[i] = replace(one, y=max(one.y, rows[i - 1].y + (rows[i - 1].height + one.height) / 2))
    ceiling = 100.0
    for i in reversed(range(len(rows))):
        rows[i] = replace(rows[i], y=min(rows[i].y, ceiling))
        ceiling = rows[i].y - (rows[i].height + rows[max(0, i - 1)].height) / 2
    return rows


def _leaders(labels: Sequence[_Label], high: float, p: Palette) -> list[Spec]:
    """A thin line from each dot to its name."""
    x: list[float | None] = []
    y: list[float | None] = []
    for one in labels:
        if one.dot:
            x, y = [*x, one.dot.denominator, high, None], [*y, one.at, one.y, None]
    line = {"color": p.grey_4, "width": 1}
    return [{"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}] if x else []


def _beyond(dot: Dot, whole: float) -> float:
    lower, upper = limits(whole, dot.denominator)
    return max(lower - dot.value, dot.value - upper)
