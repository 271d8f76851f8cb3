"""The commands: each prints its answer, as lines of text or as JSON, and returns an exit code."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal

from tqdm import tqdm

from data.archive.copies import Copied
from data.archive.state import Batch
from data.base import clock
from data.base.errors import StoreError
from data.base.language import N_, translations
from data.build.database import Progress
from data.cli import arguments, draft_output, fetch_output, output
from data.fetch.run import FetchRequest, fetch_installation
from data.intake.choices import Choice, refuse_person
from data.intake.draft import Draft
from data.messages.render import report_csv
from data.previews.goals import GoalPreview
from data.previews.losses import Losses
from data.previews.text import AFTER_IMPORT, goal_lines, losses_json, losses_lines, preview_json
from data.schema import templates
from data.serving import current_rows
from data.serving.status import batch_json
from data.serving.stratsys import stratsys_file
from data.store import Store

OK, REFUSED, USAGE_ERROR = 0, 1, 2


@contextmanager
def progress_bar(options: Namespace) -> Iterator[Progress | None]:
    """A progress bar on standard error; None when that is no terminal, or with `--json`."""
    if options.json or not sys.stderr.isatty():
        yield None
        return
    with tqdm(total=100, leave=False, bar_format="{desc} {bar} {percentage:3.0f} %") as bar:

        def step(stage: str, done: float) -> None:
            bar.set_description_str(output.stage_label(stage, options.language), refresh=False)
            bar.update(100 * done - bar.n)

        yield step


def print_answer(options: Namespace, lines: Sequence[str], raw: Mapping[str, Any]) -> None:
    """Print the answer to standard output, as text or as JSON."""
    print(json.dumps(raw, ensure_ascii=False, indent=1) if options.json else "\n".join(lines))


def accept_damage(store: Store, options: Namespace) -> None:
    """With `--accept-damage`, give up what is damaged in the archive, and say on standard error what that is."""
    if options.accept_damage:
        for notice in store.accept_damage(options.who, clock.now()):
            print(notice.sentence(options.language), file=sys.stderr)


def import_files(options: Namespace) -> int:
    """Check the files; import them unless they have faults that were not accepted, or it is a dry run."""
    refuse_person(options.who, clock.today())
    coverage = arguments.CoverageOptions(options)
    sources = arguments.sources(options.files, options.installation, options.family, options.encoding)
    files = arguments.with_ledgers(arguments.with_tables(sources, options.table), options)
    store = Store(options.store)
    accept_damage(store, options)
    with (
        store,
        progress_bar(options) as bar,
        store.prepare(files, progress=bar, use_saved_mappings=not options.by_headers) as draft,
    ):
        take: Literal["good", "all"] = "good" if options.good_rows else "all"
        choices = {f.name: Choice(take, coverage.coverage(f), options.accept_lower) for f in draft.files}
        if options.report:
            faults = [fault for file in draft.files for fault in file.all_faults]
            options.report.write_bytes(report_csv(faults, options.language))
        return _commit(store, draft, choices, options, bar)


def _commit(store: Store, draft: Draft, choices: Mapping[str, Choice], options: Namespace, bar: Progress | None) -> int:
    _ = translations(options.language).gettext
    lines = [] if options.json else draft_output.draft_lines(draft, choices, options.language)
    raw = draft_output.draft_json(draft, choices, options.language) if options.json else {}
    now = clock.now()
    refusal = store.refusal(draft, choices, options.again)
    if not refusal and not options.accept_clock:
        refusal = store.clock_refusal(now)
    goals = GoalPreview() if refusal else store.preview_import(draft, choices)
    lines += [] if options.json else goal_lines(goals, options.language)
    raw["goals"] = preview_json(goals)
    if refusal or options.dry_run:
        sentence = refusal.sentence(options.language) if refusal else _("Checked only: nothing was imported.")
        if refusal and refusal.text in output.WAYS_ON:
            sentence += " " + _(output.WAYS_ON[refusal.text])
        if any(file.question for file in draft.files):
            lines.append(_("A ledger waits for an answer: --ledger replace, or --ledger add."))
        print_answer(options, [*lines, sentence], {**raw, "imported": False, "sentence": sentence, "batches": []})
        return REFUSED if refusal else OK
    if lines:
        print("\n".join(lines), flush=True)  # before anything is changed
    before = store.database() if goals is None else None
    batches = store.commit(draft, choices, options.who, now, bar, options.again, options.accept_clock)
    imported = [output.imported_line(b, options.language) for b in batches]
    if before and (goals := store.goals_since(before)):
        imported += goal_lines(goals, options.language, AFTER_IMPORT)
    raw |= {"imported": True, "batches": [batch_json(b, False) for b in batches], "goals": preview_json(goals)}
    print_answer(options, imported, raw)
    return OK


def fetch(options: Namespace) -> int:
    """Fetch from the installations that are named, or all; one that fails does not stop the others."""
    since, store = arguments.month(options.since), Store(options.store)
    refuse_person(options.who, clock.today())
    accept_damage(store, options)
    good, wrong = fetch_output.select_connections(options.names)
    lines: list[str] = []
    raw: list[Mapping[str, Any]] = []
    errors = [error.sentence(options.language) for error in wrong]
    for one in good:
        try:
            with progress_bar(options) as bar:
                request = FetchRequest(one, options.who, clock.now(), since, options.dry_run, options.accept_clock)
                result = fetch_installation(store, request, bar)
            lines += fetch_output.lines(result, options.dry_run, options.language)
            raw.append(fetch_output.as_json(result, options.language))
        except StoreError as error:
            errors.append(error.sentence(options.language))
            raw.append({"installation": one.name, "error": errors[-1]})
    if lines or options.json:
        print_answer(options, lines, {"installations": raw, "errors": errors})
    if errors and not options.json:
        print("\n".join(errors), file=sys.stderr)
    return REFUSED if errors else OK


def status(options: Namespace) -> int:
    """Print what is in the store."""
    with Store(options.store) as store:
        result = store.status()
    print_answer(options, output.status_lines(result, options.language), result.as_json(options.language))
    return REFUSED if result.faults else OK


def verify(options: Namespace) -> int:
    """Read every byte of the archive and of the served version, and say what is not as it was written."""
    state, version_is_whole = Store(options.store).verify()
    lines, raw = output.verify_lines(state, version_is_whole, options.language)
    print_answer(options, lines, raw)
    return OK if state.is_whole and version_is_whole else REFUSED


def init(options: Namespace) -> int:
    """Make a store."""
    with Store(options.store) as store:
        store.create(clock.now())
        sentence = translations(options.language).gettext("A store is made in %(path)s. It shows example data.")
        print_answer(options, [sentence % {"path": store.folder}], {"store": str(store.folder)})
    return OK


def undo(options: Namespace) -> int:
    """Undo an import. Where that takes rows away it needs `--yes`, and says what is lost."""
    losses = None if options.yes else _losses(options)
    if losses and losses.asks:
        sentence = translations(options.language).gettext(output.UNDOING)
        lines = [*losses_lines(losses, options.language), sentence]
        print_answer(options, lines, {"changed": False, "sentence": sentence, "lost": losses_json(losses)})
        return REFUSED
    return _switch(options, Store.undo, N_("Import %(batch)d (%(file)s) is undone."))


def _losses(options: Namespace) -> Losses | None:
    with Store(options.store) as store:
        accept_damage(store, options)
        return store.preview_undo(options.batch)


def redo(options: Namespace) -> int:
    """Put an undone import back."""
    return _switch(options, Store.redo, N_("Import %(batch)d (%(file)s) is in force again."))


def _switch(
    options: Namespace, change: Callable[[Store, int, str, datetime, Progress | None], Batch], text: str
) -> int:
    with Store(options.store) as store, progress_bar(options) as bar:
        accept_damage(store, options)
        batch = change(store, options.batch, options.who, clock.now(), bar)
        protected = store.database().protected
    sentence = translations(options.language).gettext(text) % output.batch_values(batch)
    print_answer(options, [sentence], batch_json(batch, protected))
    return OK


def protect(options: Namespace) -> int:
    """Protect small numbers, or no longer: that needs `--yes`, and says what follows."""
    _ = translations(options.language).gettext
    on = options.setting == "on"
    if not on and not options.yes:
        print_answer(options, [_(output.TURNING_OFF)], {"changed": False, "sentence": _(output.TURNING_OFF)})
        return REFUSED
    with Store(options.store) as store, progress_bar(options) as bar:
        change = store.protect(on, options.who, options.why, clock.now(), bar)
    sentence = output.protection_line(change, options.language)
    print_answer(options, [sentence], {"changed": True, "sentence": sentence, **change.as_json()})
    return OK


def build(options: Namespace) -> int:
    """Build the database anew."""
    with Store(options.store) as store, progress_bar(options) as bar:
        accept_damage(store, options)
        version = store.build(clock.now(), bar)
    sentence = translations(options.language).gettext("Version %(version)d is built.") % {"version": version.version}
    raw = {"version": version.version, "fingerprint": version.fingerprint, "bytes": version.bytes}
    print_answer(options, [sentence], raw)
    return OK


def backup(options: Namespace) -> int:
    """Copy the archive to a backup."""
    with Store(options.store) as store:
        copied = store.back_up(options.folder)
    _print_copied(options, output.backup_line(copied, options.folder, options.language), copied)
    return OK


def restore(options: Namespace) -> int:
    """Put back what a backup has and the store lacks."""
    with Store(options.store) as store:
        copied = store.restore(options.folder, options.who, clock.now())
    _print_copied(options, output.restore_line(copied, options.folder, options.language), copied)
    return OK


def _print_copied(options: Namespace, line: str, copied: Copied) -> None:
    raw = {"copied": list(copied.names), "entries": copied.of, "aside": copied.aside and str(copied.aside)}
    print_answer(options, [line], {**raw, "sentence": line})


def write_templates(options: Namespace) -> int:
    """Write the templates, empty or filled with what holds now."""
    rows: Mapping[str, Sequence[templates.Row]] = {}
    said: list[str] = []
    if options.filled or options.department:
        with Store(options.store) as store:
            database = store.database()
            department = arguments.department(options.department, database)
            rows = current_rows.all_rows(database, department)
            said = current_rows.left_out(database, department, options.language)
    written = templates.write_templates(options.folder, options.language, options.overwrite, rows)
    files = [str(path) for path in written]
    print_answer(options, [*files, *said], {"files": files, "left_out": said})
    return OK


def export(options: Namespace) -> int:
    """Print the file for Stratsys of a frozen report, and on standard error what is not in it."""
    with Store(options.store) as store:
        number = options.report or max((one.number for one in store.reports()), default=0)
        file = stratsys_file(store.database(), store.report(number))
    lines = file.sentences(options.language)
    if options.json:
        raw = {"lines": file.lines, "without_name": file.without_name, "unknown": file.unknown, "sentences": lines}
        print_answer(options, lines, raw)
    else:
        print(file.text(), end="")
        print("\n".join(lines), file=sys.stderr)
    return OK if file.lines else REFUSED


COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "import": import_files,
    "fetch": fetch,
    "status": status,
    "verify": verify,
    "init": init,
    "undo": undo,
    "redo": redo,
    "protect": protect,
    "build": build,
    "backup": backup,
    "restore": restore,
    "templates": write_templates,
    "export": export,
}
