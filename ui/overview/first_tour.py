"""The first tour of an empty store, one screen: what the dashboard answers, and the three imports that unlock the answers."""

import streamlit as st
from markupsafe import Markup

from analytics.metrics.dimensions import service_names
from ui import database
from ui.components.actions import Action, actions
from ui.frame import address, page
from ui.text.html import tag
from ui.text.i18n import _


def is_due() -> bool:
    """Whether no services are registered, so that no goal can be shown."""
    return not database.answer(service_names)


def draw() -> None:
    """The tour as all that the page has to show of the goals."""
    st.html(_tour("h2"))


def fold() -> None:
    """The tour as a line that opens, beside the example data of a store without imports."""
    if database.database().example:
        summary = tag("summary", _("Get started with your own figures"))
        st.html(tag("details", summary, tag("div", _tour("h3")), class_="entry tour"))


def _tour(level: str) -> Markup:
    question = _(
        "The dashboard answers four questions: does every service have an e-service, do the cases come in digitally, can they "
        "be handled digitally, and what does it cost and who pays? Three imports give the answers."
    )
    return tag("p", question, class_="reading") + actions(_steps(), level)


def _steps() -> list[Action]:
    return [
        Action(
            _("Import the register"),
            _(
                "Departments, services, e-services and which of them belong together. Then goal 1 is shown, and which "
                "services lack an e-service."
            ),
            _("Get the templates to fill in"),
            address.link("importera", "templates"),
        ),
        Action(
            _("Import the cases"),
            _(
                "Numbers by month and channel, or single cases. Then goal 2 is shown. With the handling steps goal 3 is shown "
                "too."
            ),
            *page.to_import(),
        ),
        Action(
            _("Import the costs"),
            _("A ledger, or a table of postings. Then it is shown what the e-services cost, who pays and why."),
            *page.to_import(),
        ),
    ]
