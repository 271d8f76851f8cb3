"""The import page: what was dropped, what was recognised, what is wrong, what to take. The drop lives in the reader's session."""

from collections.abc import Container, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ui import importing_mapping, importing_origin, numbers, page, store
from ui.importing_covers import ask_cover
from ui.importing_mapping import Choice as Mapped
from ui.importing_origin import Told
from ui.importing_report import details, summary
from ui.store import Choice, Draft, FileDraft, StoreError
from ui.text import _, language, ngettext, plain

DROP, DONE, ROUND = "_drop", "_import_done", "_import_round"
Said = tuple[str, str]  # kind of message (success, error), sentence


@dataclass
class Drop:
    """The files that lie in the uploader, checked. `key` changes when they, or the tables chosen for them, do.

    `first` is what they are without the mappings that are chosen now, which are `mapped` by the file's name.
    """

    key: tuple[object, ...]
    draft: Draft
    held: ExitStack = field(repr=False)
    first: Sequence[FileDraft] = ()
    mapped: Mapping[str, Mapped] = field(default_factory=dict)


def headline() -> str:
    """What stands in the store, as the page's finding."""
    status = store.store().status()
    active = [batch for batch in status.batches if batch.active]
    if status.example:
        return _("Nothing is imported yet: the pages show example data")
    newest = max(batch.at for batch in active if batch.at)
    told = ngettext(
        "{n} file is imported, the latest on {day}", "{n} files are imported, the latest on {day}", len(active)
    )
    return told.format(n=numbers.count(len(active)), day=numbers.day(newest.date()))


def flow() -> None:
    """Drop files, see what was recognised, choose, import."""
    _say_what_happened()
    uploaded = st.file_uploader(
        _("Files to import"),
        accept_multiple_files=True,
        key=f"_upload_{st.session_state.get(ROUND, 0)}",
        help=_(
            "Tables as CSV, Excel (xlsx, xlsm, xls) or OpenDocument (ods); ledgers (also SIE); answers from Open ePlatform"
            " (XML, JSON); what the website publishes (sitemap.xml, a saved page of links, a list). A file is known by its content."
        ),
    )
    if not uploaded:
        _forget()
        return
    try:
        with st.spinner(_("Reading and checking the files …")):
            drop = _checked(uploaded)
    except StoreError as error:
        st.error(plain(error.sentence(language())))
        return
    choices = {file.name: _file(i, file, drop) for i, file in enumerate(drop.draft.files)}
    _decide(drop, choices)


def _say_what_happened() -> None:
    said: Said | None = st.session_state.pop(DONE, None)
    if said:
        (st.success if said[0] == "success" else st.error)(plain(said[1]))


def _forget() -> None:
    drop: Drop | None = st.session_state.pop(DROP, None)
    if drop:
        drop.held.close()


def _checked(uploaded: Sequence[UploadedFile]) -> Drop:
    """The drop as it was checked, or checked anew when the files or their chosen tables have changed."""
    names = store.numbered([file.name for file in uploaded])
    tables = {name: st.session_state.get(_key("table", i)) for i, name in enumerate(names)}
    chosen = {name: table for name, table in tables.items() if table}
    origins = [importing_origin.told(_key("origin", i)) for i in range(len(names))]
    files = [(name, file, origin) for name, file, origin in zip(names, uploaded, origins, strict=True)]
    key = (tuple(file.file_id for file in uploaded), tuple(chosen.items()), tuple(origins))
    kept: Drop | None = st.session_state.get(DROP)
    forgot = _forget_mappings(len(names))
    if kept is None or kept.key != key or forgot:
        _forget()
        kept = st.session_state[DROP] = _prepare(files, chosen, key)
    mapped = {
        file.name: choice
        for i, file in enumerate(kept.first)
        if (choice := importing_mapping.chosen(file, _key("map", i), chosen.get(file.name)))
    }
    if mapped != kept.mapped:
        first = kept.first
        _forget()
        st.session_state[DROP] = replace(_prepare(files, chosen, key, mapped), first=first)
    return st.session_state[DROP]


def _forget_mappings(files: int) -> bool:
    """Forget the mappings that the importer said to forget; whether there were any."""
    said = [layout for i in range(files) if (layout := importing_mapping.forgotten(_key("map", i)))]
    for layout in said:
        store.store().forget(layout, datetime.now())
    return bool(said)


def _prepare(
    uploaded: Sequence[tuple[str, UploadedFile, Told]],
    tables: Mapping[str, str],
    key: tuple[object, ...],
    mapped: Mapping[str, Mapped] | None = None,
) -> Drop:
    mapped = mapped or {}
    mappings = {name: choice.mapping for name, choice in mapped.items()}
    with ExitStack() as held:
        folder = held.enter_context(store.store().scratch())
        sources = [_written(folder / str(i), *one) for i, one in enumerate(uploaded)]
        draft = held.enter_context(store.store().prepare(sources, tables=tables, today=date.today(), mappings=mappings))
        return Drop(key, draft, held.pop_all(), draft.files, mapped)


def _written(path: Path, name: str, file: UploadedFile, origin: Told) -> store.Source:
    with path.open("wb") as out:
        out.write(file.getbuffer())
    return store.Source(name, path, *origin)


