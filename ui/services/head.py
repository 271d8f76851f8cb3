"""What a department's head sees besides the services: what is reported, what is paid, and how its units stand."""

from datetime import date

import streamlit as st

from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.scope import Scope
from analytics.quality.missing_reports import silent_months
from ui import database
from ui.components import courses, department_rows, events, inclusion, missing_file, tables
from ui.components.metric_views import ask, one
from ui.costs import payers
from ui.costs import summary as costs
from ui.frame import address, page
from ui.frame.cached_blocks import cached, cached_block
from ui.text import numbers
from ui.text.i18n import _, words

SUBMISSION = GOALS[2]


def reported(scope: Scope) -> str:
    """How much is reported, as a clause."""
    row, silent = one("reporting", scope), database.answer(silent_months, scope)
    if row.value is None:
        return _("What is reported")
    if silent:
        rows = ask("reporting", scope, "month")
        last = [r.by["month"] for r in rows if r.by["month"] < silent[0]][-1]
        assert isinstance(last, date)
        return _("Nothing is reported after {month}").format(month=numbers.month(last))
    if not row.value:
        return _("Nothing is reported")
    if row.value == 1:
        return _("Every month is reported")
    return _("{share} of the services' months are fully reported").format(share=numbers.percent(row.value))


@cached_block
def _course(scope: Scope) -> None:
    title = _("{goals} month by month").format(goals=words(metrics()[SUBMISSION].title))
    page.heading(title, f"{reported(scope)}.")
    st.html(courses.figure(SUBMISSION, scope))
    events.listed(scope, SUBMISSION)


@cached_block
def _paid(scope: Scope) -> None:
    """What is paid, by unit or by what it is for, and the way to the postings."""
    page.heading(costs.headline(scope))
    if paid := costs.by_payer(scope):
        st.html(payers.ranked(scope, paid))
        page.link_line(_("See the postings"), address.link("kostnader", "postings"))
    else:
        costs.draw_next_step(scope)


def beside(scope: Scope) -> None:
    """Two columns: what is reported month by month; what is paid, and the units."""
    left, right = st.columns(2, gap="large")
    with left:
        _course(scope)
        tables.folded("months-submission", courses.months, scope, (SUBMISSION,))
        missing_file.draw("missing-figures", scope)
    with right:
        _paid(scope)
        if len(cached(department_rows.units, scope)) > 1:
            page.subheading(_("The units"))
            tables.draw("units", department_rows.units, scope)
            page.reading(cached(inclusion.departments, scope))
