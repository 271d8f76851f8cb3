"""From column to column: where money comes from and where it goes, in bands as wide as the sums, each end named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from ui.charts.base import LINE, Figure, Spec, axis, label, layout, link_markup, wrap
from ui.frame.theme import Palette, Role
from ui.text.i18n import _

TALL = 300  # pixels of a column without its gaps
GAP = 12  # pixels between two nodes
THICK = 0.008  # half a node, of the width
STEPS = 20  # points along the edge of a band
SIDE = 186  # pixels beside the bands, for the names of the outer columns
LETTERS = 24  # a line of a name
Say = Callable[[Decimal], str]


@dataclass(frozen=True)
class Node:
    """A node: its code, the reader's name, its colour, and where a click on the name leads."""

    code: str
    name: str
    role: Role = "grey_2"
    href: str = ""


@dataclass(frozen=True)
class Flow:
    """A sum above nothing through one node of each column. Its bands have the colour of the middle one."""

    path: tuple[str, str, str]
    value: Decimal


@dataclass(frozen=True)
class _Placed:
    """A node where it lies, in pixels from the top; `room` is what its name needs."""

    node: Node
    text: str
    top: float
    height: float
    room: float


def sankey(columns: Sequence[Sequence[Node]], flows: Sequence[Flow], p: Palette, *, say: Say) -> Figure:
    """Three columns from left to right, each from the top down as given; a node without a flow is left out."""
    placed = [_column(nodes, totals(nodes, flows, i), flows, p, say) for i, nodes in enumerate(columns)]
    tall = max((max(n.top + n.height, n.top + (n.height + n.room) / 2) for column in placed for n in column), default=0)
    placed = [_centred(column, tall) for column in placed]
    hidden = {"visible": False, "automargin": False}
    picture = layout(
        p,
        round(tall) + 24,
        xaxis=axis(p, range=[0, 1], **hidden),
        yaxis=axis(p, range=[max(tall, 1), 0], **hidden),
        shapes=[_bar(n, i, p) for i, column in enumerate(placed) for n in column],
        annotations=[_name(n, i, p) for i, column in enumerate(placed) for n in column],
        hovermode="closest",
    )
    picture["margin"] = {"l": SIDE, "r": SIDE, "t": 12, "b": 12, "pad": 0}
    return Figure({"data": _bands(placed, flows, p, say), "layout": picture}, alt(columns, flows, say))


def totals(nodes: Sequence[Node], flows: Sequence[Flow], column: int) -> dict[str, Decimal]:
    """What goes through each node of a column, in their order; those that nothing goes through are left out."""
    sums = {n.code: sum((f.value for f in flows if f.path[column] == n.code), Decimal(0)) for n in nodes}
    return {code: value for code, value in sums.items() if value}


def _scale(flows: Sequence[Flow]) -> float:
    """Pixels a krona."""
    whole = sum((f.value for f in flows), Decimal(0))
    return TALL / float(whole) if whole else 0.0


def _column(
    nodes: Sequence[Node], sums: dict[str, Decimal], flows: Sequence[Flow], p: Palette, say: Say
) -> list[_Placed]:
    """The nodes under each other: as high as their sums, and no closer than their names allow."""
    at, column = 0.0, []
    for node in (n for n in nodes if n.code in sums):
        name = wrap(node.name, LETTERS)
        height, room = float(sums[node.code]) * _scale(flows), LINE * (name.count("<br>") + 2.0)
        slot = max(height, room)
        text = f"{link_markup(name, node.href, p)}<br><b>{say(sums[node.code])}</b>"
        column.append(_Placed(node, text, at + (slot - height) / 2, height, room))
        at += slot + GAP
    return column


def _centred(column: list[_Placed], tall: float) -> list[_Placed]:
    """A shorter column stands in the middle."""
    if not column:
        return column
    first, last = column[0], column[-1]
    over = min(first.top, first.top + (first.height - first.room) / 2)
    under = tall - max(last.top + last.height, last.top + (last.height + last.room) / 2)
    return [replace(n, top=n.top + (under - over) / 2) for n in column]


