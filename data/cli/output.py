"""Drafts, batches and the status as lines of text for a person and as JSON for a script."""

from collections.abc import Mapping
from typing import Any

from data.archive.state import ArchiveState, Batch, ProtectionChange
from data.base import clock
from data.base.errors import VERSION_UNREADABLE, Notice
from data.base.fault import Change, Fault, Zeros
from data.base.language import N_, translations
from data.intake.choices import Choice, chosen_coverage
from data.intake.draft import Draft, FileDraft
from data.intake.zeros import possible_zeros, zero_cells
from data.messages import render
from data.schema.catalogue import datasets
from data.serving.status import Status

MAX_FAULTS = 20  # printed for each file; --report writes them all
TURNING_OFF = N_(
    "Counts of 1–4 cases would then be shown and exported again, to everyone who reads the pages, and what has been shown"
    " cannot be taken back. Nothing is changed. To turn the protection off all the same, add --yes."
)
LIMITS = {  # of the process that reads files
    "memory": N_("its memory"),
    "files": N_("which other files it can open"),
    "network": N_("its connections to the network"),
}
STAGES = {"write": N_("Saving"), "build": N_("Building")}


def stage_label(code: str, language: str) -> str:
    """The label of a stage on the progress bar; a stage that is not in `STAGES` is a file's name."""
    return translations(language).gettext(STAGES[code]) if code in STAGES else code


def draft_lines(draft: Draft, choices: Mapping[str, Choice], language: str) -> list[str]:
    """The draft for a person: each file, its tables, faults and notes, what it changes and what becomes 0."""
    return [
        line
        for file in draft.files
        for line in (
            *_file_lines(file, language),
            *_change_lines(file, language),
            *_refused_lines(file, choices[file.name], language),
            *_zero_lines(draft, file, choices[file.name], language),
        )
    ]


def _file_lines(file: FileDraft, language: str) -> list[str]:
    catalogue = translations(language)
    faults, count = file.all_faults, file.fault_count
    lines = [file.name]
    for table in file.tables:
        values = {"table": table.dataset.title[language], "rows": table.rows, "good": table.good}
        sentence = catalogue.ngettext(
            "%(table)s: %(rows)d row, %(good)d without faults",
            "%(table)s: %(rows)d rows, %(good)d without faults",
            table.rows,
        )
        lines.append("  " + sentence % values)
    lines += [f"  – {render.sentence(f, language)}" for f in faults[:MAX_FAULTS]]
    if count > MAX_FAULTS:
        more = catalogue.gettext("… and %(more)d more faults; --report FILE.csv lists them")
        lines.append("  " + more % {"more": count - MAX_FAULTS})
    return lines + [f"  · {render.sentence(n, language)}" for n in file.all_notes[:MAX_FAULTS]]


def _change_lines(file: FileDraft, language: str) -> list[str]:
    catalogue, count = translations(language), file.change_count
    if not count:
        return []
    head = catalogue.ngettext("%(count)d value changes:", "%(count)d values change:", count) % {"count": count}
    lines = [f"    {render.change_sentence(change, language)}" for change in file.changes[:MAX_FAULTS]]
    if count > MAX_FAULTS:
        more = catalogue.gettext("… and %(more)d more changes; --json lists them")
        lines.append("    " + more % {"more": count - MAX_FAULTS})
    return [f"  → {head}", *lines]


def _refused_lines(file: FileDraft, choice: Choice, language: str) -> list[str]:
    refused = sum(table.rows - table.good for table in file.tables if table.refuses_places)
    if choice.take != "good" or not refused:
        return []
    text = translations(language).ngettext(
        "%(count)d row is left out: its service, channel and month are then not reported, until a corrected file has it.",
        "%(count)d rows are left out: their services, channels and months are then not reported, until a corrected file has them.",
        refused,
    )
    return ["  · " + text % {"count": refused}]


def _zero_lines(draft: Draft, file: FileDraft, choice: Choice, language: str) -> list[str]:
    """What becomes 0, or what would if the file covered its holes."""
    catalogue = translations(language)
    if zeros := zero_cells(draft, file, chosen_coverage(file, choice), clock.today()):
        count = sum(z.count for z in zeros)
        text = catalogue.ngettext("%(count)d cell becomes 0: %(what)s.", "%(count)d cells become 0: %(what)s.", count)
    elif holes := possible_zeros(draft, file, clock.today()):
        zeros, count = holes, sum(z.count for z in holes)
        text = catalogue.ngettext(
            "%(count)d cell has no row and is not reported: %(what)s. If it is 0, say so with --covers own.",
            "%(count)d cells have no row and are not reported: %(what)s. If they are 0, say so with --covers own.",
            count,
        )
    else:
        return []
    return ["  · " + text % {"count": count, "what": render.zeros_text(zeros, language)}]


def draft_json(draft: Draft, choices: Mapping[str, Choice], language: str) -> dict[str, Any]:
    """The draft as plain values for JSON."""
    return {"files": [_file_json(draft, f, choices[f.name], language) for f in draft.files]}


