"""The import page: what was dropped, what was recognised, what is wrong, what to take."""

from collections.abc import Container, Mapping, Sequence

import streamlit as st

from data import Choice, FileDraft, Services, StoreError, Take, clock, suggested_coverage
from ui import database, edits
from ui.frame import page, uploads
from ui.imports import goals, ledger, mapping, origin, receipt, running
from ui.imports.coverage import ask_cover, ask_shared, tell_refused, tell_zeros
from ui.imports.report import details, overview, summary
from ui.imports.upload import Drop, check_files, current_round, discard, key_of
from ui.text import numbers
from ui.text.i18n import _, escape_markdown, language, ngettext


def headline() -> str:
    """How much is imported, and when last."""
    status = database.store().status()
    active = [batch for batch in status.batches if batch.active]
    if status.example:
        return _("Nothing is imported yet: the pages show example data")
    if status.faults:
        return _("Something is damaged, so nothing can be imported now")
    newest = max(batch.at for batch in active if batch.at)
    day, n = numbers.day(newest.date()), len(active)
    return numbers.plural(
        "{n} file is imported, the latest on {day}", "{n} files are imported, the latest on {day}", n, day=day
    )


def flow() -> None:
    """Upload files, show what was recognised, choose, import."""
    if edits.is_damaged():
        discard()
        page.reading(
            _("Nothing can be imported, fetched or undone until the file that is named at the top is restored.")
        )
        return
    uploaded = st.file_uploader(
        _("Files to import"),
        accept_multiple_files=True,
        key=f"_upload_{current_round()}",
        help=_(
            "Tables (CSV, xlsx, xlsm, xls, ods), ledgers (also SIE), files from Open ePlatform (XML, JSON) and "
            "what the website publishes (sitemap.xml, a saved page of links, a list). A file is known by its "
            "content."
        ),
    )
    if refused := uploads.refusal():
        st.error(refused)
    uploads.claim([file.file_id for file in uploaded])
    running.follow()
    if not uploaded:
        discard()
        return
    try:
        with st.spinner(_("Reading and checking the files …")):
            drop = check_files(uploaded)
    except StoreError as error:
        st.error(escape_markdown(error.sentence(language())))
        return
    overview(drop.draft.files)
    shared = ask_shared(drop.draft.files, f"_cover_all_{current_round()}")
    choices = {file.name: _file(i, file, drop, shared) for i, file in enumerate(drop.draft.files)}
    _decide(drop, choices)


def _file(index: int, file: FileDraft, drop: Drop, shared: Services | None) -> Choice:
    """One file: what it is, what is wrong, and what the importer takes of it."""
    first, mapped = drop.first[index], drop.mapped.get(file.name)
    with st.container(key=f"panel_file_{index}"):
        page.subheading(file.name, top=True)
        left, right = st.columns([3, 2], gap="large")
        with left:
            summary(file)
            left_out = details(index, file)
        with right:
            origin.ask(file, key_of("origin", index))
            _ask_table(index, file, mapped)
        with left:
            mapping.ask(first, file, drop.draft, mapped, key_of("map", index), alone=len(drop.first) == 1)
        with right:
            ledger.ask(file, key_of("ledger", index))
            take = _take(index, file, sure=mapped is None, left_out=len(left_out))
            suggested = {} if take == "skip" else suggested_coverage(file)
            covers = {code: ask_cover(index, file, code, cover, shared) for code, cover in suggested.items()}
            tell_zeros(drop.draft, file, covers)
            if take == "good":
                tell_refused(file)
            return Choice(take, covers or None, origin.accepts_lower(file, key_of("lower", index)), left_out)


def _ask_table(index: int, file: FileDraft, mapped: mapping.Choice | None) -> None:
    titles = {code: dataset.title[language()] for code, dataset in database.datasets().items()}
    known = [mapped.dataset.code] if mapped else dict.fromkeys(table.dataset.code for table in file.filled_tables)
    st.selectbox(
        _("Table of {file}").format(file=escape_markdown(file.name)),
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        placeholder=", ".join(titles[code] for code in known) or _("Recognised by the headers"),
        key=key_of("table", index),
    )


