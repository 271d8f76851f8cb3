"""A share as a dot on an axis from 0 to 100: with its tail from before, what chance allows, and the whole as a line."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ui.components.cells import Cell, css_number
from ui.components.shares import Share, share_text
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _

SHORTEST = 0.02  # a shorter tail is not drawn


@dataclass(frozen=True)
class Dot:
    """A share now and before, how far chance alone would spread it (0–1), and whether what it counts stands under it."""

    now: Share
    before: Share | None = None
    band: tuple[float, float] | None = None
    counted: bool = False

    @property
    def tail(self) -> tuple[float, float] | None:
        """From where to where it moved, 0–1; None where it moved little, or a count is too small to compare."""
        then = self.before
        if self.now.value is None or self.now.few or then is None or then.value is None or then.few:
            return None
        return (then.value, self.now.value) if abs(self.now.value - then.value) >= SHORTEST else None


def dot_cell(dot: Dot, whole: Share) -> Cell:
    """The dot over its line, and its value. Hatched: not known. Hollow: fewer than twenty, told as a count."""
    band, line = _band(dot), _place("ref", whole.value)
    if dot.now.value is None:
        return Cell(tag("span", line, class_="dots hatch") + tag("b", share_text(dot.now)), "")
    mark = _place("dot few" if dot.now.few else "dot", dot.now.value)
    counted = numbers.out_of(dot.now.numerator, dot.now.denominator)
    under = " " + tag("small", counted) if dot.counted and not dot.now.few else ""
    picture = tag("span", band, line, _tail(dot), mark, class_="dots", **_described(dot))
    return Cell(picture + tag("b", share_text(dot.now), under), dot.now.value)


def scale(whole: Share) -> Markup:
    """The head of a column of dots: 0, 100, and the value of the line. Its row says it to those who do not see it."""
    at = whole.value
    value = tag("b", share_text(whole), style=f"left:{css_number(100 * at)}%") if at is not None else ""
    low = tag("i", "0") if at is None or at > 0.12 else ""
    high = tag("i", "100") if at is None or at < 0.85 else ""
    return tag("span", tag("span", low, value, high, class_="dots-scale"), class_="scales", aria_hidden="true")


def _described(dot: Dot) -> Mapping[str, object]:
    """What the picture says besides the value: where it was, and whether chance can do it."""
    told = []
    if dot.tail and dot.before:
        told.append(_("comparison period: {value}").format(value=share_text(dot.before)))
    if dot.band:
        told.append(_("chance can give {span}").format(span=numbers.span(*dot.band)))
    return {"role": "img", "aria_label": ", ".join(told)} if told else {"aria_hidden": "true"}


def _band(dot: Dot) -> Markup | str:
    return _stretch("band", *dot.band) if dot.band else ""


def _tail(dot: Dot) -> Markup | str:
    if dot.tail is None:
        return ""
    then, now = dot.tail
    return _stretch("tail" if now > then else "tail back", min(then, now), max(then, now))


def _stretch(class_: str, low: float, high: float) -> Markup:
    return tag("i", class_=class_, style=f"left:{css_number(100 * low)}%;width:{css_number(100 * (high - low))}%")


def _place(class_: str, share: float | None) -> Markup | str:
    return "" if share is None else tag("i", class_=class_, style=f"left:{css_number(100 * share)}%")
