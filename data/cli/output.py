"""What the command line says of a draft, a batch and a store: lines for a person, plain values for a script."""

from typing import Any

from data.archive.state import Batch
from data.base.fault import Fault
from data.base.language import N_, translations
from data.intake.choices import suggested_coverage
from data.intake.draft import Draft, FileDraft
from data.messages import render
from data.schema.catalogue import datasets
from data.serving.status import Status

MAX_FAULTS = 20  # faults a file shown to a person; --report has them all
STAGES = {
    "write": N_("Saving"),
    "build": N_("Building"),
}


def stage_label(code: str, language: str) -> str:
    """What is being done, for a progress bar; a stage that is a file's name stands as it is."""
    return translations(language).gettext(STAGES[code]) if code in STAGES else code


def faults_csv(draft: Draft, language: str) -> bytes:
    """Every fault of every file, as a CSV file for a spreadsheet."""
    return render.report_csv([f for file in draft.files for f in file.all_faults], language)


def draft_lines(draft: Draft, language: str) -> list[str]:
    """The draft for a person: each file, its tables, and what is wrong with it."""
    return [line for file in draft.files for line in _file_lines(file, language)]


def _file_lines(file: FileDraft, language: str) -> list[str]:
    said = translations(language)
    found, count = file.all_faults, file.fault_count
    told = [file.name]
    for table in file.tables:
        values = {"table": table.dataset.title[language], "rows": table.rows, "good": table.good}
        sentence = said.ngettext(
            "%(table)s: %(rows)d row, %(good)d without faults",
            "%(table)s: %(rows)d rows, %(good)d without faults",
            table.rows,
        )
        told.append("  " + sentence % values)
    told += [f"  – {render.sentence(f, language)}" for f in found[:MAX_FAULTS]]
    if count > MAX_FAULTS:
        told.append(
            "  "
            + said.gettext("… and %(more)d more faults; --report FILE.csv lists them") % {"more": count - MAX_FAULTS}
        )
    return told + [f"  · {render.sentence(n, language)}" for n in file.all_notes[:MAX_FAULTS]]


def draft_json(draft: Draft, language: str) -> dict[str, Any]:
    """The draft as plain values for JSON."""
    return {"files": [_file_json(f, language) for f in draft.files]}


def _file_json(file: FileDraft, language: str) -> dict[str, Any]:
    covers = {code: cover.as_json() for code, cover in suggested_coverage(file).items()}
    return {
        "file": file.name,
        "checksum": file.checksum,
        "size": file.size,
        "tables": [
            {"table": t.dataset.code, "sheet": t.sheet, "rows": t.rows, "good": t.good, "faults": t.fault_count}
            for t in file.tables
        ],
        "covers": covers,
        "faults": [_fault_json(f, language) for f in file.all_faults],
        "notes": [_fault_json(n, language) for n in file.all_notes],
    }


def _fault_json(fault: Fault, language: str) -> dict[str, Any]:
    return {
        "code": fault.code,
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "sentence": render.sentence(fault, language),
    }


def batch_values(batch: Batch) -> dict[str, object]:
    """What sentences about a batch are filled with."""
    return {"batch": batch.number, "file": batch.file, "rows": batch.rows}


def imported_line(batch: Batch, language: str) -> str:
    """That a batch has come in."""
    told = translations(language).ngettext(
        "Import %(batch)d: %(file)s, %(rows)d row.", "Import %(batch)d: %(file)s, %(rows)d rows.", batch.rows
    )
    return told % batch_values(batch)


def status_lines(status: Status, language: str) -> list[str]:
    """The store for a person: what is shown, the tables, the imports and what there is to say."""
    _ = translations(language).gettext
    shown = _("Version %(version)d, data up to %(today)s.") % {"version": status.version, "today": status.today}
    example = [_("Example data – invented figures.")] if status.example else []
    tables = [f"  {datasets()[code].title[language]}: {rows}" for code, rows in status.tables.items()]
    batches = [_batch_line(b, language) for b in status.batches]
    return [shown, *example, *tables, *batches, *(n.sentence(language) for n in status.notices)]


def _batch_line(batch: Batch, language: str) -> str:
    said = translations(language)
    if batch.damaged:
        return said.gettext("Import %(batch)d: damaged in the archive") % batch_values(batch)
    line = said.ngettext(
        "Import %(batch)d: %(file)s, %(rows)d row, by %(who)s %(at)s",
        "Import %(batch)d: %(file)s, %(rows)d rows, by %(who)s %(at)s",
        batch.rows,
    )
    at = f"{batch.at:%Y-%m-%d %H:%M}"
    return line % {**batch_values(batch), "who": batch.who, "at": at} + (
        "" if batch.active else said.gettext(" (undone)")
    )
