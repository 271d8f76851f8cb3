"""Batches and the status as lines of text for a person and as JSON for a script."""

from pathlib import Path
from typing import Any

from data.archive.copies import Copied
from data.archive.state import ArchiveState, Batch, ProtectionChange
from data.base.errors import VERSION_UNREADABLE, ImportRefused, Notice
from data.base.language import N_, translations
from data.schema.catalogue import datasets
from data.serving.status import Status

TURNING_OFF = N_(
    "Counts of 1–4 cases would then be shown and exported again, to everyone who reads the pages, and what has been shown"
    " cannot be taken back. Nothing is changed. To turn the protection off all the same, add --yes."
)
UNDOING = N_("Nothing is changed. To undo it all the same, add --yes. You can restore an undone import.")
WAYS_ON = {  # after a refusal
    ImportRefused.FAULTS: N_("That takes --good-rows."),
    ImportRefused.ALREADY_IMPORTED: N_("That takes --again."),
}
LIMITS = {  # of the process that reads files
    "memory": N_("its memory"),
    "files": N_("which other files it can open"),
    "network": N_("its connections to the network"),
}
STAGES = {"write": N_("Saving"), "build": N_("Building")}


def stage_label(code: str, language: str) -> str:
    """The label of a stage on the progress bar; a stage that is not in `STAGES` is a file's name."""
    return translations(language).gettext(STAGES[code]) if code in STAGES else code


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


def backup_line(copied: Copied, folder: Path, language: str) -> str:
    """What the backup in a folder holds now."""
    sentence = translations(language).ngettext(
        "The backup in %(path)s is whole: %(of)d saved change, %(new)d of them new.",
        "The backup in %(path)s is whole: %(of)d saved changes, %(new)d of them new.",
        copied.of,
    )
    return sentence % {"path": folder, "of": copied.of, "new": len(copied.names)}


def restore_line(copied: Copied, folder: Path, language: str) -> str:
    """What was put back from the backup in a folder, and where that is which was in the way."""
    catalogue = translations(language)
    if not copied.names:
        sentence = catalogue.gettext("Nothing was missing or damaged, so nothing was put back from %(path)s.")
        return sentence % {"path": folder}
    line = catalogue.ngettext(
        "%(new)d saved change is put back from %(path)s, and the database is built.",
        "%(new)d saved changes are put back from %(path)s, and the database is built.",
        len(copied.names),
    ) % {"new": len(copied.names), "path": folder}
    if copied.aside:
        line += " " + catalogue.gettext("What was damaged lies in %(path)s.") % {"path": copied.aside}
    return line


def verify_lines(state: ArchiveState, version_is_whole: bool, language: str) -> tuple[list[str], dict[str, Any]]:
    """What was found in the archive and the served version, for a person and as plain values for JSON."""
    catalogue = translations(language)
    notices = [*state.notices, *([] if version_is_whole else [Notice(VERSION_UNREADABLE)])]
    damage = [n.sentence(language) for n in notices]
    whole = catalogue.ngettext(
        "The archive is whole: %(entries)d change is saved in it.",
        "The archive is whole: %(entries)d changes are saved in it.",
        state.entries,
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
