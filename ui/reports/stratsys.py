"""The file for Stratsys of a frozen report: what goes into it, and the button."""

from typing import Any

import pandas as pd
import streamlit as st

from ui import database
from ui.components import tables
from ui.components.tables import Table
from ui.database import StratsysFile, stratsys_file
from ui.frame import page
from ui.text.i18n import _, language


def block(number: int, content: dict[str, Any]) -> None:
    """What would go into the file, folded, and the file."""
    file = stratsys_file(database.database(), content)
    with st.expander(_("File for Stratsys")):
        page.reading(" ".join(file.sentences(language())))
        if not file.lines:
            return
        tables.draw("stratsys", table, None, file)
        st.download_button(
            _("Download the file for Stratsys"),
            file.text().encode(),
            f"stratsys-{number}.txt",
            "text/tab-separated-values",
            key="stratsys-file",
            on_click="ignore",
        )


def table(_scope: None, file: StratsysFile) -> Table:
    """The lines as they stand in the file."""
    columns = {
        _("Date"): [line[0] for line in file.lines],
        _("Unit in Stratsys"): [line[1] for line in file.lines],
        _("Measure in Stratsys"): [line[2] for line in file.lines],
        _("Column in Stratsys"): [line[3] for line in file.lines],
        _("Value"): [line[4] for line in file.lines],
    }
    return Table(_("Lines for Stratsys"), pd.DataFrame(columns))
