"""What the register lacks, the list of corrections, and what was said of a row."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from ui import edits
from ui.components import tables
from ui.components.tables import Table
from ui.frame import address, page
from ui.register import form
from ui.register.corrections import corrections
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _

MOST = 10  # rows without a department that are listed


def headline() -> str:
    """How many services and e-services belong to no department that is registered; where none, how much the register holds."""
    services, e_services = edits.current("services"), edits.current("e_services")
    if not services:
        return _("No services are imported yet")
    if lost := len(_without_department()):
        return numbers.plural(
            "{n} row in the register has no department", "{n} rows in the register have no department", lost
        )
    both = (
        numbers.plural("{n} service", "{n} services", len(services)),
        numbers.plural("{n} e-service", "{n} e-services", len(e_services)),
    )
    return _("The register holds {services} and {e_services}").format(services=both[0], e_services=both[1])


def _without_department() -> list[tuple[str, Mapping[str, str]]]:
    """The services of no department, and the e-services of no service or department, each with the code of its form."""
    known = {row["department_id"] for row in edits.current("departments")}
    served = {row["e_service_id"] for row in edits.current("links") if row["paired"] != "nej"}
    alone = [one for one in edits.current("services") if one["department_id"] not in known]
    unserved = [
        one
        for one in edits.current("e_services")
        if one["e_service_id"] not in served and one["department_id"] not in known and not one["live_to"]
    ]
    return [*(("move", one) for one in alone), *(("e_service", one) for one in unserved)]


def corrections_list() -> None:
    """Every correction as a link, under them the rows that lack a department; one link back where a form is open."""
    if form.opened():
        page.link_line(_("Correct something else"), address.link_here("corrections"))
        return
    page.heading(_("What do you want to correct?"), anchor="corrections")
    _links([(one.title, address.link_here("form", do=code)) for code, one in corrections().items()])
    if lost := _without_department():
        page.heading(_("Without a department"), anchor="without-department")
        _links(
            [
                (f"{one['name']} ({key})", address.link_here("form", do=do, row=key))
                for do, one in lost[:MOST]
                for key in [one.get("service_id") or one["e_service_id"]]
            ]
        )


def _links(links: Sequence[tuple[str, str]]) -> None:
    items = (tag("li", tag("a", text, href=href, target="_self")) for text, href in links)
    st.html(tag("ul", *items, class_="notes"))


def history() -> None:
    """What each import said of the row that the form is of."""
    code, key = form.opened(), st.query_params.get(form.ROW, "")
    made = corrections().get(code)
    if made is None or made.new or not made.table or not key:
        return
    page.heading(_("What was said, when and by which file"), anchor="history")
    if not edits.statements_of(made.table, key):
        page.reading(_("No import names the row: the example data have no history."))
        return
    tables.draw("register_history", _history, None, made.table, key)


def _history(_scope: None, table: str, key: str) -> Table:
    found = edits.statements_of(table, key)
    states = [_("In force") if one.active else _("Undone") for one in found]
    rows = pd.DataFrame(
        {
            _("What"): [one.text or _("Nothing new") for one in found],
            _("When"): [f"{one.at:%Y-%m-%d %H:%M}" if one.at else numbers.MISSING for one in found],
            _("File"): [f"{one.batch}. {one.file}" for one in found],
            _("Who"): [one.who for one in found],
            _("State"): states,
        }
    )
    return Table(_("What was said of {row}").format(row=key), rows)
