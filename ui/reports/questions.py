"""The questions from meetings on the page of the reports."""

from analytics.metrics.scope import Scope
from ui.components import questions, tables
from ui.frame import address, page
from ui.frame.cached_blocks import cached
from ui.text.i18n import _


def block(_scope: Scope) -> None:
    """The questions, where there are any, and the way to answer them."""
    if title := cached(questions.heading):
        page.heading(title, anchor="questions")
        tables.draw("questions", questions.table, None)
        if cached(questions.waiting):
            page.link_line(_("Answer a question from a meeting"), address.link("register", "form", do="answer"))
