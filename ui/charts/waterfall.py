"""Waterfall: from a share then to the share now, step by step, each under its name and points."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from ui.charts.base import Figure, Spec, axis, hatch, layout, percent_axis, row_labels, row_positions, solid, wrap
from ui.frame.theme import Palette, Role
from ui.text.i18n import _
from ui.text.numbers import percent

ROW = 44  # pixels a row
MOST = 0.4  # an axis wider than this is drawn from 0 to 100
GRID = 0.05  # the ends of a shorter axis stand on these


@dataclass(frozen=True)
class Step:
    """A part of a change: its name, its size (0–1, signed) as drawn and in words."""

    name: str
    points: float
    text: str
    role: Role = "grey_2"


@dataclass(frozen=True)
class End:
    """Where a change begins or ends: its name, the share (0–1), and the share in words."""

    name: str
    share: float
    text: str


def waterfall(then: End, steps: Sequence[Step], now: End, p: Palette) -> Figure:
    """Rows from top to bottom. Shares are marks and not bars: where the axis is cut no length can mislead; its ends are marked."""
    levels = [then.share]
    for step in steps:
        levels.append(levels[-1] + step.points)
    low, high = _range([*levels, now.share])
    names, places = row_positions([then.name, *(step.name for step in steps), now.name], ROW)
    height = places[-1] + ROW // 2
    texts = [then.text, *(step.text for step in steps), now.text]
    inks = [p.muted, *([None] * len(steps)), p.digital]
    down = axis(p, range=[height, 0], tickvals=[], showgrid=False)
    picture = layout(
        p, height + 40, xaxis=_axis(p, low, high), yaxis=down, annotations=row_labels(names, texts, places, p, inks)
    )
    picture["shapes"] = _threads(levels, places, p)
    picture["margin"] = picture["margin"] | {"l": 20, "r": 24}
    bars = [_bar(step, levels[i], places[i + 1], p) for i, step in enumerate(steps) if step.points]
    ends = [_mark(then, places[0], p.grey_3, p), _mark(now, places[-1], p.digital, p)]
    return Figure({"data": [*bars, *ends], "layout": picture}, alt(then, steps, now))


def _range(shares: Sequence[float]) -> tuple[float, float]:
    """The axis: all of 0–1, or, for a small change, the nearest marks around it."""
    low, high = min(shares), max(shares)
    pad = max(0.01, (high - low) / 10)
    low, high = floor((low - pad) / GRID + 1e-9) * GRID, ceil((high + pad) / GRID - 1e-9) * GRID
    return (0.0, 1.0) if high - low > MOST else (max(0.0, low), min(1.0, high))


def _axis(p: Palette, low: float, high: float) -> Spec:
    if (low, high) == (0.0, 1.0):
        return percent_axis(p, side="top") | {"range": [-2, 102]}
    ends = [100 * low, 100 * high]
    room = (ends[1] - ends[0]) / 50
    return axis(
        p,
        side="top",
        range=[ends[0] - room, ends[1] + room],
        tickvals=ends,
        ticktext=[percent(round(end / 100, 4)) for end in ends],
        tickangle=0,
    )


def _bar(step: Step, start: float, y: int, p: Palette) -> Spec:
    return {
        "type": "bar",
        "orientation": "h",
        "base": [100 * start],
        "x": [100 * step.points],
        "y": [y],
        "width": 14,
        "marker": hatch(p) if step.role == "unknown" else solid(p.of(step.role), p),
        "hovertext": [f"{wrap(step.name, 40)}: {step.text}"],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _mark(end: End, y: int, color: str, p: Palette) -> Spec:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [100 * end.share],
        "y": [y],
        "marker": {"color": color, "size": 14, "line": {"color": p.background, "width": 1}},
        "hovertext": [f"{wrap(end.name, 40)}: {end.text}"],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _threads(levels: Sequence[float], places: Sequence[int], p: Palette) -> list[Spec]:
    """The thin lines that hand a level on to the next row."""
    line = {"color": p.grey_3, "width": 1, "dash": "dot"}
    return [
        {
            "type": "line",
            "x0": 100 * level,
            "x1": 100 * level,
            "y0": places[i],
            "y1": places[i + 1],
            "line": line,
            "layer": "below",
        }
        for i, level in enumerate(levels)
    ]


def alt(then: End, steps: Sequence[Step], now: End) -> str:
    """From where to where, and by which steps."""
    parts = ", ".join(f"{step.name} {step.text}" for step in steps)
    values = {"start": then.text, "then": then.name, "steps": parts, "end": now.text, "now": now.name}
    return _("From {start} ({then}) to {end} ({now}), in percentage points: {steps}.").format(**values)
