"""What the figures share: layout, axes, labels, Swedish names of months, and how one is drawn."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from math import floor, log10
from typing import Any, cast

import streamlit as st
from babel.dates import get_day_names, get_month_names
from plotly.basedatatypes import BaseFigure

from ui.frame.theme import FONT, Palette, Role
from ui.text.i18n import language
from ui.text.numbers import NBSP

Spec = dict[str, Any]
SEAM = re.compile("förvaltning|nämnd|kontor|avdelning|verksamhet|omsorg|enhet|utveckling|tjänst")
LINE = 17  # pixels a line of label


@dataclass(frozen=True)
class Figure:
    """A figure as Plotly's JSON, and what it shows in one sentence."""

    spec: Spec
    alt: str


def layout(p: Palette, height: int, **more: Any) -> Spec:
    """A frameless layout in the palette: `height` in pixels, no legend, no drag."""
    common = {
        "height": height,
        "paper_bgcolor": p.background,
        "plot_bgcolor": p.background,
        "font": {"family": FONT, "size": 14, "color": p.ink},
        "separators": "," + NBSP if language() == "sv" else ".,",
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8, "pad": 4},
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.25,
        "hoverlabel": {"bgcolor": p.surface, "bordercolor": p.line, "font": {"family": FONT, "color": p.ink}},
    }
    return common | more


def axis(p: Palette, **more: Any) -> Spec:
    """An axis without a frame, with a thin grid and readable ticks; its margin is automatic."""
    common = {
        "automargin": True,
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "gridcolor": p.line,
        "gridwidth": 1,
        "tickfont": {"color": p.ink, "size": 13},
    }
    return common | more


def percent_axis(p: Palette, **more: Any) -> Spec:
    """An axis from 0 to 100 with both ends marked."""
    marks = [0, 25, 50, 75, 100]
    unit = f"{NBSP}%" if language() == "sv" else "%"
    labels = [f"{mark}{unit}" if mark in (0, 50, 100) else "" for mark in marks]
    return axis(p, range=[0, 100], tickvals=marks, ticktext=labels, tickangle=0, **more)


def wrap(name: str, width: int = 24) -> str:
    """A name as a label that is wrapped, never cut. It may come from outside, so it is escaped."""
    whole = " ".join(_parted(word, width) for word in name.split())
    return "<br>".join(escape(line) for line in textwrap.wrap(whole, width, break_on_hyphens=True) or [""])


def link_markup(markup: str, href: str, p: Palette) -> str:
    """Markup of a figure as a link that stays in this window; without an address it is as it was."""
    return f'<a href="{escape(href)}" target="_self" style="color:{p.link}">{markup}</a>' if href else markup


def _parted(word: str, width: int) -> str:
    """A word that is too long for a line, parted where Swedish would, or else before the line's end."""
    if len(word) <= width:
        return word
    last = max((m.start() for m in SEAM.finditer(word, 3, width + len("förvaltning"))), default=0)
    cut = last if 0 < last < width else width - 1
    return f"{word[:cut].rstrip('-')}- {_parted(word[cut:], width)}"


def label(p: Palette, text: str, *, color: str | None = None, **place: Any) -> Spec:
    """A direct label: text without an arrow. `text` is ready markup."""
    font = {"color": color or p.ink, "size": 13}
    return {"text": text, "showarrow": False, "font": font, "align": "left"} | place


def round_up(top: float) -> float:
    """The nearest 1, 2, 4, 5 or 8 times a power of ten that holds the top."""
    if top <= 0:
        return 1.0
    power = 10.0 ** floor(log10(top))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= top)


def space_out(places: Sequence[float], gap: float, low: float = 0, high: float = 100) -> list[float]:
    """The places, moved as little as needed to stand at least `gap` apart within the bounds, in their order."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    gap = min(gap, (high - low) / max(1, len(places) - 1)) if len(places) > 1 else gap
    moved = list(places)
    for before, now in zip(order, order[1:], strict=False):
        moved[now] = max(moved[now], moved[before] + gap)
    ceiling = high
    for i in reversed(order):
        moved[i] = max(low, min(moved[i], ceiling))
        ceiling = moved[i] - gap
    return moved


@cache
def locale(code: str) -> Mapping[str, Any]:
    """Plotly's locale in a language: names of months and days."""
    strip = [name.rstrip(".") for name in get_month_names("abbreviated", locale=code).values()]
    days, short = (list(get_day_names(width, locale=code).values()) for width in ("wide", "abbreviated"))
    names = {
        "months": list(get_month_names("wide", locale=code).values()),
        "shortMonths": strip,
        "days": days[-1:] + days[:-1],
        "shortDays": short[-1:] + short[:-1],
        "date": "%Y-%m-%d",
    }
    return {"locale": code, "locales": {code: {"format": names, "dictionary": {}}}}


class RawFigure(BaseFigure):
    """A figure as it is. A dictionary would be built and checked anew by Plotly, at several milliseconds each."""

    def __init__(self, spec: Spec) -> None:
        object.__setattr__(self, "_spec", spec)

    def to_dict(self) -> Spec:
        """The dictionary."""
        return cast(Spec, self._spec)


def draw(figure: Figure, key: str) -> None:
    """Put the figure on the page, in its own colours and the reader's language."""
    config = {"displayModeBar": False, "responsive": True, **locale(language())}
    st.plotly_chart(RawFigure(figure.spec), theme=None, config=config, key=key, alt=figure.alt)


def shade(role: Role) -> str:
    """The classes that fill a mark with the colour of a role."""
    return f"shade shade-{role.replace('_', '-')}{' hatch' if role == 'unknown' else ''}"