def _bar(n: _Placed, column: int, p: Palette) -> Spec:
    x = column / 2
    pale = n.node.role == "pale"
    line = {"width": 1, "color": p.grey_2 if pale else p.of(n.node.role)}
    edges = {"x0": x - THICK, "x1": x + THICK, "y0": n.top, "y1": n.top + max(n.height, 2)}
    return {"type": "rect", "fillcolor": p.of(n.node.role), "line": line, "layer": "above"} | edges


def _name(n: _Placed, column: int, p: Palette) -> Spec:
    """The name outside the outer columns; over the bands, on a ground of its own, in the middle."""
    color = p.accent_text if n.node.role == "accent" else p.ink
    place = {"y": n.top + n.height / 2, "yanchor": "middle"}
    if column == 0:
        return label(p, n.text, color=color, x=0, xanchor="right", xshift=-10, **place) | {"align": "right"}
    ground = {"bgcolor": p.background, "borderpad": 2} if column == 1 else {}
    return label(p, n.text, color=color, x=column / 2, xanchor="left", xshift=10, **place, **ground)


def _bands(placed: Sequence[Sequence[_Placed]], flows: Sequence[Flow], p: Palette, say: Say) -> list[Spec]:
    """A band for each pair of nodes beside each other, stacked on both in the order of the columns."""
    scale = _scale(flows)
    filled = [{n.node.code: n.top for n in column} for column in placed]
    out = [{n.node.code: n.top for n in column} for column in placed]
    drawn = []
    for left in (0, 1):
        for a, b in product(placed[left], placed[left + 1]):
            pair = (a.node.code, b.node.code)
            value = sum((f.value for f in flows if f.path[left : left + 2] == pair), Decimal(0))
            if value:
                height = float(value) * scale
                ends = out[left][pair[0]], filled[left + 1][pair[1]]
                out[left][pair[0]] += height
                filled[left + 1][pair[1]] += height
                role = (b if left == 0 else a).node.role
                hover_text = f"{wrap(a.node.name, 40)} → {wrap(b.node.name, 40)}: {say(value)}"
                drawn.append(_band(left / 2 + THICK, ends, height, hover_text) | _fill(role, p))
    return drawn


def _band(x: float, ends: tuple[float, float], height: float, hover_text: str) -> Spec:
    """A band that leaves and arrives level, as a closed outline."""
    steps = [i / STEPS for i in range(STEPS + 1)]
    xs = [x + t * (0.5 - 2 * THICK) for t in steps]
    upper = [ends[0] + (ends[1] - ends[0]) * t * t * (3 - 2 * t) for t in steps]
    outline = {"x": xs + xs[::-1], "y": upper + [y + height for y in upper[::-1]]}
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": hover_text,
    } | outline


def _fill(role: Role, p: Palette) -> Spec:
    if role == "pale":
        return {"fillcolor": p.line, "line": {"width": 0.5, "color": p.grey_2}, "opacity": 0.85}
    return {"fillcolor": p.of(role), "line": {"width": 0.5, "color": p.of(role)}, "opacity": 0.55}


def alt(columns: Sequence[Sequence[Node]], flows: Sequence[Flow], say: Say) -> str:
    """Where most comes from, each of the middle column, and who it goes to: at most five, and how many more."""
    if not flows:
        return _("There is nothing to show.")
    sources, middles, ends = (totals(nodes, flows, i) for i, nodes in enumerate(columns))
    names = [{n.code: n.name for n in nodes} for nodes in columns]
    most = max(sources, key=lambda code: sources[code])
    listed = [
        ", ".join(f"{names[i][code]} {say(value)}" for code, value in list(sums.items())[:5])
        + (_(" and {n} more").format(n=len(sums) - 5) if len(sums) > 5 else "")
        for i, sums in ((1, middles), (2, ends))
    ]
    values = {"total": say(sum(sources.values(), Decimal(0))), "source": names[0][most], "most": say(sources[most])}
    return _("{most} of {total} goes to {source}. By type: {types}. Paid by: {payers}.").format(
        types=listed[0], payers=listed[1], **values
    )
