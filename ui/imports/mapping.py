"""A file whose headers are its own: which column is what, chosen by the importer while the first rows show."""

from dataclasses import dataclass

import streamlit as st

from data import ColumnMapping, Dataset, Draft, FileDraft, Layout, likeliest_dataset
from ui import database
from ui.frame import page
from ui.imports import mapping_fields as fields
from ui.imports import mapping_preview as rows
from ui.text.i18n import _, escape_markdown, language


@dataclass(frozen=True)
class Choice:
    """What the importer chooses for one file: which table its sheet is read as, how, and under which keys that lies."""

    layout: Layout
    dataset: Dataset
    key: str
    before: ColumnMapping | None
    mapping: ColumnMapping


def selected(file: FileDraft, key: str, table: str | None) -> Choice | None:
    """The mapping as it is chosen now; None where the file is read without one. `file` is as it is read without."""
    layout = _layout(file, key)
    if layout is None or not (is_unrecognised(file) or st.session_state.get(f"{key}_open")):
        return None
    dataset = _dataset(file, layout, table)
    if dataset is None:
        return None
    before = next((t.mapping for t in file.tables if t.mapping and t.mapping.layout == layout.key), None)
    before = before if before and before.table == dataset.code else None
    named = f"{key}_{layout.key[:8]}_{dataset.code}"
    parts = fields.selected(dataset, layout, named, before)
    return Choice(layout, dataset, named, before, ColumnMapping(dataset.code, layout.key, parts))


def is_unrecognised(file: FileDraft) -> bool:
    """Whether the file has headers that are not those of a table, or not all of them."""
    is_unlike = any(fault.code in ("not_recognised", "missing_column") for fault in file.all_faults)
    return bool(file.layouts) and not any(table.good for table in file.tables) and is_unlike


def _layout(file: FileDraft, key: str) -> Layout | None:
    """The sheet that is mapped: the one that was chosen, or the first that most likely is a table."""
    if not file.layouts:
        return None
    position: int | None = st.session_state.get(f"{key}_sheet")
    if position is not None and position < len(file.layouts):
        return file.layouts[position]
    return next((layout for layout in file.layouts if likeliest_dataset(layout)), file.layouts[0])


def _dataset(file: FileDraft, layout: Layout, table: str | None) -> Dataset | None:
    if table:
        return database.datasets()[table]
    known = next((t.dataset for t in file.tables if t.sheet == layout.sheet), None)
    return known or likeliest_dataset(layout)


def ask(first: FileDraft, file: FileDraft, draft: Draft, choice: Choice | None, key: str, alone: bool) -> None:
    """The fields of the mapping and what comes of it, where the file needs one or the importer wants one."""
    if not first.layouts or not (first.tables or is_unrecognised(first)):
        return
    if is_unrecognised(first):
        _say_unknown(choice)
    else:
        _offer(first, key)
    if choice is None:
        return
    if len(first.layouts) > 1:
        _sheet(first, choice, key)
    fields.ask(choice.dataset, choice.layout, choice.key, choice.before, "" if alone else first.name)
    st.checkbox(
        _("Remember for files with the same columns as {file}").format(file=escape_markdown(first.name)),
        value=True,
        key=f"{choice.key}_keep",
    )
    rows.show(draft, file, choice.mapping)


def _say_unknown(choice: Choice | None) -> None:
    if choice is None:
        page.reading(_("The headers are not those of any table. Choose the table, and then which column is what."))
        return
    table = choice.dataset.title[language()]
    said = _("The headers are the file's own. It seems to be {table}. Check which column is what, and the first rows.")
    page.reading(said.format(table=table))


def _offer(file: FileDraft, key: str) -> None:
    """A way to read a file that is recognised in another way, and to forget a mapping that was remembered."""
    mapping = next((table.mapping for table in file.tables if table.mapping), None)
    name = escape_markdown(file.name)
    st.checkbox(_("Read the columns of {file} in another way").format(file=name), key=f"{key}_open")
    if mapping and st.button(_("Remove the saved column choices for {file}").format(file=name), key=f"{key}_forget"):
        st.session_state[f"{key}_forgotten"] = mapping.layout
        st.rerun()


def _sheet(file: FileDraft, choice: Choice, key: str) -> None:
    st.selectbox(
        _("Sheet to read in {file}").format(file=escape_markdown(file.name)),
        range(len(file.layouts)),
        index=file.layouts.index(choice.layout),
        format_func=lambda i: file.layouts[i].sheet or str(i + 1),
        key=f"{key}_sheet",
    )


def forgotten_layout(key: str) -> str | None:
    """The layout whose saved mapping the importer has just deleted; returned once."""
    layout: str | None = st.session_state.pop(f"{key}_forgotten", None)
    return layout


def is_saved(choice: Choice) -> bool:
    """Whether the mapping should be remembered when the file is imported."""
    return bool(st.session_state.get(f"{choice.key}_keep", True)) and choice.mapping != choice.before
