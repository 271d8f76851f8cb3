"""What is offered to take along: quiet buttons, each of which makes its file when it is pressed."""

import re
from collections.abc import Callable, Iterable

import streamlit as st

from ui.components.exports import Export
from ui.text.i18n import _

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "csv": "text/csv",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pdf": "application/pdf",
    "docx": f"{OFFICE}wordprocessingml.document",
    "pptx": f"{OFFICE}presentationml.presentation",
    "zip": "application/zip",
}


def draw(key: str, title: str, export: Export) -> None:
    """The file as CSV and as a workbook, named after its title."""
    row(key, title, ((_("Download CSV"), "csv", export.csv), (_("Download Excel"), "xlsx", export.workbook)))


def row(key: str, title: str, files: Iterable[tuple[str, str, Callable[[], bytes]]]) -> None:
    """A button for each file: its label, its ending, and what makes it when it is pressed."""
    name = re.sub(r"[^\w]+", "-", title.lower()).strip("-")
    with st.container(horizontal=True, key=f"downloads-{key}"):
        for label, ending, make in files:
            st.download_button(
                label,
                make,
                f"{name}.{ending}",
                KINDS[ending],
                key=f"{key}-{ending}",
                on_click="ignore",
                type="tertiary",
                help=None,
            )
