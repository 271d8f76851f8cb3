"""Cumulative curve: how much the first few of many give together, with the place marked where a given part is reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ui.charts.base import LINE, Figure, Spec, axis, label, layout, wrap
from ui.frame.theme import Palette
from ui.text import numbers
from ui.text.i18n import _

Say = Callable[[float], str]


@dataclass(frozen=True)
class Step:
    """One of the many, and what it gives."""

    name: str
    value: float


def pareto(
    steps: Sequence[Step],
    total: float,
    p: Palette,
    *,
    say: Say,
    across: str,
    mark: int | None,
    marked: str,
    reading: str,
    height: int = 300,
) -> Figure:
    """Steps in the order they are taken, of a `total` that they may not reach.

    `across` names what is counted, `marked` is the label at step number `mark`, and `reading` the figure in one sentence.
    """
    sums = [0.0, *accumulate(step.value for step in steps)]
    data = [_course(steps, sums, p, say)]
    annotations: list[Spec] = []
    shapes: list[Spec] = []
    if mark is not None:
        data.append(_ring(mark, sums[mark], p))
        annotations.append(_label(mark, sums[mark], len(steps), marked, p))
        shapes.append(_drop(mark, sums[mark], p))
    ticks = [0.0, total / 2, total]
    up = axis(p, range=[0, total * 1.03], tickvals=ticks, ticktext=[say(t) for t in ticks])
    ends = [0, len(steps)]
    along = axis(p, range=[0, len(steps)], tickvals=ends, ticktext=[numbers.count(n) for n in ends], showgrid=False)
    along |= {"title": {"text": across, "font": {"size": 13, "color": p.text}, "standoff": 4}, "tickangle": 0}
    picture = layout(p, height, xaxis=along, yaxis=up, annotations=annotations, shapes=shapes)
    over = mark is not None and not _under(mark, len(steps))
    picture["margin"] = picture["margin"] | {"r": 16} | ({"t": 16 + 2 * LINE} if over else {})
    return Figure({"data": data, "layout": picture}, reading or _("There is nothing to show."))


def _course(steps: Sequence[Step], sums: Sequence[float], p: Palette, say: Say) -> Spec:
    together = _("together {sum}")
    hover_texts = [
        f"{numbers.count(i)}. {wrap(step.name, 40)}: {say(step.value)}<br>{together.format(sum=say(sums[i]))}"
        for i, step in enumerate(steps, 1)
    ]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(sums))),
        "y": list(sums),
        "line": {"color": p.grey_1, "width": 3},
        "hovertext": ["", *hover_texts],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _ring(mark: int, sum_: float, p: Palette) -> Spec:
    marker = {"size": 12, "color": p.background, "line": {"color": p.text, "width": 3}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [mark],
        "y": [sum_],
        "marker": marker,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _drop(mark: int, sum_: float, p: Palette) -> Spec:
    look = {"color": p.text, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": mark, "x1": mark, "y0": 0, "y1": sum_, "line": look}


def _under(mark: int, n: int) -> bool:
    return mark <= 0.6 * n


def _label(mark: int, sum_: float, n: int, marked: str, p: Palette) -> Spec:
    """Under the curve, where there is room to the right of it; else above it."""
    place: Spec = {"xanchor": "left", "yanchor": "top", "xshift": 10, "yshift": -10}
    if not _under(mark, n):
        place = {"xanchor": "right", "yanchor": "bottom", "xshift": -10, "yshift": 4}
    return label(p, f"<b>{wrap(marked, 18)}</b>", x=mark, y=sum_, **place)
