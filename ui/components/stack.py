"""Part of a whole: one bar whose parts carry their value and name, and under it a thin one of before.

A part that is too narrow for its label makes a list of all; how wide the bar is only the stylesheet knows, so each bar says
from which width its labels have room.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui.charts.base import shade
from ui.frame.theme import Role
from ui.text.html import join, tag

ORDER: tuple[Role, ...] = (
    "digital",
    "digital_soft",
    "grey_1",
    "grey_2",
    "grey_3",
    "pale",
    "accent",
    "unknown",
)  # neighbours in this order can be told apart, also without colours
NARROWEST = 90  # pixels of a part with a label
VALUE, WORD, AIR = 10.5, 7, 12  # pixels of a sign of the value and of the name, and between two labels
WIDTHS = (320, 480, 640, 800, 960, 1120)  # at which the stylesheet can change from the list to labels


@dataclass(frozen=True)
class Part:
    """A part of the whole: its size, and what is written under it."""

    name: str
    value: float
    text: str
    role: Role
    note: str = ""  # after the name: "64 %"
    href: str = ""

    @property
    def words(self) -> str:
        """The name and what stands after it."""
        return f"{self.name}, {self.note}" if self.note else self.name


def draw(parts: Sequence[Part], alt: str, before: Sequence[Part] = (), before_text: str = "") -> Markup:
    """The bar of the parts that are more than nothing, described by `alt`; `before_text` says what the thin bar shows."""
    visible = _ordered(parts)
    if not visible:
        return Markup()
    labels = tag("div", *(_label(part) for part in visible), class_=f"stack-labels{' tail' if _leans(visible) else ''}")
    shown = join((_bar(visible, alt, "stack"), labels, tag("ul", *map(_row, visible), class_="stack-list")))
    earlier = _ordered(before)
    if earlier:
        shown += tag("p", before_text, class_="stack-before") + _bar(earlier, before_text, "stack thin")
    width = _labelled_from(visible)
    return tag("div", shown, class_=f"part-of-whole{f' from-{width}' if width else ''}")


def _ordered(parts: Sequence[Part]) -> list[Part]:
    """The parts that can be drawn, so that neighbours differ."""
    return sorted((part for part in parts if part.value > 0), key=lambda part: ORDER.index(part.role))


def _bar(parts: Sequence[Part], alt: str, class_: str) -> Markup:
    fills = (tag("i", class_=shade(part.role), style=f"flex-grow:{part.value:.6g}") for part in parts)
    return tag("div", *fills, class_=class_, role="img", aria_label=alt)


def _label(part: Part) -> Markup:
    named = tag("span", _name(part), class_="eyes" if part.role == "accent" else None)
    return tag("div", tag("b", part.text), " ", named, style=f"flex-grow:{part.value:.6g}")


def _row(part: Part) -> Markup:
    square = tag("i", class_=shade(part.role), aria_hidden="true")
    named = tag("span", _name(part), class_="eyes" if part.role == "accent" else None)
    return tag("li", square, named, " ", tag("b", part.text))


def _name(part: Part) -> Markup | str:
    if not part.href:
        return part.words
    return join((tag("a", part.name, href=part.href, target="_self"), f", {part.note}" if part.note else ""))


def _need(part: Part) -> float:
    """Pixels that the label takes, whose words may stand under each other."""
    longest = max((len(word) for word in part.words.split()), default=0)
    return max(NARROWEST, len(part.text) * VALUE, longest * WORD) + AIR


def _unbroken(part: Part) -> float:
    """The same of a label on one line."""
    return max(_need(part), len(part.words) * WORD + AIR)


def _leans(parts: Sequence[Part]) -> bool:
    """Whether the last label stands at the right and reaches in under the part before it."""
    return len(parts) > 1 and parts[-1].value * _need(parts[-2]) < parts[-2].value * _unbroken(parts[-1])


def _labelled_from(parts: Sequence[Part]) -> int | None:
    """The first of the widths at which every label has room; None where none is enough."""
    whole = sum(part.value for part in parts)
    needs = [(part.value, _need(part)) for part in parts]
    if _leans(parts):  # the last two share their room
        (one, first), (other, second) = needs[-2:]
        needs[-2:] = [(one + other, first + max(second, _unbroken(parts[-1])))]
    least = max(need * whole / value for value, need in needs)
    return next((width for width in WIDTHS if width >= least), None)
