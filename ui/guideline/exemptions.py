"""§ 4: the exemptions in order of urgency, each with what it costs, and their dates as a calendar file."""

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
import streamlit as st

from analytics.metrics.scope import Scope
from analytics.registers import e_services
from analytics.registers.guideline import ExemptionReview, exemptions_to_review
from ui import database
from ui.components import tables
from ui.components.calendar_file import Day, calendar_file
from ui.components.cells import Square, state_cell
from ui.components.exemptions import exempt_name
from ui.components.tables import Marked, Table, amounts
from ui.frame import address, page
from ui.frame.cached_blocks import cached
from ui.frame.sitemap import correction_link, service_link
from ui.text import labels, numbers
from ui.text.i18n import _

REMINDED = timedelta(days=90)  # before the last day
URGENT = ("ended", "no_analysis", "not_acceptable", "review")
SQUARES: dict[str, Square] = dict.fromkeys(URGENT, "pale") | {"ends": "grey-1", "holds": "digital"}  # type: ignore[assignment]


def heading(scope: Scope) -> str:
    """How many exemptions need a decision or an analysis now."""
    reviews = database.answer(exemptions_to_review, scope)
    n = sum(one.reason in URGENT for one in reviews)
    if not reviews:
        return _("No exemption is known")
    if not n:
        return _("No exemption needs anything now")
    return numbers.plural(
        "{n} exemption needs a decision or an analysis", "{n} exemptions need a decision or an analysis", n
    )


def table(scope: Scope) -> Table:
    """The exemptions, the most urgent first, with what each costs in points of goal 1 and kronor a year. They lead to the form."""
    reviews = database.answer(exemptions_to_review, scope)
    columns = {
        _("For"): [exempt_name(one.exemption) for one in reviews],
        _("Status"): [_reason(one) for one in reviews],
        _("Kind"): [labels.label("exemption_kind", one.exemption.kind) for one in reviews],
        _("Valid to"): [one.exemption.valid_to for one in reviews],
        _("To be reviewed"): [one.exemption.review_on for one in reviews],
        _("Goal 1, points"): amounts([None if one.points is None else 100 * one.points for one in reviews]),
        _("SEK a year"): amounts([one.kronor for one in reviews]),
        _("Reason"): [one.exemption.reason or "" for one in reviews],
        _("Risk analysis"): [one.exemption.risk_analysis_on for one in reviews],
        _("Outcome"): [
            labels.label("risk_outcome", one.exemption.risk_outcome) if one.exemption.risk_outcome else ""
            for one in reviews
        ],
        _("Decided on"): [one.exemption.decided_on for one in reviews],
        _("Decided by"): [one.exemption.decided_by or "" for one in reviews],
        _("Document number"): [one.exemption.document_number or "" for one in reviews],
        _("Exemption"): [one.exemption.exemption_id for one in reviews],
    }
    marks = {_("Status"): Marked("state", [state_cell(_reason(one), SQUARES[one.reason]) for one in reviews])}
    links = tuple(correction_link("exemption_change", one.exemption.exemption_id) for one in reviews)
    if not any(one.kronor for one in reviews):
        del columns[_("SEK a year")]
    first = (_("For"), _("Status"), _("Valid to"), _("To be reviewed"), _("Goal 1, points"), _("SEK a year"))
    shown = tuple(name for name in first if name in columns)
    title, codes = _("Exemptions, what they need and what they cost"), ("exemptions", "analysed_exemptions")
    return Table(title, pd.DataFrame(columns), codes, 1, links=links, marks=marks, shown=shown)


def _reason(one: ExemptionReview) -> str:
    return labels.label("exemption_review", one.reason)


def temporary(scope: Scope) -> Table:
    """The e-services outside Open ePlatform that are for a limited period, which § 4 lets be there without an exemption."""
    found = database.answer(e_services.temporary_elsewhere, scope)
    columns = {
        _("E-service"): [one.name for one in found],
        _("Platform"): [one.platform or "" for one in found],
        _("Live from"): [one.live_from for one in found],
        _("Live to"): [one.live_to for one in found],
        _("E-service id"): [one.e_service_id for one in found],
    }
    links = tuple(service_link(one.services[0]) if one.services else address.link("koppla") for one in found)
    title = _("Temporary e-services outside Open ePlatform")
    return Table(title, pd.DataFrame(columns), ("guideline_breaches",), links=links)


def calendar(scope: Scope) -> bytes:
    """The last days and reviews of the exemptions as iCalendar (RFC 5545), each with a reminder three months before."""
    return calendar_file("exemptions", _dates(scope), REMINDED)


def _dates(scope: Scope) -> Iterator[Day]:
    """What is in the calendar."""
    for one in (review.exemption for review in database.answer(exemptions_to_review, scope)):
        name = exempt_name(one)
        if one.review_on:
            reviewed = _("The exemption of {name} is reviewed").format(name=name)
            yield Day(f"{one.exemption_id}-review", one.review_on, reviewed)
        if one.valid_to:
            yield Day(one.exemption_id, one.valid_to, _("The exemption of {name} ends").format(name=name))


def draw(scope: Scope) -> None:
    """The finding, the exemptions, the download of their days where there are any, and the temporary ones apart."""
    page.heading(cached(heading, scope), _("§ 4. What needs something first."), "exemptions")
    if len(cached(table, scope)):
        tables.draw("exemptions", table, scope)
    if any(_dates(scope)):
        st.download_button(
            _("Download last days and reviews to a calendar"), lambda: calendar(scope), "undantag.ics", "text/calendar",
            key="exemptions-calendar", on_click="ignore", type="tertiary",
        )  # fmt: skip
    if len(cached(temporary, scope)):
        tables.folded("temporary", temporary, scope)
