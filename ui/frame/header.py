"""The head of every page as one piece of HTML: the navigation, the filters, and what the figures are as of.

Menus are popovers of the browser: they open, close and give the focus back without a script, and no widget is run for them.
"""

import os
from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from analytics.metrics.dimensions import service_names
from analytics.metrics.scope import Scope
from ui import database
from ui.frame import address, filter_row, known_on, page
from ui.frame.cached_blocks import draw_for_address
from ui.frame.filters import Choice
from ui.frame.sitemap import SERVICE, PageSpec, section_titles
from ui.frame.theme import palette
from ui.text import labels
from ui.text.html import join, tag
from ui.text.i18n import LANGUAGES, _, language

NAME = (
    "DASHBOARD_NAME"  # the environment variable with what stands first in the header, such as the municipality's name
)


def name() -> str:
    """What the dashboard is called."""
    return os.environ.get(NAME, "").strip() or _("E-services")


def title(spec: PageSpec, scope: Scope, dashboard: str) -> str:
    """What the tab says: the page, which service and which departments, and what the dashboard is called."""
    code = st.query_params.get("service") if spec.path == SERVICE else None
    service = database.answer(service_names).get(code) if code else None
    departments = page.describe_departments(scope) if scope.departments else None
    return " – ".join(filter(None, (spec.title, service, departments, dashboard)))


def draw(specs: Sequence[PageSpec], here: PageSpec, choice: Choice) -> None:
    """Draw the head of a page; `specs` are all pages."""
    draw_for_address(here.path, lambda: _head(specs, here, choice))


def _head(specs: Sequence[PageSpec], here: PageSpec, choice: Choice) -> Markup:
    where = tag("span", here.title, class_="here", aria_hidden="true")  # beside the menu that hides the entries
    head = tag("div", tag("strong", name()), where, _navigation(specs, here), class_="head")
    return tag(
        "div",
        tag("a", _("Skip to the content"), href="#content", class_="skip"),
        head,
        filter_row.row(here, choice),
        known_on.banner(here.path),
        tag("div", here.title, id="content", tabindex="-1", class_="heard"),
        tag("p", _("Connecting …"), class_="connecting"),
        class_="frame",
        data_lang=language(),
        data_theme=palette().name,
        data_swedish=None if language() == LANGUAGES[0] else "\n".join(labels.data_names()),
    )


def _navigation(specs: Sequence[PageSpec], here: PageSpec) -> Markup:
    wide, narrow = [], []
    for section, title in section_titles().items():
        pages = [spec for spec in specs if spec.section == section]
        links = [tag("li", _link(spec, here)) for spec in pages]
        if section:
            wide.append(_menu(section, title, links, is_here=here in pages))
            narrow.append(tag("p", title))
        else:
            wide += links
        narrow.append(tag("ul", *links))
    every = (_opener("menu-all", _("Menu"), class_="menu"), _panel("menu-all", *narrow))
    return tag("nav", tag("ul", *wide, class_="wide"), *every, aria_label=_("Pages"))


def _link(spec: PageSpec, here: PageSpec) -> Markup:
    title = tag("span", spec.title)  # one piece, also where the link lays out what it holds
    return tag("a", title, href=address.link(spec.path), target="_self", aria_current="page" if spec == here else None)


def _menu(section: str, title: str, links: Sequence[Markup], *, is_here: bool) -> Markup:
    opener = _opener(f"menu-{section}", title, aria_current="true" if is_here else None)
    return tag("li", opener, _panel(f"menu-{section}", tag("ul", *links)))


def _opener(panel: str, *words: object, **attributes: object) -> Markup:
    return tag("button", *words, type="button", popovertarget=panel, **attributes)


def _panel(name: str, *content: Markup) -> Markup:
    return tag("div", join(content), popover=True, id=name, class_="panel")
