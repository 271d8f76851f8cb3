"""Marks on a time axis: a number above the month in which something happened; the list under the picture tells what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.metrics.scope import months_between
from ui.charts.base import Spec, label
from ui.frame.theme import Palette

ROOM = 20  # pixels above the plot for the numbers
NARROWEST, WIDTH = 145, 12  # pixels of the plot on a phone, and of a number with air


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
    """The layout with the marks on it: behind what is drawn a thin line, and over the plot the number."""
    if not marks:
        return picture
    rule = {
        "type": "line",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"color": p.grey_4, "width": 1},
    }
    place = {"yref": "paper", "y": 1, "yanchor": "bottom", "xanchor": "center"}
    lines = [rule | {"x0": mark.month.isoformat(), "x1": mark.month.isoformat()} for mark in marks]
    numbers = [label(p, str(mark.number), color=p.muted, x=mark.month.isoformat(), **place) for mark in marks]
    return picture | {
        "shapes": [*picture.get("shapes", ()), *lines],
        "annotations": [*picture.get("annotations", ()), *numbers],
        "margin": picture["margin"] | {"t": picture["margin"]["t"] + ROOM},
        "height": picture["height"] + ROOM,
    }
