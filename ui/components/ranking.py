"""A ranking: names that lead somewhere, each with a bar and its value beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ui.charts.base import shade
from ui.frame.theme import Role
from ui.text.html import tag


@dataclass(frozen=True)
class Bar:
    """A row: the size of its bar and the value in words; None is not known, and hatched."""

    name: str
    value: float | None
    text: str
    href: str = ""
    note: str = ""  # after the value: "13 %"
    role: Role = "grey_3"
    sub: str = ""  # under the name: what to do about it


def draw(bars: Sequence[Bar], alt: str) -> Markup:
    """The rows in the order given, on one scale from zero; what is below zero has its value and no bar."""
    if not bars:
        return Markup()
    most = max((bar.value for bar in bars if bar.value is not None), default=0) or 1
    noted = any(bar.note for bar in bars)
    wide = " long" if any(bar.sub for bar in bars) else ""
    rows = tag("ol", *(_row(bar, most, noted) for bar in bars), class_=f"ranking{wide}")
    return tag("div", rows, role="group", aria_label=alt)


def _row(bar: Bar, most: float, noted: bool) -> Markup:
    name: Markup | str = tag("a", bar.name, href=bar.href, target="_self") if bar.href else bar.name
    if bar.sub:
        name = tag("span", name) + " " + tag("span", bar.sub, class_="sub")
    note = (
        (
            " ",
            tag("span", bar.note, class_="note"),
        )
        if noted
        else ()
    )
    value = tag("b", bar.text, class_="eyes" if bar.role == "accent" else None)
    return tag("li", tag("span", name, class_="name"), _bar(bar, most), " ", value, *note)


def _bar(bar: Bar, most: float) -> Markup:
    if bar.value is None:
        return tag("span", tag("i", class_=shade("unknown"), style="width:100%"), class_="length", aria_hidden="true")
    size = max(0.0, float(bar.value)) / float(most) * 100
    drawn = (tag("i", class_=shade(bar.role), style=f"width:{size:.4g}%"),) if size > 0 else ()
    return tag("span", *drawn, class_="length", aria_hidden="true")
