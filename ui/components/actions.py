"""What to do: at most three columns, each a number, what it is, one sentence and a link that names what it opens."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from ui.text.html import tag
from ui.text.i18n import _

MOST = 3


@dataclass(frozen=True)
class Action:
    """What to do, in a few words and one sentence, with the link to where it is done."""

    title: str
    sentence: str
    link: str
    href: str
    needs_eyes: bool = False  # something is wrong, or has become worse


def actions(items: Sequence[Action], level: str = "h3") -> Markup:
    """The first three as an ordered list in columns; that nothing stands out, where there are none.

    `level` is the heading that each has: h2 right under the page's headline.
    """
    if not items:
        return tag("p", _("Nothing stands out right now."), class_="reading")
    return tag("ol", *(_column(i, item, level) for i, item in enumerate(items[:MOST], 1)), class_="actions")


def _column(n: int, item: Action, level: str) -> Markup:
    return tag(
        "li",
        tag("span", str(n), class_="action-number", aria_hidden="true"),
        tag(level, item.title),
        tag("p", item.sentence) if item.sentence else "",
        tag("p", tag("a", item.link, href=item.href, target="_self", aria_label=_named(item)), class_="action-link"),
        class_="action needs-eyes" if item.needs_eyes else "action",
    )


def _named(item: Action) -> str:
    """The link's name for those who hear it apart from what it stands under: three may lead to a service each."""
    return f"{item.link}: {item.title}"


def draw(items: Sequence[Action], title: str = "") -> None:
    """Put the columns on the page, under a small heading."""
    heading = tag("h2", title, class_="list-head") if title else ""
    st.html(heading + actions(items))
