"""The frozen reports as a list, and the form that freezes one of what is chosen."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics.metrics.scope import Scope
from ui import database, edits
from ui.components import tables
from ui.components.tables import Table
from ui.frame import address, page
from ui.frame.cached_blocks import cached
from ui.reports import content, figures
from ui.text import numbers
from ui.text.i18n import _, escape_markdown, language

PAGE, PATH = "reports", "rapporter"
NAMED = 3  # of the numbers that come out otherwise
PARAMETER = "report"  # that names the report to be read


def asked() -> str:
    """The number of the report that the address names, as it is written there; "" where it names none."""
    return st.query_params.get(PARAMETER, "")


def frozen(number: str) -> database.FrozenReport | None:
    """The report of this number; None where there is none."""
    return next((one for one in database.store().reports() if str(one.number) == number), None)


def headline() -> str:
    """How many reports there are, and the latest."""
    reports = [one for one in database.store().reports() if one.at]
    if not reports:
        return _("No report is frozen yet")
    latest = reports[-1]
    day = numbers.day(latest.at.date()) if latest.at else ""
    return _("The latest report was frozen {day}").format(day=day)


def table(_scope: Scope | None, reports: Sequence[database.FrozenReport]) -> Table:
    """The reports, the newest first; each name leads to its report."""
    newest = list(reversed(reports))
    columns = {
        _("Report"): [one.title or _("Report {n} is damaged").format(n=one.number) for one in newest],
        _("Frozen"): [one.at and one.at.date() for one in newest],
        _("By"): [one.who for one in newest],
        _("Number"): tables.whole_numbers([one.number for one in newest]),
        _("Checksum (SHA-256)"): [one.sha256 for one in newest],
    }
    links = tuple(link(one.number) for one in newest)
    shown = tuple(columns)[:4]
    return Table(_("Frozen reports"), pd.DataFrame(columns), links=links, shown=shown)


def link(number: int | str) -> str:
    """The address of a report."""
    return address.link(PATH, **{PARAMETER: str(number)})


def draw() -> None:
    """The list, where there is something on it."""
    reports = database.store().reports()
    if reports:
        tables.draw("reports", table, None, reports)


def form(scope: Scope) -> None:
    """What would be frozen, and the button that does it. Nothing to freeze on example data: a reader practises on a copy."""
    with st.container(key="by_form"):
        page.heading(_("Freeze a report"), _how(), "freeze")
        if edits.is_example():
            return
        page.reading(_("It will be called “{title}”.").format(title=cached(content.title, scope)))
        edits.ask_role(PAGE)
        if edits.button(_("Freeze the report"), "_reports_freeze", type="primary"):
            _freeze(scope)
            st.rerun()


def _how() -> str:
    return _(
        "A report keeps the figures, sentences and definitions as they are now, for what is chosen above. It is never counted anew."
    )


def _refused(wrong: Sequence[str]) -> str:
    told = _("Nothing is frozen: {figures} came out otherwise when counted a second time. Tell who runs the dashboard.")
    return told.format(figures=escape_markdown("; ".join(wrong[:NAMED]) + " …" * (len(wrong) > NAMED)))


def _freeze(scope: Scope) -> None:
    """Freeze the report of the scope, and say what came of it."""
    try:
        with st.spinner(_("Freezing …")):
            made = content.report(scope, address.home())
            if wrong := figures.miscounted(made, scope):
                edits.set_message(PAGE, "error", _refused(wrong))
                return
            kept = database.store().freeze(made.title, made.as_json(), edits.chosen_role(PAGE), edits.now())
    except database.StoreError as error:
        edits.set_message(PAGE, "error", error.sentence(language()))
        return
    told = _("“{title}” is frozen as report {n}.").format(title=escape_markdown(kept.title), n=kept.number)
    edits.set_message(PAGE, "success", told)
    st.query_params[PARAMETER] = str(kept.number)
