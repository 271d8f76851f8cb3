"""Marks on a time axis: a numbered dot on the baseline, at the month in which something happened; the list beneath tells what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.metrics.scope import months_between
from ui.charts.base import Spec, label
from ui.frame.theme import Palette

DOT = 18  # pixels across
NARROWEST, WIDTH = 180, 15  # pixels of the plot on the narrowest phone, and of a dot there


@dataclass(frozen=True)
class Mark:
    """A number at a month."""

    month: date
    number: int


def min_months_apart(months: int) -> int:
    """How many months two marks must lie apart on an axis of so many months, for their numbers not to meet on a phone."""
    return max(1, -(-months * WIDTH // NARROWEST))


def with_room(marks: Sequence[Mark], months: int) -> list[Mark]:
    """Those of the marks, in order of time, that have room on an axis of so many months; each keeps its number."""
    placed: list[Mark] = []
    for mark in marks:
        if not placed or months_between(placed[-1].month, mark.month) >= min_months_apart(months):
            placed.append(mark)
    return placed


def add_marks(picture: Spec, marks: Sequence[Mark], p: Palette) -> Spec:
    """The layout with the marks on it: a numbered dot on the baseline under each month."""
    if not marks:
        return picture
    size = {"xsizemode": "pixel", "ysizemode": "pixel", "x0": -DOT / 2, "x1": DOT / 2, "y0": -DOT / 2, "y1": DOT / 2}
    look = {"fillcolor": p.background, "line": {"color": p.muted, "width": 1.25}}
    dot = {"type": "circle", "yref": "paper", "yanchor": 0, **size, **look}
    dots = [dot | {"xanchor": mark.month.isoformat()} for mark in marks]
    place: Spec = {"yref": "paper", "y": 0, "yanchor": "middle", "xanchor": "center", "yshift": 0}
    numbers = [label(p, f"<b>{mark.number}</b>", x=mark.month.isoformat(), **place) for mark in marks]
    for number in numbers:
        number["font"] = number["font"] | {"size": 12}
    air = {"ticks": "outside", "ticklen": DOT / 2 + 2, "tickcolor": p.background}  # the months stand below the dots
    return picture | {
        "shapes": [*picture.get("shapes", ()), *dots],
        "annotations": [*picture.get("annotations", ()), *numbers],
        "xaxis": picture["xaxis"] | air,
    }
