"""The files of a frozen report, as a row of buttons: each is made when it is pressed, and the same bytes every time."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from ui import database
from ui.components import downloads
from ui.reports.model import Report
from ui.reports.outline import Outline, outline


def draw(report: Report, frozen: database.FrozenReport) -> None:
    """The buttons."""
    if frozen.at:
        told = outline(report, frozen)
        files = [(label, ending, partial(make, told, frozen.at)) for label, ending, make in WRITERS]
        downloads.row("report", report.title, files)


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
