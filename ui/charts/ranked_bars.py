"""Horizontal bar: a ranking, such as money by payer, each bar under its name and value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ui.charts.base import Figure, Spec, axis, hatch, layout, row_labels, row_positions, solid, wrap
from ui.frame.theme import Palette, Role
from ui.text.i18n import _

ROW = 44  # pixels a row
TOP = 14  # of them that the first row does without


@dataclass(frozen=True)
class Bar:
    """A name with its value; a role of accent needs eyes, unknown is hatched. None is not known. `href`: where a click leads."""

    name: str
    value: float | Decimal | None
    role: Role = "grey_2"
    href: str = ""


def ranked_bars(bars: Sequence[Bar], p: Palette, *, say: Callable[[float | Decimal | None], str]) -> Figure:
    """Bars from top to bottom as given, each under its name and value. A credit runs to the left of zero."""
    values = [float(b.value or 0) for b in bars]
    low, high = min([0.0, *values]), max([0.0, *values])
    across = axis(p, range=[low, high if high > low else low + 1], showgrid=False, showticklabels=False)
    across |= {"zeroline": low < 0, "zerolinecolor": p.grey_4}
    names, places = row_positions([b.name for b in bars], ROW)
    height = (places[-1] if places else 0) + ROW // 2
    down = axis(p, range=[height, TOP], tickvals=[], showgrid=False)
    picture = layout(p, height - TOP + 24, xaxis=across, yaxis=down, annotations=_labels(bars, names, places, say, p))
    return Figure({"data": [_bars(bars, places, values, say, p)], "layout": picture}, alt(bars, say))


def _labels(
    bars: Sequence[Bar],
    names: Sequence[str],
    places: Sequence[int],
    say: Callable[[float | Decimal | None], str],
    p: Palette,
) -> list[Spec]:
    inks = [p.accent_text if b.role == "accent" else p.text for b in bars]
    return row_labels(names, [say(b.value) for b in bars], places, p, inks, [b.href for b in bars])


def _bars(
    bars: Sequence[Bar],
    places: Sequence[int],
    values: list[float],
    say: Callable[[float | Decimal | None], str],
    p: Palette,
) -> Spec:
    empty = hatch(p)["pattern"]
    shapes = [empty["shape"] if b.role == "unknown" else "" for b in bars]
    marker = solid("", p) | {"color": [p.of(b.role) for b in bars]}
    return {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": list(places),
        "width": 12,
        "marker": marker | {"pattern": empty | {"shape": shapes}},
        "hovertext": [f"{wrap(b.name, 40)}: {say(b.value)}" for b in bars],
        "hoverinfo": "text",
        "customdata": [b.href for b in bars],
    }


def alt(bars: Sequence[Bar], say: Callable[[float | Decimal | None], str]) -> str:
    """Every bar with its value, at most five, and how many more."""
    if not bars:
        return _("There is nothing to show.")
    listed = ", ".join(f"{b.name} {say(b.value)}" for b in bars[:5])
    more = _(" and {n} more").format(n=len(bars) - 5) if len(bars) > 5 else ""
    return f"{listed}{more}."
