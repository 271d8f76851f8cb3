"""What is not reported as a file to fill in and import: a row for each service, month and channel, its count left empty."""

from collections.abc import Sequence

import pandas as pd

from analytics.metrics.scope import Scope
from analytics.quality.missing_reports import MissingFigure, missing_figures, receiver, reporting_gaps
from ui import database
from ui.components import downloads
from ui.components.exports import Export
from ui.frame import page
from ui.frame.cached_blocks import cached
from ui.text import labels, numbers
from ui.text.i18n import _, language

TABLE = "case_counts"
NAME = "tjanstens_namn"  # a column for whoever fills in the file; the import leaves it aside


def draw(key: str, scope: Scope) -> None:
    """What the file is, whom to send it to, and its downloads; nothing where no number is missing."""
    rows = database.answer(missing_figures, scope)
    if rows:
        page.subheading(_("Send in what is missing"))
        page.reading(describe(rows, scope))
        title = _("{table} missing").format(table=database.datasets()[TABLE].header)
        downloads.draw(key, title, cached(export, scope))


def describe(rows: Sequence[MissingFigure], scope: Scope) -> str:
    """How many rows it has, what to do with them, and who receives it."""
    has = numbers.plural(
        "The file has {n} row: a service, a month and a channel without a number of cases.",
        "The file has {n} rows, one for each service, month and channel without a number of cases.",
        len(rows),
    )
    role = database.answer(receiver, scope) or _("the system manager")
    send = _("Fill in the numbers and send it to {role}. A row without a number is still not reported.")
    return f"{has} {send.format(role=role)} {_left_out(rows, scope)}".strip()


def _left_out(rows: Sequence[MissingFigure], scope: Scope) -> str:
    """How many services are not fully reported and have no row: of these it is not known in which channels more came in."""
    without = {gap.service_id for gap in database.answer(reporting_gaps, scope)} - {row.service_id for row in rows}
    return (
        numbers.plural(
            "{n} service is not in the file: no other channel than its e-service is reported, or several services share it.",
            "{n} services are not in the file: no other channel than their e-services is reported, or several services share them.",
            len(without),
        )
        if without
        else ""
    )


def export(scope: Scope) -> Export:
    """The rows under the headers of the table that they are imported to."""
    rows, dataset = database.answer(missing_figures, scope), database.datasets()[TABLE]
    channels = {value.code: value.labels["sv"] for value in dataset.column("channel").values}
    header = {code: dataset.column(code).header for code in ("service_id", "month", "channel", "cases", "method")}
    columns = {
        header["service_id"]: [row.service_id for row in rows],
        NAME: [labels.service(row.service_id) for row in rows],
        header["month"]: [f"{row.month:%Y-%m}" for row in rows],
        header["channel"]: [channels[row.channel] for row in rows],
        header["cases"]: "",
        header["method"]: "",
    }
    return Export((), pd.DataFrame(columns), language())