def _file_json(draft: Draft, file: FileDraft, choice: Choice, language: str) -> dict[str, Any]:
    covers = chosen_coverage(file, choice)
    return {
        "file": file.name,
        "checksum": file.checksum,
        "size": file.size,
        "tables": [
            {"table": t.dataset.code, "sheet": t.sheet, "rows": t.rows, "good": t.good, "faults": t.fault_count}
            for t in file.tables
        ],
        "covers": {code: cover.as_json() for code, cover in covers.items()},
        "zeros": [_zeros_json(z) for z in zero_cells(draft, file, covers, clock.today())],
        "changes": [_change_json(change) for change in file.changes],
        "change_count": file.change_count,
        "question": file.question and file.question.code,
        "faults": [_fault_json(f, language) for f in file.all_faults],
        "notes": [_fault_json(n, language) for n in file.all_notes],
    }


def _zeros_json(zeros: Zeros) -> dict[str, Any]:
    months = {"month_from": f"{zeros.month_from:%Y-%m}", "month_to": f"{zeros.month_to:%Y-%m}"}
    return {"table": zeros.dataset, "channel": zeros.channel, **months, "cells": zeros.count}


def _change_json(change: Change) -> dict[str, Any]:
    column = datasets()[change.dataset].column(change.column).header
    return {
        "table": change.dataset,
        "key": {datasets()[change.dataset].column(code).header: text for code, text in change.key},
        "column": column,
        "old": change.old,
        "new": change.new,
    }


def _fault_json(fault: Fault, language: str) -> dict[str, Any]:
    return {
        "code": fault.code,
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "sentence": render.sentence(fault, language),
        "values": {name: _plain(value) for name, value in fault.params.items()},
    }


def _plain(value: object) -> object:
    """A parameter of a sentence as JSON has it; an amount is a text with its decimals."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def batch_values(batch: Batch) -> dict[str, object]:
    """The parameters of a sentence about a batch."""
    return {"batch": batch.number, "file": batch.file, "rows": batch.rows}


def imported_line(batch: Batch, language: str) -> str:
    """That a batch is imported."""
    sentence = translations(language).ngettext(
        "Import %(batch)d: %(file)s, %(rows)d row.", "Import %(batch)d: %(file)s, %(rows)d rows.", batch.rows
    )
    return sentence % batch_values(batch)


def status_lines(status: Status, language: str) -> list[str]:
    """The store for a person: the version, the tables, the imports and the notices."""
    _ = translations(language).gettext
    version = _("Version %(version)d, data up to %(today)s.") % {"version": status.version, "today": status.today}
    example = [_("Example data – invented figures.")] if status.example else []
    tables = [f"  {datasets()[code].title[language]}: {rows}" for code, rows in status.tables.items()]
    protection = [protection_line(change, language) for change in status.protection]
    batches = [_batch_line(b, language, status.protected) for b in status.batches]
    limits = [
        _("While files are read, this system does not limit: %(names)s.") % {"names": _limit_names(status, language)}
    ]
    notices = (n.sentence(language) for n in status.notices)
    return [version, *example, *tables, *protection, *batches, *notices, *(limits if status.unlimited else [])]


def _limit_names(status: Status, language: str) -> str:
    return ", ".join(translations(language).gettext(LIMITS[code]) for code in status.unlimited)


def protection_line(change: ProtectionChange, language: str) -> str:
    """That the protection of small numbers was turned on or off, with who, when and why."""
    _ = translations(language).gettext
    if change.at is None:
        return (
            _("Protection of small numbers: turned on.") if change.on else _("Protection of small numbers: turned off.")
        )
    line = _("Protection of small numbers: turned on by %(who)s %(at)s.")
    if not change.on:
        line = _("Protection of small numbers: turned off by %(who)s %(at)s.")
    return f"{line % {'who': change.who, 'at': f'{change.at:%Y-%m-%d %H:%M}'}} {change.why}".rstrip()


def verify_lines(state: ArchiveState, version_is_whole: bool, language: str) -> tuple[list[str], dict[str, Any]]:
    """What was found in the archive and the served version, for a person and as plain values for JSON."""
    catalogue = translations(language)
    notices = [*state.notices, *([] if version_is_whole else [Notice(VERSION_UNREADABLE)])]
    damage = [n.sentence(language) for n in notices]
    whole = catalogue.ngettext(
        "The archive is whole: %(entries)d part.", "The archive is whole: %(entries)d parts.", state.entries
    ) % {"entries": state.entries}
    raw = {"whole": not damage, "entries": state.entries, "batches": len(state.batches), "damage": damage}
    return damage or [whole], {**raw, "given_up": list(state.given_up)}


def _batch_line(batch: Batch, language: str, protected: bool) -> str:
    catalogue = translations(language)
    if batch.given_up:
        return catalogue.gettext("Import %(batch)d: damaged, given up") % batch_values(batch)
    if batch.damaged:
        return catalogue.gettext("Import %(batch)d: damaged in the archive") % batch_values(batch)
    line = catalogue.ngettext(
        "Import %(batch)d: %(file)s, %(rows)d row, by %(who)s %(at)s",
        "Import %(batch)d: %(file)s, %(rows)d rows, by %(who)s %(at)s",
        batch.rows,
    )
    if protected and batch.holds_cases:
        line = catalogue.gettext("Import %(batch)d: %(file)s, number of rows protected, by %(who)s %(at)s")
    at = f"{batch.at:%Y-%m-%d %H:%M}"
    undone = "" if batch.active else catalogue.gettext(" (undone)")
    return line % {**batch_values(batch), "who": batch.who, "at": at} + undone
