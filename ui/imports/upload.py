"""The files that lie in the uploader, checked; they stay in the reader's session until they are imported or taken away."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data import Draft, FileDraft, LedgerAnswer, Source, clock, unique_names
from ui import database
from ui.imports import ledger, mapping
from ui.imports import origin as imports_origin
from ui.imports.mapping import Choice as Mapped
from ui.imports.origin import Stated
from ui.text.i18n import _, escape_markdown

_DROP, _ROUND = "_drop", "_import_round"
_rounds = count(1)  # of all sessions: one that forgets its own begins with an empty uploader all the same


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


def current_round() -> int:
    """The number of the upload round; each new round has an empty uploader."""
    if _ROUND not in st.session_state:
        st.session_state[_ROUND] = next(_rounds)
    current: int = st.session_state[_ROUND]
    return current


def next_round() -> None:
    """Start a new round after an import."""
    st.session_state[_ROUND] = next(_rounds)
    discard()


def discard() -> None:
    """Delete the upload and every temporary file of it."""
    drop: Drop | None = st.session_state.pop(_DROP, None)
    if drop:
        drop.held.close()


def check_files(uploaded: Sequence[UploadedFile]) -> Drop:
    """The checked upload; checked again when the files or the tables chosen for them change."""
    names = unique_names([file.name for file in uploaded])
    tables = {name: st.session_state.get(key_of("table", i)) for i, name in enumerate(names)}
    chosen = {name: table for name, table in tables.items() if table}
    origins = [imports_origin.stated(key_of("origin", i)) for i in range(len(names))]
    answers = [ledger.answer(key_of("ledger", i)) for i in range(len(names))]
    files = [*zip(names, uploaded, origins, answers, strict=True)]
    key = (tuple(file.file_id for file in uploaded), tuple(chosen.items()), tuple(origins), tuple(answers))
    kept: Drop | None = st.session_state.get(_DROP)
    forgot = _forget_mappings(len(names))
    if kept is None or kept.key != key or forgot:
        discard()
        kept = st.session_state[_DROP] = _prepare(files, chosen, key)
    mapped = {
        file.name: choice
        for i, file in enumerate(kept.first)
        if (choice := mapping.selected(file, key_of("map", i), chosen.get(file.name)))
    }
    if mapped != kept.mapped:
        first = kept.first
        discard()
        kept = st.session_state[_DROP] = replace(_prepare(files, chosen, key, mapped), first=first)
    return kept


def _forget_mappings(files: int) -> bool:
    """Forget the mappings that the importer said to forget; whether there were any."""
    said = [layout for i in range(files) if (layout := mapping.forgotten_layout(key_of("map", i)))]
    for layout in said:
        database.store().delete_mapping(layout, clock.now())
    return bool(said)


def _prepare(
    uploaded: Sequence[tuple[str, UploadedFile, Stated, LedgerAnswer]],
    tables: Mapping[str, str],
    key: tuple[object, ...],
    mapped: Mapping[str, Mapped] | None = None,
) -> Drop:
    mapped = mapped or {}
    with ExitStack() as held:
        folder = held.enter_context(database.store().scratch())
        sources = [
            replace(
                _written(folder / str(i), *one),
                table=tables.get(one[0]),
                mapping=mapped[one[0]].mapping if one[0] in mapped else None,
            )
            for i, one in enumerate(uploaded)
        ]
        bar = st.progress(0.0)
        draft = held.enter_context(
            database.store().prepare(sources, progress=lambda name, done: _report(bar, name, done))
        )
        bar.empty()
        return Drop(key, draft, held.pop_all(), draft.files, mapped)


def _report(bar: DeltaGenerator, name: str, done: float) -> None:
    """Show the progress. When the reader has left, or taken the file away, Streamlit ends the run here, and so the reading."""
    reading = _("Reading {file} …").format(file=escape_markdown(name))
    bar.progress(done, reading if done < 1 else _("Comparing with what is there already …"))


def _written(path: Path, name: str, file: UploadedFile, origin: Stated, answer: LedgerAnswer) -> Source:
    with path.open("wb") as out:
        out.write(file.getbuffer())
    installation, family, encoding = origin
    return Source(name, path, installation, family, encoding=encoding, ledger=answer)


def key_of(what: str, index: int) -> str:
    """The session key of a choice for one of the files, valid for this round."""
    return f"_{what}_{current_round()}_{index}"