def _take(index: int, file: FileDraft, sure: bool, left_out: int) -> Take:
    """What is taken; nothing until it is said so, where there are faults or the columns are suggested."""
    rows, good = sum(t.rows for t in file.tables) - left_out, sum(t.good for t in file.tables) - left_out
    faulty = file.fault_count > 0
    if file.faults or not (good or file.empties):
        return "skip"
    told = {"good": numbers.count(good), "rows": numbers.count(rows)}
    take_all = (
        ngettext("Take the {rows} row", "Take all {rows} rows", rows).format(**told)
        if rows != 2
        else _("Take both rows")
    )
    options: dict[Take, str] = {
        "skip": _("Leave the file out"),
        "all": take_all if rows else _("Take it: the months that it covers have no postings"),
    }
    if faulty:
        options = {
            "skip": _("Leave the file out"),
            "good": ngettext(
                "Take only the {good} row of {rows} without faults",
                "Take only the {good} rows of {rows} without faults",
                good,
            ).format(**told),
        }
    if any(note.code == "unmatched" for note in file.all_notes):
        told_too = _("A row with an unknown id is no fault, and is taken.")
        options = {take: f"{text}. {told_too}" if take != "skip" else text for take, text in options.items()}
    label = _("What to take of {file}").format(file=escape_markdown(file.name))
    first, key = int(sure and not faulty), f"_take_{index}_{file.checksum}"
    return st.radio(label, list(options), first, format_func=options.__getitem__, key=key)


def describe_nothing_selected(files: Sequence[FileDraft], mapped: Container[str]) -> str:
    """Why nothing would be imported, and the next step. `mapped` are the names of files with a mapping."""
    if any(not file.fault_count and any(table.good for table in file.tables) for file in files):
        return _("Nothing is chosen yet. Check how the columns are read, and choose Take all rows.")
    if any(fault.code in origin.ASKED for file in files for fault in file.faults):
        return _("Nothing can be imported yet. Answer the question under the file's name.")
    if any(_can_be_mapped(file, mapped) for file in files):
        return _("No row can be read yet. Choose the table and the columns under the file's name.")
    if all(file.faults for file in files):
        return _("Nothing can be imported. Correct the files and upload them again.")
    return _(
        "With these choices nothing is imported. Correct the files and upload them again, or take only the rows "
        "without faults."
    )


def _can_be_mapped(file: FileDraft, mapped: Container[str]) -> bool:
    """Whether no row holds because the columns are not (rightly) told."""
    return not any(t.good for t in file.tables) and (file.name in mapped or mapping.is_unrecognised(file))


def _decide(drop: Drop, choices: Mapping[str, Choice]) -> None:
    draft = drop.draft
    taken = [name for name, choice in choices.items() if choice.take != "skip"]
    if not taken:
        st.info(describe_nothing_selected(draft.files, drop.mapped))
        return
    refused = database.store().refusal(draft, choices)
    again = False
    if refused:
        st.warning(escape_markdown(refused.sentence(language())))
        asked = any(file.question for file in draft.files if file.name in taken)
        if asked or database.store().refusal(draft, choices, again=True):
            return
        again = st.checkbox(_("Import it again"), key=f"_again_{current_round()}")
    if not refused or again:
        goals.show_preview(drop, choices)
    if database.database().example:
        page.reading(
            _(
                "The example data go away with the import: the pages then show what is imported, and nothing else."
                " They come back if it is undone."
            )
        )
    page.reading(_("Nothing is imported yet. Files and choices stay here until you leave the page."))
    clock_key = f"_clock_{current_round()}"
    may_change = edits.ask_clock(clock_key)
    who = edits.role_input("_who")
    label = numbers.plural("Import {n} file", "Import {n} files", len(taken))
    if database.database().example:
        label = _("{import_} instead of the example data").format(import_=label)
    if st.button(label, type="primary", disabled=bool(refused and not again) or not may_change):
        store, now, accept_clock = database.store(), clock.now(), edits.is_clock_accepted(clock_key)
        before = database.database()
        running.start(
            _("Importing …"),
            lambda report: store.commit(draft, choices, who, now, report, again, accept_clock),
            lambda outcome: receipt.tell(drop, choices, outcome, before),
        )
