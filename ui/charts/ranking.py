"""Horizontal bar: a ranking, such as money by payer, each bar under its name and value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ui.charts.frame import Figure, Spec, axis, hatch, label, layout, shorten, solid, wrap
from ui.text import _
from ui.theme import Palette, Role

ROW = 44  # pixels a row


@dataclass(frozen=True)
class Bar:
    """A name with its value; a role of accent needs eyes, unknown is hatched. None is not known."""

    name: str
    value: float | Decimal | None
    role: Role = "grey_2"


def ranking(bars: Sequence[Bar], p: Palette, *, say: Callable[[float | Decimal | None], str]) -> Figure:
    """Bars from top to bottom as given, each under its name and value. A credit runs to the left of zero."""
    values = [float(b.value or 0) for b in bars]
    low, high = min([0.0, *values]), max([0.0, *values])
    across = axis(p, range=[low, high if high > low else low + 1], showgrid=False, showticklabels=False)
    across |= {"zeroline": low < 0, "zerolinecolor": p.grey_4}
    down = axis(p, range=[len(bars) - 0.5, -0.8], tickvals=[], showgrid=False)
    picture = layout(p, len(bars) * ROW + 24, xaxis=across, yaxis=down, annotations=_labels(bars, say, p))
    return Figure({"data": [_bars(bars, values, say, p)], "layout": picture}, alt(bars, say))


def _labels(bars: Sequence[Bar], say: Callable[[float | Decimal | None], str], p: Palette) -> list[Spec]:
    """The name at the left and the value at the right, both above the bar, where a phone has room for them."""
    left = {"x": 0, "xref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 6, "bgcolor": p.background}
    right = left | {"x": 1, "xanchor": "right"}
    inks = [p.accent_text if b.role == "accent" else p.text for b in bars]
    named = [label(p, shorten(b.name), y=i, color=inks[i], **left) for i, b in enumerate(bars)]
    return named + [label(p, f"<b>{say(b.value)}</b>", y=i, color=inks[i], **right) for i, b in enumerate(bars)]


def _bars(bars: Sequence[Bar], values: list[float], say: Callable[[float | Decimal | None], str], p: Palette) -> Spec:
    empty = hatch(p)["pattern"]
    shapes = [empty["shape"] if b.role == "unknown" else "" for b in bars]
    marker = solid("", p) | {"color": [p.of(b.role) for b in bars]}
    return {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": list(range(len(bars))),
        "width": 0.3,
        "marker": marker | {"pattern": empty | {"shape": shapes}},
        "hovertext": [f"{wrap(b.name, 40)}: {say(b.value)}" for b in bars],
        "hoverinfo": "text",
    }


def alt(bars: Sequence[Bar], say: Callable[[float | Decimal | None], str]) -> str:
    """Every bar with its value, at most five, and how many more."""
    if not bars:
        return _("There is nothing to show.")
    listed = ", ".join(f"{b.name} {say(b.value)}" for b in bars[:5])
    more = _(" and {n} more").format(n=len(bars) - 5) if len(bars) > 5 else ""
    return f"{listed}{more}."
