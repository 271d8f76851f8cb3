"""Questions that were asked at meetings: how many wait for an answer, and all of them as a table."""

from urllib.parse import urlsplit

import pandas as pd

from analytics.metrics.scope import Scope
from analytics.registers.questions import Question, questions
from ui import database
from ui.components.tables import Table
from ui.frame.sitemap import page_specs
from ui.text import numbers
from ui.text.i18n import _


def waiting() -> list[Question]:
    """The questions that have no answer yet, the oldest first."""
    return [one for one in database.answer(questions) if one.answer is None]


def heading() -> str:
    """How many wait for an answer; "" where nothing was ever asked."""
    if not database.answer(questions):
        return ""
    n = len(waiting())
    if not n:
        return _("Every question from meetings is answered")
    return numbers.plural(
        "{n} question from a meeting waits for an answer", "{n} questions from meetings wait for an answer", n
    )


def table(_scope: Scope | None, *, only_waiting: bool = False) -> Table:
    """The questions, those that wait first; each leads to the page that it was about."""
    found = waiting() if only_waiting else database.answer(questions)
    columns = {
        _("Question"): [one.question for one in found],
        _("Asked"): [one.asked_on for one in found],
        _("Who answers"): [one.role for one in found],
        _("Answer"): [one.answer or _("waits") for one in found],
        _("Answered"): [one.answered_on for one in found],
        _("Question id"): [one.question_id for one in found],
    }
    links = tuple(own_address(one.view or "") for one in found)
    shown = tuple(columns)[: 3 if only_waiting else 5]
    return Table(_("Questions from meetings"), pd.DataFrame(columns), links=links, shown=shown)


def own_address(view: str) -> str:
    """The address where it is of one of our own pages; else "", since it comes from a file."""
    try:
        parts = urlsplit(view)
    except ValueError:
        return ""
    own = not parts.scheme and not parts.netloc and parts.path in {spec.path for spec in page_specs() if spec.path}
    return view if own else ""
