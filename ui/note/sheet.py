"""The monthly note as a page: its four parts on one screen, the months beside it, and the feed."""

from dataclasses import replace
from datetime import date

import streamlit as st
from markupsafe import Markup

from analytics.metrics.scope import Scope, add_months
from ui import database
from ui.frame import filters, page
from ui.frame.cached_blocks import cached, cached_block
from ui.note import content, feed
from ui.note.model import Item, Note, Part
from ui.text import numbers
from ui.text.html import join, tag
from ui.text.i18n import _

BESIDE = 2  # parts of the first column


def draw(choice: filters.Choice) -> None:
    """The headline, the parts, and where to go from there."""
    scope = content.year(choice.scope)
    page.frame(cached(content.note, scope).headline, replace(scope, comparison=None), filters.notices(choice))
    if page.has_no_services(scope):
        page.no_services()
    else:
        _parts(scope)
    _ways(scope)


@cached_block
def _parts(scope: Scope) -> None:
    st.html(sheet(content.note(scope)))


def sheet(note: Note) -> Markup:
    """The parts of a note, the first two in a column beside the others; one under the other on a phone."""
    columns = note.parts[:BESIDE], note.parts[BESIDE:]
    return tag("div", *(tag("div", *map(_part, column)) for column in columns), class_="monthly-note")


def _part(part: Part) -> Markup:
    items = [_item(item) for item in part.items]
    told = [tag("p", sentence, class_="reading") for sentence in part.sentences]
    listed = tag("ul", *items) if items else ""
    return tag("section", tag("h2", part.heading, class_="list-head"), listed, *told)


def _item(item: Item) -> Markup:
    link = tag("a", item.link, href=item.href, target="_self", aria_label=f"{item.link}: {item.title}")
    return tag("li", tag("h3", item.title), tag("p", join(filter(None, (item.sentence, link)), " ")))


@cached_block
def _ways(scope: Scope) -> None:
    """The note of the month before and after, and the feed of the departments chosen."""
    period, month = database.period(), scope.month_to
    ways = []
    for other in (add_months(month, -1), add_months(month, 1)):
        if period.earliest <= other <= period.latest:
            href = content.link(content.year(_of(scope, other)))
            ways.append(tag("a", numbers.month(other), href=href, target="_self"))
    if not (scope.audience or scope.services or len(scope.departments) > 1 or database.practice_name()):
        ways.append(tag("a", _("Follow the note as a feed (Atom)"), href=feed.link(scope), rel="alternate"))
    st.html(
        tag("nav", *(tag("p", way) for way in ways), class_="note-ways", aria_label=_("Other months, and the feed"))
    )


def _of(scope: Scope, month: date) -> Scope:
    return replace(scope, month_from=month, month_to=month)
