"""Line: a share month by month, the comparison in grey, labelled at its end. Unknown months are gaps with a hatch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from ui.charts.base import LINE, Figure, Spec, hatch, label, layout, month_axis, percent_axis, space_out, wrap
from ui.charts.event_marks import Mark, add_marks
from ui.frame.theme import Palette
from ui.text import numbers
from ui.text.i18n import _

MONTH = 86_400_000 * 27  # the width of a hatched month, in Plotly's milliseconds
EDGES = 60  # pixels of the height that are not plot


@dataclass(frozen=True)
class Month:
    """A month with its share now and in the comparison (0–1); None is not known, and never drawn as zero."""

    month: date
    now: float | None
    before: float | None = None
    text: str = ""  # the value in words where that is not its percentage: "12 av 15"
    before_text: str = ""
    usual: tuple[float, float] | None = None  # between which shares a month usually lies
    middle: float | None = None  # the middle of that
    signal: bool = False  # whether it is more than chance

    @property
    def value_text(self) -> str:
        """The value now as a reader may trust it."""
        return self.text or numbers.percent(self.now)


def share_line(
    rows: Sequence[Month],
    p: Palette,
    *,
    name: str,
    now: str,
    before: str = "",
    usual: str = "",
    height: int = 240,
    marks: Sequence[Mark] = (),
) -> Figure:
    """Rows in the order of time. `name` is what is shown; `now` and `before` label the ends of the two lines.

    What is usual is a pale band that `usual` names, a month that is a signal has a ring, and `marks` stand above their months.
    """
    months = [r.month.isoformat() for r in rows]
    then, current = [r.before for r in rows], [r.now for r in rows]
    data = [*_usual(rows, p), _unknown(rows, p), *_rings(rows, p)]
    if any(v is not None for v in then):
        data.append(_course(months, then, p.grey_3, 2, before))
    data.append(_course(months, current, p.digital, 3, now))
    across = month_axis(p, months) | {"range": _room(rows)}
    picture = layout(
        p, height, xaxis=across, yaxis=percent_axis(p), annotations=_ends(rows, p, (now, before, usual), height)
    )
    picture["margin"] = picture["margin"] | {"r": 96}
    return Figure({"data": data, "layout": add_marks(picture, marks, p)}, alt(rows, name))


def _room(rows: Sequence[Month]) -> list[str]:
    if not rows:
        return []
    half = (MONTH / 86_400_000) / 2
    first, last = rows[0].month.toordinal() - half, rows[-1].month.toordinal() + half
    return [date.fromordinal(int(first)).isoformat(), date.fromordinal(int(last)).isoformat()]


def _course(months: Sequence[str], values: Sequence[float | None], color: str, width: int, name: str) -> Spec:
    texts = [numbers.percent(v) for v in values]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "connectgaps": False,
        "x": list(months),
        "y": [None if v is None else v * 100 for v in values],
        "line": {"color": color, "width": width},
        "marker": {"color": color, "size": 3 + width},
        "hovertext": [
            f"{numbers.month(date.fromisoformat(m))}<br>{wrap(name, 40)}: {s}"
            for m, s in zip(months, texts, strict=True)
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _unknown(rows: Sequence[Month], p: Palette) -> Spec:
    unknown = [r for r in rows if r.now is None]
    bars = {"type": "bar", "x": [r.month.isoformat() for r in unknown], "y": [100] * len(unknown), "width": MONTH}
    hover_texts = [f"{numbers.month(r.month)}: {_('not known')}" for r in unknown]
    return bars | {"marker": hatch(p), "hovertext": hover_texts, "hoverinfo": "text", "opacity": 0.7}


def _usual(rows: Sequence[Month], p: Palette) -> list[Spec]:
    """The band of what is usual, a step for each month; a month without limits parts it."""
    data, half = [], MONTH / 2
    for known, group in groupby(rows, key=lambda r: r.usual is not None):
        steps = [(r.month, r.usual) for r in group if r.usual]
        if known:
            x = [_edge(month, side * half) for month, _limits in steps for side in (-1, 1)]
            low, high = ([limits[i] * 100 for _month, limits in steps for _side in range(2)] for i in (0, 1))
            shape = {"x": x + x[::-1], "y": high + low[::-1], "fill": "toself", "fillcolor": p.line, "opacity": 0.6}
            data.append({"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"} | shape)
    middles = [(r.month.isoformat(), r.middle * 100) for r in rows if r.middle is not None]
    if middles:
        dotted = {"type": "scatter", "mode": "lines", "line": {"color": p.grey_3, "width": 1, "dash": "dot"}}
        data.append(dotted | {"x": [x for x, _y in middles], "y": [y for _x, y in middles], "hoverinfo": "skip"})
    return data


def _edge(month: date, milliseconds: float) -> str:
    return (datetime.combine(month, time()) + timedelta(milliseconds=milliseconds)).isoformat()


def _rings(rows: Sequence[Month], p: Palette) -> list[Spec]:
    signals = [(r.month.isoformat(), r.now * 100) for r in rows if r.signal and r.now is not None]
    ring = {"color": p.background, "size": 14, "line": {"color": p.accent, "width": 2}}
    place = {"x": [x for x, _y in signals], "y": [y for _x, y in signals], "hoverinfo": "skip", "cliponaxis": False}
    return [{"type": "scatter", "mode": "markers", "marker": ring} | place] if signals else []


def _ends(rows: Sequence[Month], p: Palette, names: tuple[str, str, str], height: int) -> list[Spec]:
    """The labels at the ends: the last known value of each line and of the band, moved apart where they would meet."""
    now, before, usual = names
    newest = next((r for r in reversed(rows) if r.now is not None), None)
    named = now if newest is None or newest is rows[-1] else numbers.month(newest.month)
    then = next((r for r in reversed(rows) if r.before is not None), None)
    last = [
        (newest.now if newest else None, newest.text if newest else "", named, p.digital),
        (then.before if then else None, then.before_text if then else "", before, p.muted),
    ]
    band = next((r.usual for r in reversed(rows) if r.usual), None)
    if band:
        last.insert(0, (sum(band) / 2, numbers.span(*band), usual, p.muted))
    visible = [
        (value, said or numbers.percent(value), name, color) for value, said, name, color in last if value is not None
    ]
    texts = [f"<b>{said}</b><br>{wrap(name, 13)}" for _value, said, name, _color in visible]
    gap = max((text.count("<br>") + 1 for text in texts), default=1) * LINE / (height - EDGES) * 100
    places = space_out([value * 100 for value, *_rest in visible], gap)
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6}
    return [label(p, text, color=row[-1], y=y, **place) for text, row, y in zip(texts, visible, places, strict=True)]


def alt(rows: Sequence[Month], name: str) -> str:
    """From where to where, and how many months are not known."""
    known = [r for r in rows if r.now is not None]
    if not known:
        return _("{name}: no month is known.").format(name=name)
    first, last = known[0], known[-1]
    few = first.text or last.text or first is last
    ends = (first.value_text, last.value_text) if few else numbers.percents(first.now, last.now)
    return describe_course(name, (first.month, last.month), ends, len(rows) - len(known))


def describe_course(name: str, months: tuple[date, date], ends: tuple[str, str], unknown: int) -> str:
    """From where to where: the first and last known month, the values in them, and how many months are not known."""
    (first, last), (start, end) = map(numbers.month, months), ends
    if first == last:
        sentence = _("{name}: {value} in {month}.").format(name=name, value=end, month=last)
    elif start == end:
        sentence = _("{name}: {end}, the same in {last} as in {first}.").format(
            name=name, end=end, last=last, first=first
        )
    else:
        moved = _("{name}: from {start} in {first} to {end} in {last}.")
        sentence = moved.format(name=name, start=start, first=first, end=end, last=last)
    if unknown:
        sentence += " " + numbers.plural("{n} month is not known.", "{n} months are not known.", unknown)
    return sentence
