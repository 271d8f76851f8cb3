"""HTML in which every value is escaped: names come from outside."""

from collections.abc import Iterable
from html import escape

VOID = frozenset({"br", "hr", "img"})


class Html(str):
    """Text that is already HTML. Only this module makes it from other text."""

    __slots__ = ()


def text(value: object) -> Html:
    """The value as HTML text: escaped, unless it is HTML already."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=True))


def join(parts: Iterable[object], between: str = "") -> Html:
    """The parts one after another, each escaped."""
    return Html(text(between).join(text(part) for part in parts))


def tag(name: str, *children: object, **attributes: object) -> Html:
    """An element. `class_` is class, `aria_label` is aria-label; None and False leave the attribute out."""
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    written = (f" {key}" if value is True else f' {key}="{text(value)}"' for key, value in pairs if _given(value))
    opening = f"<{name}{''.join(written)}>"
    return Html(opening if name in VOID else f"{opening}{join(children)}</{name}>")


def _given(value: object) -> bool:
    return value is not None and value is not False
