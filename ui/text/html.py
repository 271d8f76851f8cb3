"""HTML elements in which every value is escaped: names come from outside. Only this module makes markup from text."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

E_WORD = re.compile(r"(?<!\w)([Ee]-\w+)")  # a word whose hyphen is no place to part it
VOID = frozenset({"br", "hr", "img", "input", "link"})


def join(parts: Iterable[object], separator: str = "") -> Markup:
    """The parts one after another, each escaped unless it is markup. "e-tjänst" is never parted at its hyphen."""
    return escape(separator).join(map(_text, parts))


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """An element. `class_` is class, `aria_label` is aria-label; None and False leave the attribute out."""
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if not _is_absent(value))
    written = (f" {key}" if value is True else f' {key}="{escape(value)}"' for key, value in pairs)
    opening = f"<{name}{''.join(written)}>"
    return Markup(opening if name in VOID else f"{opening}{join(children)}</{name}>")  # noqa: S704 (all parts are escaped)


def definition_list(pairs: Iterable[tuple[str, object]], class_: str | None = None) -> Markup:
    """Terms with their descriptions; pairs without a description are left out."""
    parts = (part for term, text in pairs if text for part in (tag("dt", term), tag("dd", text)))
    return tag("dl", *parts, class_=class_)


def _text(part: object) -> Markup:
    safe = escape(part)
    if hasattr(part, "__html__"):
        return safe
    return Markup(E_WORD.sub(r'<span class="unbroken">\1</span>', str(safe)))  # noqa: S704 (escaped above)


def _is_absent(value: object) -> bool:
    return value is None or value is False
