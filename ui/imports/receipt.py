"""What came of an import or an undo: how many rows are new and changed, and where they show."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

import streamlit as st

from data import Batch, Choice, Database, FileDraft, StoreError, changed_rows, clock
from ui import database
from ui.components import receipts
from ui.frame.sitemap import shown_on
from ui.imports import goals, mapping
from ui.imports.upload import Drop, next_round
from ui.text import numbers
from ui.text.i18n import _, language, ngettext

_DONE = "_import_done"  # kind of message (success, error), its sentence, and the tables that were imported


def keep(kind: str, sentence: str, tables: Sequence[str] = ()) -> None:
    """Store what came of it for the next run of the page."""
    st.session_state[_DONE] = (kind, sentence, tables)


def draw() -> None:
    """What came of the last import or undo, once."""
    if said := st.session_state.pop(_DONE, None):
        kind, sentence, tables = said
        receipts.draw(kind, sentence, shown_on(tables))


def tell(drop: Drop, choices: Mapping[str, Choice], outcome: Future[tuple[Batch, ...]], before: Database) -> None:
    """Store what came of an import."""
    try:
        batches = outcome.result()
    except StoreError as error:
        keep("error", error.sentence(language()))
        return
    rows = sum(batch.rows for batch in batches)
    files = numbers.plural("{n} file", "{n} files", len(batches))
    told = ngettext("{rows} row from {files} is imported", "{rows} rows from {files} are imported", rows)
    taken = [file for file in drop.draft.files if choices[file.name].take != "skip"]
    said = f"{told.format(rows=numbers.count(rows), files=files)}{_news(taken, choices)}."
    tables = [table.dataset for batch in batches for table in batch.tables if table.rows]
    keep("success", said + goals.after(before) + _remember(drop, choices), tables)
    next_round()


def _news(files: Sequence[FileDraft], choices: Mapping[str, Choice]) -> str:
    """How many of the rows are new and how many change, where something was there before and all of it is known."""
    counts = [table.new_count for file in files for table in file.tables]
    if any(file.change_count > len(file.changes) for file in files) or None in counts:
        return ""
    left_out = sum(len(choices[file.name].left_out) for file in files)
    new, changed = sum(filter(None, counts)), sum(len(changed_rows(file.changes)) for file in files) - left_out
    return ": " + ", ".join(
        (
            numbers.plural("{n} is new", "{n} are new", new),
            numbers.plural("{n} is changed", "{n} are changed", changed),
        )
    )


def _remember(drop: Drop, choices: Mapping[str, Choice]) -> str:
    """Keep the mappings that files were imported by; what to say when that was not possible."""
    taken = (mapped for name, mapped in drop.mapped.items() if choices[name].take != "skip")
    try:
        for mapped in taken:
            if mapping.is_saved(mapped):
                database.store().save_mapping(mapped.mapping, clock.now())
    except StoreError:
        return " " + _("The column choices could not be saved.")
    return ""
