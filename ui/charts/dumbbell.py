"""Dot with tail: where each department is now, and where it came from, on one axis from 0 to 100."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.significance import MIN_DENOMINATOR
from ui.charts.base import Figure, Spec, axis, hatch, layout, percent_axis, row_labels, row_positions, wrap
from ui.frame.theme import Palette
from ui.text import numbers
from ui.text.i18n import _, ngettext

ROW = 48  # pixels a row with a name on one line


@dataclass(frozen=True)
class Dot:
    """A name with its share now and before (0–1); None is not known. `href` is where a click leads.

    `all_known`: nothing that could change the share is unknown.
    """

    name: str
    now: float | None
    before: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    href: str = ""
    all_known: bool = True

    @property
    def few(self) -> bool:
        """Whether so few are counted that it is not ranked."""
        return self.denominator is not None and self.denominator < MIN_DENOMINATOR

    @property
    def text(self) -> str:
        """The value in words."""
        return _("not known") if self.now is None else numbers.share(self.now, self.numerator, self.denominator)


def dumbbell(rows: Sequence[Dot], p: Palette) -> Figure:
    """Rows from top to bottom as given, each name over its own track. Hatched: not known. Hollow: fewer than twenty."""
    names, places = row_positions([r.name for r in rows], ROW)
    height = (places[-1] if places else 0) + ROW // 2
    down = axis(p, range=[height, 0], tickvals=[], showgrid=False)
    across = percent_axis(p, side="top") | {"range": [-2, 102]}
    picture = layout(p, height + 40, xaxis=across, yaxis=down, annotations=_labels(rows, names, places, p))
    picture["shapes"] = [_track(y, p) for y in places]
    picture["margin"] = picture["margin"] | {"l": 16, "r": 24}
    data = [_unknown(rows, places, p), *_tails(rows, places, p), _marks(rows, places, p)]
    return Figure({"data": data, "layout": picture}, alt(rows))


def _track(y: int, p: Palette) -> Spec:
    line = {"color": p.line, "width": 2}
    return {"type": "line", "x0": 0, "x1": 100, "y0": y, "y1": y, "line": line, "layer": "below"}


def _labels(rows: Sequence[Dot], names: Sequence[str], places: Sequence[int], p: Palette) -> list[Spec]:
    texts = [numbers.MISSING if r.now is None else r.text for r in rows]
    return row_labels(names, texts, places, p, hrefs=[r.href for r in rows])


def _unknown(rows: Sequence[Dot], places: Sequence[int], p: Palette) -> Spec:
    unknown = [(r, y) for r, y in zip(rows, places, strict=True) if r.now is None]
    hover_texts = [f"{wrap(r.name, 60)}: {_('not known')}" for r, _y in unknown]
    bars = {"type": "bar", "orientation": "h", "x": [100] * len(unknown), "y": [y for _r, y in unknown], "width": 12}
    return bars | {
        "marker": hatch(p),
        "hovertext": hover_texts,
        "hoverinfo": "text",
        "customdata": [r.href for r, _y in unknown],
    }


def _tails(rows: Sequence[Dot], places: Sequence[int], p: Palette) -> list[Spec]:
    x: list[float | None] = []
    y: list[float | None] = []
    for r, down in zip(rows, places, strict=True):
        if r.now is not None and r.before is not None:
            x += [r.before * 100, r.now * 100, None]
            y += [down, down, None]
    line = {"color": p.grey_4, "width": 4}
    tail = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}
    starts = {"type": "scatter", "mode": "markers", "x": x[::3], "y": y[::3], "hoverinfo": "skip"}
    return [tail, starts | {"marker": {"color": p.grey_3, "size": 7, "symbol": "line-ns-open", "line": {"width": 2}}}]


def _marks(rows: Sequence[Dot], places: Sequence[int], p: Palette) -> Spec:
    known = [(y, r, r.now) for y, r in zip(places, rows, strict=True) if r.now is not None]
    marker = {
        "size": 14,
        "color": [p.background if r.few else p.digital for _, r, _ in known],
        "line": {"color": p.digital, "width": 2},
    }
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [now * 100 for _, _, now in known],
        "y": [y for y, _, _ in known],
        "cliponaxis": False,
        "marker": marker,
        "hovertext": [_hover(r) for _, r, _ in known],
        "customdata": [r.href for _, r, _ in known],
        "hoverinfo": "text",
    }


def _hover(row: Dot) -> str:
    was = "" if row.before is None else "<br>" + _("before: {value}").format(value=numbers.percent(row.before))
    whole = "" if row.denominator is None else f" ({numbers.out_of(row.numerator, row.denominator)})"
    return f"{wrap(row.name, 40)}<br>{numbers.percent(row.now)}{whole}{was}"


def alt(rows: Sequence[Dot]) -> str:
    """Who is highest, who is lowest, and what is not known. Those with fewer than twenty are not ranked."""
    ranked = sorted((r for r in rows if r.now is not None and not r.few), key=lambda r: r.now or 0)
    partly = sum(not r.all_known for r in ranked)
    unknown = sum(r.now is None for r in rows)
    lowest = sum(r.text == ranked[0].text for r in ranked)
    sentences = []
    if len(ranked) > 1 and ranked[0].text == ranked[-1].text:
        sentences.append(_("All have {value}.").format(value=ranked[0].text))
    elif len(ranked) > 1:
        ends = {"top": ranked[-1].name, "high": ranked[-1].text, "bottom": ranked[0].name, "low": ranked[0].text}
        ends["bottom"] = ngettext("{name}", "{n} departments", lowest).format(
            name=ranked[0].name, n=numbers.count(lowest)
        )
        filled = _("Highest of the filled dots is {top} with {high}, lowest {bottom} with {low}.")
        every = _("Highest is {top} with {high}, lowest {bottom} with {low}.")
        sentences.append((filled if any(r.few for r in rows) else every).format(**ends))
    elif ranked:
        only = f"{ranked[0].name}: {ranked[0].text}"
        sentences.append((_("{finding}, of what is known").format(finding=only) if partly else only) + ".")
    elif len(rows) > unknown:
        sentences.append(_("Each has fewer than twenty, so they are not ranked."))
    if partly and len(ranked) > 1:
        sentences.append(_("Not all is known of {n} of them.").format(n=numbers.count(partly)))
    if unknown:
        sentences.append(ngettext("{n} is not known.", "{n} are not known.", unknown).format(n=unknown))
    return " ".join(sentences) or _("Too little is known to compare.")
