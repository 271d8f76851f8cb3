"""What was recognised in a file, what is new and changed in it, and what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from data import (
    WARNINGS,
    Fault,
    FileDraft,
    TableDraft,
    contradiction_texts,
    contradictions_csv,
    explanation,
    format_items,
    new_row_texts,
    report_csv,
    sentence,
    without_department_csv,
    without_department_texts,
)
from ui.frame import page
from ui.imports import changes
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, language, ngettext

MOST = 100  # rows of a list on the page; the file to download has the rest
SHORT = 10  # of one that is not there to be worked through
UNBROKEN = 24  # letters of a value that stays on one line, as a date does
SHOWN = 3  # notes said at once; the rest unfolds


def summary(file: FileDraft) -> None:
    """Each table that has rows, with how many are new and without faults; the sheets without rows in one line."""
    for table in file.filled_tables:
        described = _describe(table)
        page.reading(described, announced=f"{file.name}: {described}")
    empty = len(file.tables) - len(file.filled_tables)
    if empty:
        page.reading(numbers.plural("{n} sheet has no rows.", "{n} sheets have no rows.", empty))


def overview(files: Sequence[FileDraft]) -> None:
    """How many files there are, with how many rows and faults, where they are many."""
    if len(files) < 2:
        return
    rows, faults = sum(t.rows for file in files for t in file.tables), sum(file.fault_count for file in files)
    what = [
        numbers.plural("{n} file", "{n} files", len(files)),
        numbers.plural("{n} row", "{n} rows", rows),
        numbers.plural("{n} fault", "{n} faults", faults) if faults else _("no faults"),
    ]
    if faulty := [file.name for file in files if file.fault_count]:
        what[-1] += f" ({format_items(faulty, language())})"
    text = f"{', '.join(what)}."
    page.reading(text, announced=text)


def _describe(table: TableDraft) -> str:
    """How many rows a table has, what is new of them, and how many are without faults."""
    counts = {"rows": numbers.count(table.rows), "good": numbers.count(table.good)}
    if table.new_count is None:
        whole = ngettext("{table}, {rows} row without faults.", "{table}, {rows} rows without faults.", table.rows)
        part = ngettext(
            "{table}, {rows} row, {good} of them without faults.",
            "{table}, {rows} rows, {good} of them without faults.",
            table.rows,
        )
    else:
        counts["new"] = numbers.count(table.new_count)
        whole = ngettext(
            "{table}: {new} new row of {rows}, no faults.",
            "{table}: {new} new rows of {rows}, no faults.",
            table.new_count,
        )
        part = ngettext(
            "{table}: {new} new row of {rows}, {good} without faults.",
            "{table}: {new} new rows of {rows}, {good} without faults.",
            table.new_count,
        )
    sheet = _("Sheet {name}: ").format(name=table.sheet) if table.sheet else ""
    return sheet + (part if table.fault_count else whole).format(table=table.dataset.title[language()], **counts)


def details(index: int, file: FileDraft) -> frozenset[tuple[int, int]]:
    """The faults, what is changed, which rows contradict each other and which belong to no department, and the notes.

    Returns the changes that the importer leaves out, as `Choice.left_out`.
    """
    _list(
        (f"report_{index}", file.name),
        numbers.plural("{n} fault to correct", "{n} faults to correct", file.fault_count),
        (file.fault_count, MOST),
        lambda: _faults(file.all_faults[:MOST]),
        (_("Download the faults (CSV)"), _("faults.csv"), lambda: report_csv(file.all_faults, language())),
    )
    _notes(file.all_notes)
    _new_rows(file)
    left_out = changes.ask(file, index)
    _list(
        (f"contradictions_{index}", file.name),
        numbers.plural(
            "{n} value differs between rows of the same key, and the later row counts",
            "{n} values differ between rows of the same key, and the later row counts",
            len(file.contradictions),
        ),
        (len(file.contradictions), SHORT),
        lambda: _rows(
            (_("Row"), _("Later row"), _("Column"), _("Value"), _("Value in the later row")),
            [contradiction_texts(each, language()) for each in file.contradictions[:SHORT]],
        ),
        (
            _("Download the differing rows (CSV)"),
            _("differing-rows.csv"),
            lambda: contradictions_csv(file.contradictions, language()),
        ),
    )
    _list(
        (f"without_department_{index}", file.name),
        numbers.plural(
            "{n} row belongs to no department", "{n} rows belong to no department", file.without_department_count
        ),
        (file.without_department_count, SHORT),
        lambda: _rows(
            (_("Table"), _("Row"), _("Column"), _("Value")),
            [without_department_texts(row, language()) for row in file.without_department[:SHORT]],
        ),
        (
            _("Download the rows without a department (CSV)"),
            _("without-department.csv"),
            lambda: without_department_csv(file.without_department, language()),
        ),
    )
    return left_out


def _new_rows(file: FileDraft) -> None:
    """The first rows that are new, where the others are known: no download, since they stand in the file."""
    if file.new_rows:
        text = numbers.plural("{n} row is new", "{n} rows are new", file.new_count)
        if file.new_count > len(file.new_rows):
            text += _(", the first {n} of them here").format(n=numbers.count(len(file.new_rows)))
        page.reading(f"{text}:")
        listed = [new_row_texts(new, language()) for new in file.new_rows]
        st.html(_rows((_("Row"), _("What stands in it")), listed, {_("Row"): "number"}))


def _list(
    place: tuple[str, str],
    text: str,
    sizes: tuple[int, int],
    table: Callable[[], Markup],
    download: tuple[str, str, Callable[[], bytes]],
) -> None:
    """A list under its heading, and all of it to download; nothing where it is empty.

    `place`: the key of its download and the file's name, which is read out. `sizes`: how many there are and are shown.
    """
    (key, name), (count, most) = place, sizes
    if not count:
        return
    if count > most:
        text += _(", the first {n} of them here").format(n=numbers.count(most))
    page.reading(text + ":", announced=f"{name}: {text}")
    st.html(table())
    label, file_name, content = download
    st.download_button(label, content(), file_name=file_name, mime="text/csv", key=f"_{key}", on_click="ignore")


def _notes(notes: Sequence[Fault]) -> None:
    """The notes, those that ask for a look first and never folded away."""
    texts = [sentence(note, language(), below=True) for note in notes]
    shown = max(SHOWN, sum(note.code in WARNINGS for note in notes))
    if texts:
        page.reading(numbers.plural("{n} remark, which is no fault:", "{n} remarks, which are no faults:", len(texts)))
        st.html(tag("ul", *(tag("li", text) for text in texts[:shown]), class_="notes"))
    if len(texts) > shown:
        more = numbers.plural("{n} more remark", "{n} more remarks", len(texts) - shown)
        rest = tag("ul", *(tag("li", text) for text in texts[shown:]), class_="notes")
        st.html(tag("details", tag("summary", more), rest, class_="trust"))


def _faults(faults: Sequence[Fault]) -> Markup:
    """The faults as a table whose sentences wrap: they are there to be read to the end. An empty column is left out."""
    row, value, explained = _("Row"), _("Value"), _("What is wrong and what to do")
    texts = {
        _("Sheet"): [fault.sheet or "" for fault in faults],
        row: [numbers.count(fault.row) if fault.row else "" for fault in faults],
        _("Column"): [fault.column or "" for fault in faults],
        value: [fault.value or "" for fault in faults],
        explained: [explanation(fault, language(), below=True) for fault in faults],
    }
    columns = {header: cells for header, cells in texts.items() if any(cells)}
    is_short = all(len(text) <= UNBROKEN for text in texts[value])
    return _rows(
        [*columns],
        [*zip(*columns.values(), strict=True)],
        {row: "number", value: "unbroken" if is_short else "", explained: "long"},
    )


def _rows(headers: Sequence[str], rows: Sequence[Sequence[str]], classes: Mapping[str, str] | None = None) -> Markup:
    """A table; its cells bring their headers, for a phone, where they stand on lines."""
    body = [
        tag(
            "tr",
            *(
                tag("td", cell, class_=(classes or {}).get(head), data_label=head)
                for head, cell in zip(headers, row, strict=True)
            ),
        )
        for row in rows
    ]
    head = tag("tr", *(tag("th", header, scope="col") for header in headers))
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_="scroll faults", tabindex="0")
