"""The questions from meetings on the page of the reports."""

from analytics.metrics.scope import Scope
from ui.components import questions, tables
from ui.frame import page
from ui.frame.cached_blocks import cached


def block(_scope: Scope) -> None:
    """The questions, where there are any."""
    if title := cached(questions.heading):
        page.heading(title, anchor="questions")
        tables.draw("questions", questions.table, None)
