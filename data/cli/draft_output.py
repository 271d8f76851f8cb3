"""A draft as lines of text for a person and as JSON for a script."""

from collections.abc import Mapping, Sequence
from typing import Any

from data.base import clock
from data.base.fault import Change, Contradiction, Fault, NewRow, WithoutDepartment, Zeros
from data.base.language import translations
from data.intake.choices import Choice, chosen_coverage
from data.intake.draft import Draft, FileDraft, TableDraft
from data.intake.zeros import possible_zeros, zero_cells
from data.messages import render
from data.messages.listed import changed_rows, contradiction_sentence, new_row_sentence, without_department_sentence
from data.schema.catalogue import datasets

MAX_FAULTS = 20  # printed of each list of a file; --report writes all faults, --json the rest


def draft_lines(draft: Draft, choices: Mapping[str, Choice], language: str) -> list[str]:
    """The draft for a person: each file, its tables, faults and notes, what it changes and what becomes 0."""
    return [
        line
        for file in draft.files
        for line in (
            *_file_lines(file, language),
            *_listed_lines(file, language),
            *_refused_lines(file, choices[file.name], language),
            *_zero_lines(draft, file, choices[file.name], language),
        )
    ]


def _file_lines(file: FileDraft, language: str) -> list[str]:
    catalogue = translations(language)
    faults, count = file.all_faults, file.fault_count
    lines = [file.name]
    lines += [f"  {_table_line(table, language)}" for table in file.filled_tables]
    if empty := len(file.tables) - len(file.filled_tables):
        sentence = catalogue.ngettext("%(count)d sheet has no rows.", "%(count)d sheets have no rows.", empty)
        lines.append("  " + sentence % {"count": empty})
    lines += [f"  – {render.sentence(f, language)}" for f in faults[:MAX_FAULTS]]
    if count > MAX_FAULTS:
        more = catalogue.gettext("… and %(more)d more faults; --report FILE.csv lists them")
        lines.append("  " + more % {"more": count - MAX_FAULTS})
    return lines + [f"  · {render.sentence(n, language)}" for n in file.all_notes[:MAX_FAULTS]]


def _table_line(table: TableDraft, language: str) -> str:
    values = {"table": table.dataset.title[language], "rows": table.rows, "good": table.good, "new": table.new_count}
    catalogue = translations(language)
    if table.new_count is None:
        sentence = catalogue.ngettext(
            "%(table)s: %(rows)d row, %(good)d without faults",
            "%(table)s: %(rows)d rows, %(good)d without faults",
            table.rows,
        )
        return sentence % values
    sentence = catalogue.ngettext(
        "%(table)s: %(new)d new row of %(rows)d, %(good)d without faults",
        "%(table)s: %(new)d new rows of %(rows)d, %(good)d without faults",
        table.new_count,
    )
    return sentence % values


def _listed_lines(file: FileDraft, language: str) -> list[str]:
    """The new rows, the values that change, those in which rows of one key differ, and the rows that belong to no department."""
    catalogue = translations(language)
    changed = [row.text for row in changed_rows(file.changes, language)]
    changes = catalogue.ngettext("%(count)d row changes:", "%(count)d rows change:", len(changed))
    differing = catalogue.ngettext(
        "%(count)d value differs between rows of the same key, and the later row counts:",
        "%(count)d values differ between rows of the same key, and the later row counts:",
        len(file.contradictions),
    )
    unplaced = catalogue.ngettext(
        "%(count)d row belongs to no department:",
        "%(count)d rows belong to no department:",
        file.without_department_count,
    )
    new = catalogue.ngettext("%(count)d row is new:", "%(count)d rows are new:", file.new_count)
    return [
        *_list(new, file.new_count, [new_row_sentence(row, language) for row in file.new_rows], language),
        *_list(changes, len(changed), changed[:MAX_FAULTS], language),
        *_list(
            differing,
            len(file.contradictions),
            [contradiction_sentence(c, language) for c in file.contradictions[:MAX_FAULTS]],
            language,
        ),
        *_list(
            unplaced,
            file.without_department_count,
            [without_department_sentence(r, language) for r in file.without_department[:MAX_FAULTS]],
            language,
        ),
    ]


def _list(head: str, count: int, lines: Sequence[str], language: str) -> list[str]:
    """The head and its lines, and how many more there are; nothing where there are none."""
    if not count:
        return []
    more = translations(language).gettext("… and %(more)d more; --json lists them")
    rest = [more % {"more": count - len(lines)}] if count > len(lines) else []
    return [f"  → {head % {'count': count}}", *(f"    {line}" for line in (*lines, *rest))]


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
            {
                "table": t.dataset.code,
                "sheet": t.sheet,
                "rows": t.rows,
                "new": t.new_count,
                "good": t.good,
                "faults": t.fault_count,
            }
            for t in file.tables
        ],
        "covers": {code: cover.as_json() for code, cover in covers.items()},
        "zeros": [_zeros_json(z) for z in zero_cells(draft, file, covers, clock.today())],
        "new_rows": [_new_row_json(row) for row in file.new_rows],
        "changes": [_change_json(change) for change in file.changes],
        "change_count": file.change_count,
        "contradictions": [_contradiction_json(each) for each in file.contradictions],
        "without_department": [_without_department_json(row) for row in file.without_department],
        "without_department_count": file.without_department_count,
        "question": file.question and file.question.code,
        "faults": [_fault_json(f, language) for f in file.all_faults],
        "notes": [_fault_json(n, language) for n in file.all_notes],
    }


def _zeros_json(zeros: Zeros) -> dict[str, Any]:
    months = {"month_from": f"{zeros.month_from:%Y-%m}", "month_to": f"{zeros.month_to:%Y-%m}"}
    return {"table": zeros.dataset, "channel": zeros.channel, **months, "cells": zeros.count}


def _new_row_json(new: NewRow) -> dict[str, Any]:
    headers = {column.code: column.header for column in datasets()[new.dataset].columns}
    return {"table": new.dataset, "row": new.row, "values": {headers[code]: text for code, text in new.texts}}


def _change_json(change: Change) -> dict[str, Any]:
    column = datasets()[change.dataset].column(change.column).header
    return {
        "table": change.dataset,
        "key": {datasets()[change.dataset].column(code).header: text for code, text in change.key},
        "column": column,
        "old": change.old,
        "new": change.new,
    }


def _contradiction_json(one: Contradiction) -> dict[str, Any]:
    return {
        "table": one.dataset,
        "sheet": one.sheet,
        "rows": [one.row, one.later_row],
        "column": datasets()[one.dataset].column(one.column).header,
        "values": [one.text, one.later_text],
    }


def _without_department_json(row: WithoutDepartment) -> dict[str, Any]:
    return {
        "table": row.dataset,
        "sheet": row.sheet,
        "row": row.row,
        "column": datasets()[row.dataset].column(row.column).header,
        "value": row.text,
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
