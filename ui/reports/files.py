"""The files of a frozen report, as a row of buttons: each is made when it is pressed, and the same bytes every time."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.evidence import evidence
from analytics.metrics.scope import Scope
from ui import database
from ui.components import downloads
from ui.reports.figures import MEASURED
from ui.reports.model import Report
from ui.reports.outline import Outline, outline
from ui.text.i18n import _


def draw(report: Report, frozen: database.FrozenReport, scope: Scope | None) -> None:
    """The buttons; with the audit capsule where the data are still those of the report: then it is of this scope."""
    if frozen.at is None:
        return
    told = outline(report, frozen)
    files = [(label, ending, partial(make, told, frozen.at)) for label, ending, make in WRITERS]
    if scope:
        rows = database.database()  # this run's, whatever is imported before somebody presses
        files.append((_("Audit capsule"), "zip", partial(capsule, told, frozen, rows.cursor, scope)))
    downloads.row("report", report.title, files)


def capsule(told: Outline, frozen: database.FrozenReport, connect: Callable[[], Any], scope: Scope) -> bytes:
    """The capsule of a report: see `ui.reports.documents.capsule`."""
    from ui.reports.documents import capsule as writer

    then = scope.compared()
    with connect() as cursor:
        found = [evidence(cursor, code, scope, "branch") for code in MEASURED]
        found.append(evidence(cursor, "cost", scope, "payer"))
        before = [evidence(cursor, code, then, "branch") for code in GOAL_CODES] if then else []
    content = (frozen.folder / "report.json").read_bytes()
    return writer.write(told, frozen.at or datetime.min, content, found, before)


def _pdf(told: Outline, at: datetime) -> bytes:
    from ui.reports.documents import pdf

    return pdf.write(told, at)


def _word(told: Outline, at: datetime) -> bytes:
    from ui.reports.documents import word

    return word.write(told, at)


def _slides(told: Outline, at: datetime) -> bytes:
    from ui.reports.documents import slides

    return slides.write(told, at)


def _excel(told: Outline, at: datetime) -> bytes:
    from ui.reports.documents import excel

    return excel.write(told, at)


WRITERS: tuple[tuple[str, str, Callable[[Outline, datetime], bytes]], ...] = (
    ("PDF", "pdf", _pdf),
    ("Word", "docx", _word),
    ("PowerPoint", "pptx", _slides),
    ("Excel", "xlsx", _excel),
)
