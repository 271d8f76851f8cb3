"""The bullet: a value on its way to 100 %. Above the bar what is to come, below it what was and what may be.

It is HTML: it reflows, prints, and keeps its fill in forced colours. Where a label stands is decided for the narrowest
bullet that there is, a phone's, so that no two meet on a wider one either.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from markupsafe import Markup

from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _

NARROWEST = 288.0  # pixels of a bullet on the narrowest phone
LETTER = 6.4  # pixels of a letter of a label at most, on average
GAP = 8.0  # pixels between a mark and the label that it shares a line with
TURNS = 0.56  # from here on a label stands on the left of its mark
TICK_TURNS = 0.15
Side = Literal["left", "right"]  # of the mark
Span = tuple[float, float]  # pixels


@dataclass(frozen=True)
class Place:
    """Where a label stands: on which side of what share, and how many lines further down."""

    side: Side = "right"
    line: int = 0
    at: float = 0.0


@dataclass(frozen=True)
class Milestone:
    """A dated share to reach on the way, and how far ahead of its targets or behind them a goal is."""

    share: float
    name: str  # "delmål 70 %"
    when: str = ""  # "i dec 2026"
    distance: str = ""  # "2 procentenheter efter delmålen"
    distance_of: str = ""  # ", räknat på det som är rapporterat"


@dataclass(frozen=True)
class Bullet:
    """Shares 0–1; what is not known is None. A value that is not known is a hatched track."""

    value: float | None
    before: float | None = None
    compared: str = ""  # the comparison after its value: "året före"
    bounds: tuple[float, float] | None = None  # worst and best case, where they differ
    milestone: Milestone | None = None
    few: tuple[str, str] | None = None  # the value and the comparison as counted, where few are: "4 av 8"

    @property
    def told(self) -> tuple[str, str]:
        """The value and the comparison in words; with a decimal where the two would look equal."""
        return self.few or numbers.percents(self.value, self.before)

    @property
    def range(self) -> tuple[float, float] | None:
        """The bounds, where they differ."""
        return self.bounds if self.bounds and self.bounds[0] != self.bounds[1] else None

    @property
    def tick_label(self) -> str:
        """What the tick stands for: "65 % året före"."""
        return f"{self.told[1]} {self.compared}".strip()

    @property
    def range_label(self) -> str:
        """What the hatched range stands for."""
        return _("may be {span}").format(span=numbers.span(*self.range)) if self.range else ""


def alt(bullet: Bullet) -> str:
    """The bullet in sentences: all that is drawn."""
    goal = numbers.percent(1)
    now, then = bullet.told
    sentences = [_("The share is not reported. The goal is {target}.").format(target=goal)]
    if bullet.value is not None:
        sentences = [_("{value} of the goal {target}.").format(value=now, target=goal)]
    if bullet.before is not None:
        sentences.append(_("In the comparison period {value}.").format(value=then))
    if bullet.range:
        low, high = (numbers.percent(b) for b in bullet.range)
        sentences.append(_("Between {low} and {high}, depending on what is not reported.").format(low=low, high=high))
    if bullet.milestone:
        sentences.append(f"{bullet.milestone.name} {bullet.milestone.when}".strip().capitalize() + ".")
    return " ".join(sentences)


def bullet_chart(bullet: Bullet) -> Markup:
    """The bullet as one picture with its sentences as the alternative."""
    tick, span = place(bullet)
    more = max(tick.line, span.line)
    return tag(
        "div",
        tag("span", class_="bullet-track" if bullet.value is not None else "bullet-track hatch"),
        tag("span", class_="bullet-bar", style=f"width:{_at(bullet.value)}") if bullet.value is not None else "",
        tag("span", class_="bullet-half"),
        _range(bullet, span),
        tag("span", class_="bullet-end"),
        _milestone(bullet.milestone) if bullet.milestone else "",
        _tick(bullet, tick),
        class_="bullet",
        style=f"--more:{more}" if more else None,
        role="img",
        aria_label=alt(bullet),
    )


def _milestone(one: Milestone) -> Markup:
    at, when = _at(one.share), tag("span", f" {one.when}", class_="when") if one.when else ""
    side = "left" if one.share >= TURNS else "right"
    label = tag("span", one.name, when, class_=f"bullet-label above {side}", style=f"left:{at}")
    return tag("span", class_="bullet-milestone", style=f"left:{at}") + label


def _tick(bullet: Bullet, place: Place) -> Markup:
    if bullet.before is None:
        return Markup("")
    mark = tag("span", class_="bullet-tick", style=f"left:{_at(bullet.before)}")
    return mark + _label(bullet.tick_label, bullet.before, place)


def _range(bullet: Bullet, place: Place) -> Markup:
    if bullet.range is None:
        return Markup("")
    low, high = bullet.range
    mark = tag("span", class_="bullet-range hatch", style=f"left:{_at(low)};width:{_at(high - low)}")
    return mark + _label(bullet.range_label, place.at, place, "" if place.line else " outside")


def _label(words: str, share: float, place: Place, more: str = "") -> Markup:
    line = f";--row:{place.line}" if place.line else ""
    return tag("span", words, class_=f"bullet-label below {place.side}{more}", style=f"left:{_at(share)}{line}")


def place(bullet: Bullet) -> tuple[Place, Place]:
    """Where the tick's label and the range's stand: the preferred sides first, then what meets nothing, then a line below."""
    before, said = bullet.before or 0, bullet.tick_label if bullet.before is not None else ""
    ticks = [Place(side, 0, before) for side in _sides(before, TICK_TURNS)]
    ticks = [one for one in ticks if _inside(_span(one, said))] or ticks
    if bullet.range is None:
        return ticks[0], Place()
    low, high = bullet.range
    ranges = [Place(side, 0, low if side == "left" else high) for side in _sides(high, TURNS)]
    ranges = [one for one in ranges if _inside(_span(one, bullet.range_label, GAP))]
    mark = low * NARROWEST, high * NARROWEST
    for tick, span in product(ticks, ranges):
        label = _span(tick, said)
        if not said or (_apart(label, mark) and _apart(label, _span(span, bullet.range_label, GAP))):
            return tick, span
    if ranges:
        return replace(ticks[0], line=1), ranges[0]
    under = Place("right", 1, low)
    if not _inside(_span(under, bullet.range_label)):
        under = Place("left", 1, high)
    clear = (one for one in ticks if _apart(_span(one, said), mark))
    return next(clear, replace(ticks[0], line=2)), under


def _sides(share: float, turns: float) -> tuple[Side, Side]:
    return ("left", "right") if share >= turns else ("right", "left")


def _span(place: Place, words: str, gap: float = 0) -> Span:
    """What a label covers of the narrowest bullet, in pixels."""
    at, width = place.at * NARROWEST, len(words) * LETTER
    return (at - gap - width, at - gap) if place.side == "left" else (at + gap, at + gap + width)


def _apart(one: Span, other: Span) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _inside(span: Span) -> bool:
    return span[0] >= -1 and span[1] <= NARROWEST + 1


def _at(share: float) -> str:
    return f"{min(max(float(share), 0), 1) * 100:.2f}%"
