"""Waterfall: from a share then to the share now, step by step, each under its name and points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from markupsafe import Markup

from ui.charts.base import shade
from ui.frame.theme import Role
from ui.text.html import tag
from ui.text.i18n import _
from ui.text.numbers import percent

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


def waterfall(then: End, steps: Sequence[Step], now: End) -> Markup:
    """Rows from top to bottom. Shares are dots and not bars: where the axis is cut no length can mislead; its ends are marked."""
    levels = [then.share]
    for step in steps:
        levels.append(levels[-1] + step.points)
    axis = _range([*levels, now.share])
    marks = (tag("span", percent(round(end, 4)), style=f"left:{i * 100}%") for i, end in enumerate(axis))
    head = tag("li", tag("span", *marks, class_="levels"), class_="axis-row")
    rows = (_row(step, levels[i], axis) for i, step in enumerate(steps))
    ends = _end(then, axis, "then", levels[0]), _end(now, axis, "now", None)
    listed = tag("ol", head, ends[0], *rows, ends[1], class_="waterfall")
    return tag("div", listed, role="group", aria_label=alt(then, steps, now))


def _range(shares: Sequence[float]) -> tuple[float, float]:
    """The axis: all of 0–1, or, for a small change, the nearest marks around it."""
    low, high = min(shares), max(shares)
    pad = max(0.01, (high - low) / 10)
    low, high = floor((low - pad) / GRID + 1e-9) * GRID, ceil((high + pad) / GRID - 1e-9) * GRID
    return (0.0, 1.0) if high - low > MOST else (max(0.0, low), min(1.0, high))


def _at(share: float, axis: tuple[float, float]) -> float:
    """A share in per cent of the axis."""
    return (share - axis[0]) / (axis[1] - axis[0]) * 100


def _row(step: Step, start: float, axis: tuple[float, float]) -> Markup:
    """A step's bar, from where the one before it ended, and the thread that hands its level on."""
    ends = sorted((_at(start, axis), _at(start + step.points, axis)))
    place = f"left:{ends[0]:.2f}%;width:{ends[1] - ends[0]:.2f}%"
    bar = (tag("i", class_=shade(step.role), style=place),) if step.points else ()
    plot = tag("span", *bar, *_thread(start + step.points, axis), class_="steps-plot", aria_hidden="true")
    return tag("li", tag("span", step.name, class_="name"), plot, " ", tag("b", step.text))


def _end(end: End, axis: tuple[float, float], class_: str, level: float | None) -> Markup:
    dot = tag("i", class_="dot", style=f"left:{_at(end.share, axis):.2f}%")
    plot = tag("span", dot, *_thread(level, axis), class_="steps-plot", aria_hidden="true")
    return tag("li", tag("span", end.name, class_="name"), plot, " ", tag("b", end.text), class_=class_)


def _thread(level: float | None, axis: tuple[float, float]) -> Iterator[Markup]:
    if level is not None:
        yield tag("i", class_="thread", style=f"left:{_at(level, axis):.2f}%")


def alt(then: End, steps: Sequence[Step], now: End) -> str:
    """From where to where, and by which steps."""
    parts = ", ".join(f"{step.name} {step.text}" for step in steps)
    values = {"start": then.text, "then": then.name, "steps": parts, "end": now.text, "now": now.name}
    return _("From {start} ({then}) to {end} ({now}), in percentage points: {steps}.").format(**values)