def _key(what: str, index: int) -> str:
    return f"_{what}_{st.session_state.get(ROUND, 0)}_{index}"


def _file(index: int, file: FileDraft, drop: Drop) -> Choice:
    """One file: what it is, what is wrong, and what the importer takes of it."""
    first, mapped = drop.first[index], drop.mapped.get(file.name)
    with st.container(border=True):
        page.subheading(file.name)
        summary(file)
        details(index, file)
        importing_origin.ask(file, _key("origin", index))
        titles = {code: dataset.title[language()] for code, dataset in store.datasets().items()}
        st.selectbox(
            _("Table of {file}").format(file=plain(file.name)),
            list(titles),
            index=None,
            format_func=titles.__getitem__,
            placeholder=mapped.dataset.title[language()] if mapped else _("Recognised by the headers"),
            key=_key("table", index),
        )
        importing_mapping.ask(first, file, drop.draft, mapped, _key("map", index), alone=len(drop.first) == 1)
        take = _take(index, file, sure=mapped is None)
        covers = (
            {}
            if take == "skip"
            else {code: ask_cover(index, file, code, c) for code, c in store.suggested(file).items()}
        )
        return Choice(take, covers or None, importing_origin.lower(file, _key("lower", index)))


def _take(index: int, file: FileDraft, sure: bool) -> str:
    """What is taken; nothing until it is said so, where there are faults or the columns are suggested."""
    rows, good, faulty = sum(t.rows for t in file.tables), sum(t.good for t in file.tables), file.fault_count > 0
    if file.faults or not good:
        return "skip"
    told = {"good": numbers.count(good), "rows": numbers.count(rows)}
    options = {
        "skip": _("Leave the file out"),
        "all": ngettext("Take the {rows} row", "Take all {rows} rows", rows).format(**told),
    }
    if faulty:
        options = {
            "skip": _("Leave the file out"),
            "good": ngettext(
                "Take only the {good} row of {rows} that holds", "Take only the {good} rows of {rows} that hold", good
            ).format(**told),
        }
    label = _("What to take of {file}").format(file=plain(file.name))
    return st.radio(
        label,
        list(options),
        index=1 if sure and not faulty else 0,
        format_func=options.__getitem__,
        key=f"_take_{index}_{file.checksum}",
    )


def nothing_taken(files: Sequence[FileDraft], mapped: Container[str]) -> str:
    """Why nothing would be imported, and the next step. `mapped` are the names of files whose columns are chosen here."""
    if any(_whole(file) for file in files):
        return _("Nothing is chosen yet. Check how the columns are read, and choose Take all rows.")
    if any(_can_be_mapped(file, mapped) for file in files):
        return _("No row can be read yet. Choose the table and the columns under the file's name.")
    return _(
        "Nothing will be imported as it is chosen now. Mend the files and drop them again, or take the rows that hold."
    )


def _whole(file: FileDraft) -> bool:
    """Whether there are rows to take and nothing to mend."""
    return not file.fault_count and any(table.good for table in file.tables)


def _can_be_mapped(file: FileDraft, mapped: Container[str]) -> bool:
    """Whether no row holds because the columns are not (rightly) told."""
    return not any(t.good for t in file.tables) and (file.name in mapped or importing_mapping.unknown(file))


def _decide(drop: Drop, choices: Mapping[str, Choice]) -> None:
    draft = drop.draft
    taken = [name for name, choice in choices.items() if choice.take != "skip"]
    if not taken:
        st.info(nothing_taken(draft.files, drop.mapped))
        return
    refused = store.store().refusal(draft, choices)
    again = False
    if refused:
        st.warning(plain(refused.sentence(language())))
        again = st.checkbox(_("Import it again"), key=f"_again_{st.session_state.get(ROUND, 0)}")
    who = st.text_input(_("Who imports, as a role"), _("System manager"), max_chars=60, key="_who")
    label = ngettext("Import {n} file", "Import {n} files", len(taken)).format(n=numbers.count(len(taken)))
    if st.button(label, type="primary", disabled=bool(refused) and not again):
        _import(drop, choices, who, again)
        st.rerun()


def _import(drop: Drop, choices: Mapping[str, Choice], who: str, again: bool) -> None:
    try:
        batches = store.store().commit(drop.draft, choices, who, datetime.now(), again=again)
    except StoreError as error:
        st.session_state[DONE] = ("error", error.sentence(language()))
        return
    rows = sum(batch.rows for batch in batches)
    files = ngettext("{n} file", "{n} files", len(batches)).format(n=numbers.count(len(batches)))
    told = ngettext("{rows} row from {files} is imported.", "{rows} rows from {files} are imported.", rows)
    said = told.format(rows=numbers.count(rows), files=files)
    st.session_state[DONE] = ("success", said + _remember(drop, choices))
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    _forget()


def _remember(drop: Drop, choices: Mapping[str, Choice]) -> str:
    """Keep the mappings that files were imported by; what to say when that was not possible."""
    taken = (mapped for name, mapped in drop.mapped.items() if choices[name].take != "skip")
    try:
        for mapped in taken:
            if importing_mapping.kept(mapped):
                store.store().remember(mapped.mapping, datetime.now())
    except StoreError:
        return " " + _("How the columns are read could not be remembered.")
    return ""
