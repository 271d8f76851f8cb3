"""The page of one frozen report: as it was told, and what differs from it since."""

import streamlit as st

from analytics.metrics.scope import Scope
from ui import database, edits
from ui.components import tables
from ui.frame import address, page
from ui.frame.cached_blocks import cached
from ui.reports import files, listing, revisions, stratsys
from ui.reports.model import Report
from ui.reports.sheet import sheet
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, language


def draw(number: str, scope: Scope) -> None:
    """The report that the address names, or why it cannot be shown; then what differs from it, beside the period that is chosen."""
    frozen = listing.frozen(number)
    try:
        if frozen is None:
            raise LookupError(number)
        content = database.store().report(frozen.number)
        report = Report.from_json(content)
    except database.StoreError as error:
        _refuse(error.sentence(language()))
        return
    except LookupError:
        _refuse(_("There is no report {n}. It may be of another store.").format(n=number))
        return
    edits.show_message(listing.PAGE)
    page.link_line(_("All reports"), address.link(listing.PATH))
    same, headline = cached(_compared, report, scope)
    files.draw(report, frozen, revisions.scope_of(report.period) if same else None)
    st.html(tag("article", sheet(report, frozen), class_="report"))
    stratsys.block(frozen.number, content)
    page.heading(headline, _reading(scope), "differs")
    tables.draw("differs", revisions.table, scope, report)


def _compared(report: Report, scope: Scope) -> tuple[bool, str]:
    """Whether every number is as it was reported, and how many are not."""
    found = revisions.revisions(report, scope)
    return revisions.all_the_same(found), revisions.headline(revisions.lines(report, found))


def _reading(scope: Scope) -> str:
    span = numbers.months(scope.month_from, scope.month_to)
    return _("To the right stands the period that is chosen above: {period}.").format(period=span)


def _refuse(sentence: str) -> None:
    page.frame(_("The report cannot be shown"))
    page.empty(sentence, _("All reports"), address.link(listing.PATH))
