"""Two costs a year by digital share: with an e-service beside the other way of working, and without. They meet where it pays."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ui.charts.base import LINE, Figure, Spec, axis, label, layout, percent_axis, round_up, space_out, wrap
from ui.frame.theme import Palette
from ui.text import numbers
from ui.text.i18n import _

Say = Callable[[float | Decimal | None], str]
HEIGHT, EDGES = 240, 64
MARKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Costs:
    """Kronor a year: `without` at any share; with the e-service from `at_none` at 0 % to `at_all` at 100 %.

    `now` and `break_even` are shares (0–1): where the service stands, and where it pays. None is not known, or nowhere.
    """

    without: Decimal
    at_none: Decimal
    at_all: Decimal
    now: Decimal | None
    break_even: Decimal | None

    def at(self, share: Decimal) -> Decimal:
        """The cost with the e-service at a share."""
        return self.at_none + (self.at_all - self.at_none) * share


def break_even_lines(costs: Costs, p: Palette, *, say: Say) -> Figure:
    """Both lines, with a ring where the service stands now and a dotted line where it pays."""
    low = min(0.0, float(costs.at_all), float(costs.at_none))
    top = round_up(float(max(costs.without, costs.at_none, costs.at_all)))
    up = _amount_axis(p, top, low, say)
    across = percent_axis(p) | {"tickvals": list(MARKS), "title": {"text": _("digital share"), "font": {"size": 13}}}
    data = [
        _line((costs.without, costs.without), p.grey_2, _("Without the e-service"), say),
        _line((costs.at_none, costs.at_all), p.digital, _("With the e-service"), say),
    ]
    if costs.now is not None:
        data.append(_ring(costs.now, costs.at(costs.now), p, say))
    span = up["range"]
    picture = layout(
        p,
        HEIGHT,
        xaxis=across,
        yaxis=up,
        annotations=_ends(costs, span, p, say) + _even(costs, p),
        shapes=_drop(costs, span, p),
    )
    picture["margin"] = picture["margin"] | {"r": 120, "t": 28}
    return Figure({"data": data, "layout": picture}, alt(costs, say))


def _amount_axis(p: Palette, high: float, low: float, say: Say) -> Spec:
    """An axis of amounts from zero, or from the credits, with both ends marked."""
    middle = [high / 2] if say(high / 2) not in (say(0), say(high)) else []
    ticks = [*([low] if low < -0.1 * high else []), 0, *middle, high]
    return axis(p, range=[low * 1.02, high * 1.02], tickvals=ticks, ticktext=[say(t) for t in ticks], zeroline=low < 0)


def _line(ends: tuple[Decimal, Decimal], color: str, name: str, say: Say) -> Spec:
    shares = [Decimal(mark) / 100 for mark in MARKS]
    values = [ends[0] + (ends[1] - ends[0]) * share for share in shares]
    hover_texts = [f"{numbers.percent(s)}<br>{wrap(name, 40)}: {say(v)}" for s, v in zip(shares, values, strict=True)]
    look = {"line": {"color": color, "width": 3}, "cliponaxis": False}
    place = {"x": list(MARKS), "y": [float(v) for v in values], "hovertext": hover_texts, "hoverinfo": "text"}
    return {"type": "scatter", "mode": "lines"} | place | look


def _ring(now: Decimal, cost: Decimal, p: Palette, say: Say) -> Spec:
    hover_text = f"{_('now')}: {numbers.percent(now)}, {say(cost)}"
    marker = {"size": 12, "color": p.background, "line": {"color": p.digital, "width": 3}}
    place = {
        "x": [float(now) * 100],
        "y": [float(cost)],
        "hovertext": [hover_text],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    text = {"text": [_("now")], "textposition": "bottom center" if now > Decimal("0.1") else "bottom right"}
    return (
        {"type": "scatter", "mode": "markers+text", "marker": marker, "textfont": {"color": p.ink, "size": 13}}
        | place
        | text
    )


def _drop(costs: Costs, span: list[float], p: Palette) -> list[Spec]:
    """A dotted line where the two meet."""
    if costs.break_even is None:
        return []
    x = float(costs.break_even) * 100
    return [
        {
            "type": "line",
            "x0": x,
            "x1": x,
            "y0": span[0],
            "y1": span[1],
            "line": {"color": p.ink, "width": 1, "dash": "dot"},
        }
    ]


def _even(costs: Costs, p: Palette) -> list[Spec]:
    if costs.break_even is None:
        return []
    side = "left" if costs.break_even < Decimal("0.3") else "right" if costs.break_even > Decimal("0.7") else "center"
    text = _("pays from {share}").format(share=numbers.percent(costs.break_even))
    return [
        label(
            p,
            f"<b>{text}</b>",
            x=float(costs.break_even) * 100,
            y=1,
            yref="paper",
            xanchor=side,
            yanchor="bottom",
            bgcolor=p.background,
        )
    ]


def _ends(costs: Costs, span: list[float], p: Palette, say: Say) -> list[Spec]:
    """The names of the lines at their right ends, moved apart where they would meet."""
    ends = [(costs.without, _("without e-service"), p.ink), (costs.at_all, _("with e-service"), p.ink)]
    texts = [f"<b>{say(value)}</b><br>{wrap(name, 16)}" for value, name, _color in ends]
    gap = 2 * LINE / (HEIGHT - EDGES) * (span[1] - span[0])
    places = space_out([float(value) for value, *_rest in ends], gap, span[0], span[1])
    place: Spec = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6}
    return [label(p, text, y=y, **place) for text, y in zip(texts, places, strict=True)]


def alt(costs: Costs, say: Say) -> str:
    """What both cost, where they meet, and where the service stands."""
    values = {"without": say(costs.without), "none": say(costs.at_none), "all": say(costs.at_all)}
    sentences = [
        _("Without the e-service {without} a year; with it from {none} at 0% digital to {all} at 100%.").format(
            **values
        )
    ]
    if costs.break_even is None:
        sentences.append(_("With these assumptions it pays at no digital share."))
    else:
        sentences.append(_("It pays from a digital share of {share}.").format(share=numbers.percent(costs.break_even)))
    if costs.now is not None:
        sentences.append(_("Now {share} is digital.").format(share=numbers.percent(costs.now)))
    return " ".join(sentences)
