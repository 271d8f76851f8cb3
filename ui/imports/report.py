"""What was recognised in a file, what is new and changed in it, and what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from data import (
    Fault,
    FileDraft,
    TableDraft,
    change_texts,
    changes_csv,
    contradiction_texts,
    contradictions_csv,
    explanation,
    report_csv,
    sentence,
    without_department_csv,
    without_department_texts,
)
from ui.frame import page
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, language, ngettext

MOST = 100  # rows of a list on the page; the file to download has the rest
SHORT = 10  # of one that is not there to be worked through
SHOWN = 3  # notes said at once; the rest unfolds


def summary(file: FileDraft) -> None:
    """Each table that has rows, with how many are new and without faults; the sheets without rows in one line."""
    for table in file.filled_tables:
        page.reading(_describe(table))
    empty = len(file.tables) - len(file.filled_tables)
    if empty:
        page.reading(numbers.plural("{n} sheet has no rows.", "{n} sheets have no rows.", empty))


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


def details(index: int, file: FileDraft) -> None:
    """The faults, what is changed, which rows contradict each other and which belong to no department, and the notes."""
    _list(
        f"report_{index}",
        numbers.plural("{n} fault to correct", "{n} faults to correct", file.fault_count),
        (file.fault_count, MOST),
        lambda: _faults(file.all_faults[:MOST]),
        (_("Download the faults (CSV)"), _("faults.csv"), lambda: report_csv(file.all_faults, language())),
    )
    _notes([sentence(note, language()) for note in file.all_notes])
    _list(
        f"changes_{index}",
        numbers.plural("{n} value changes", "{n} values change", file.change_count),
        (file.change_count, MOST),
        lambda: _rows(
            (_("Which row"), _("Column"), _("Before"), _("After")),
            [change_texts(change, language()) for change in file.changes[:MOST]],
        ),
        (_("Download the changes (CSV)"), _("changes.csv"), lambda: changes_csv(file.changes, language())),
    )
    _list(
        f"contradictions_{index}",
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
        f"without_department_{index}",
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


def _list(
    key: str,
    text: str,
    sizes: tuple[int, int],
    table: Callable[[], Markup],
    download: tuple[str, str, Callable[[], bytes]],
) -> None:
    """A list under its heading, and all of it to download; nothing where it is empty. `sizes`: how many there are and are shown."""
    count, most = sizes
    if not count:
        return
    if count > most:
        text += _(", the first {n} of them here").format(n=numbers.count(most))
    page.reading(text + ":", announced=True)
    st.html(table())
    label, name, content = download
    st.download_button(label, content(), file_name=name, mime="text/csv", key=f"_{key}", on_click="ignore")


def _notes(texts: list[str]) -> None:
    if texts:
        st.html(tag("ul", *(tag("li", sentence) for sentence in texts[:SHOWN]), class_="notes"))
    if len(texts) > SHOWN:
        more = numbers.plural("{n} more remark", "{n} more remarks", len(texts) - SHOWN)
        rest = tag("ul", *(tag("li", sentence) for sentence in texts[SHOWN:]), class_="notes")
        st.html(tag("details", tag("summary", more), rest, class_="trust"))


def _faults(faults: Sequence[Fault]) -> Markup:
    """The faults as a table whose sentences wrap: they are there to be read to the end. An empty column is left out."""
    row, explained = _("Row"), _("What is wrong and what to do")
    texts = {
        _("Sheet"): [fault.sheet or "" for fault in faults],
        row: [numbers.count(fault.row) if fault.row else "" for fault in faults],
        _("Column"): [fault.column or "" for fault in faults],
        _("Value"): [fault.value or "" for fault in faults],
        explained: [explanation(fault, language()) for fault in faults],
    }
    columns = {header: cells for header, cells in texts.items() if any(cells)}
    return _rows([*columns], [*zip(*columns.values(), strict=True)], {row: "number", explained: "long"})


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
