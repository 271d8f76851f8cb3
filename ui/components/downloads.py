"""What is offered to take along: two quiet buttons, each of which makes its file when it is pressed."""

import re

import streamlit as st

from ui.components.exports import Export
from ui.text.i18n import _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(key: str, title: str, export: Export) -> None:
    """The file as CSV and as a workbook, named after its title."""
    name = re.sub(r"[^\w]+", "-", title.lower()).strip("-")
    kinds = (("csv", _("Download CSV"), export.csv, "text/csv"), ("xlsx", _("Download Excel"), export.workbook, XLSX))
    with st.container(horizontal=True, key=f"downloads-{key}"):
        for ending, label, make, kind in kinds:
            st.download_button(
                label,
                make,
                f"{name}.{ending}",
                kind,
                key=f"{key}-{ending}",
                on_click="ignore",
                type="tertiary",
                help=None,
            )
