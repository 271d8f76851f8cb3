"""HTML elements in which every value is escaped: names come from outside. Only this module makes markup from text."""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from functools import cache, lru_cache

from markupsafe import Markup, escape

# "e-tjänst", "mål 2", "§ 8" and a date are one word to the eye; static/words.js holds what Streamlit writes.
UNBROKEN = re.compile(r"(?<!\w)([Ee]-\w+|(?:[Mm]ål|[Gg]oal|§) \d|\d+ §|\d{4}-\d\d-\d\d(?!\w))")
SPECIAL = re.compile("[&<>'\"]")
SHORTEST = 3  # letters of a name that is told from the words around it
VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_swedish: ContextVar[re.Pattern[str] | None] = ContextVar("swedish", default=None)


def mark_as_swedish(names: tuple[str, ...]) -> None:
    """For the rest of this run, these names are Swedish wherever they stand, in a page that is not: they are read out so."""
    _swedish.set(_one_of(names))


@lru_cache(8)
def _one_of(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """A pattern of the names as they stand in markup, the longest of those that begin alike."""
    written = sorted({str(escape(name)) for name in names if len(name) >= SHORTEST}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, written))})(?!\w)") if written else None


def join(parts: Iterable[object], separator: str = "") -> Markup:
    """The parts one after another, each escaped unless it is markup. "e-tjänst", "mål 2" and "§ 8" stay on one line."""
    return Markup(_written(parts, separator))  # noqa: S704 (all parts are escaped)


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """An element. `class_` is class, `aria_label` is aria-label; None and False leave the attribute out."""
    written = [
        f" {_attribute(key)}" if value is True else f' {_attribute(key)}="{_quoted(value)}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    ]
    opening = f"<{name}{''.join(written)}>"
    return Markup(opening if name in VOID else f"{opening}{_written(children)}</{name}>")  # noqa: S704 (all parts are escaped)


def definition_list(pairs: Iterable[tuple[str, object]], class_: str | None = None) -> Markup:
    """Terms with their descriptions; pairs without a description are left out."""
    parts = (part for term, text in pairs if text for part in (tag("dt", term), tag("dd", text)))
    return tag("dl", *parts, class_=class_)


def _written(parts: Iterable[object], separator: str = "") -> str:
    """What `join` makes, as plain text."""
    return (separator and str(escape(separator))).join(map(_text, parts))


def _text(part: object) -> str:
    if isinstance(part, Markup):
        return part
    if hasattr(part, "__html__"):
        return escape(part)
    text = _escaped(str(part))
    if swedish := _swedish.get():
        text = swedish.sub(r'<span lang="sv">\g<0></span>', text)
    return UNBROKEN.sub(r'<span class="unbroken">\1</span>', text)


def _escaped(text: str) -> str:
    """The text, escaped where something in it has a meaning in HTML, which is seldom."""
    return str(escape(text)) if SPECIAL.search(text) else text


@lru_cache(4096, typed=True)  # markup and text that read alike are not written alike
def _quoted(value: object) -> str:
    """The value of an attribute, escaped; most stand in many elements."""
    return str(escape(value))


@cache
def _attribute(key: str) -> str:
    """The name of an attribute as HTML has it."""
    return key.rstrip("_").replace("_", "-")
