"""What was recognised in a file, and what is wrong with it."""

from collections.abc import Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from data import Change, Fault, FileDraft, change_texts, changes_csv, explanation, report_csv, sentence
from ui.frame import page
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, language, ngettext

MOST = 100  # faults or changes in the table on the page; the file to download has the rest
SHOWN = 3  # notes said at once; the rest unfolds


def summary(file: FileDraft) -> None:
    """Each recognised table with its number of rows, in a sentence."""
    for table in file.tables:
        told = {"table": table.dataset.title[language()], "good": numbers.count(table.good)}
        sheet = _("Sheet {name}: ").format(name=table.sheet) if table.sheet else ""
        if not table.fault_count:
            said = ngettext("{table}, {rows} row without faults.", "{table}, {rows} rows without faults.", table.rows)
        else:
            said = ngettext(
                "{table}, {rows} row, {good} of them without faults.",
                "{table}, {rows} rows, {good} of them without faults.",
                table.rows,
            )
        page.reading(sheet + said.format(rows=numbers.count(table.rows), **told))


def details(index: int, file: FileDraft) -> None:
    """The faults as a table with a download, and the notes."""
    found, count = file.all_faults, file.fault_count
    if found:
        said = numbers.plural("{n} fault to correct", "{n} faults to correct", count)
        if count > MOST:
            said += _(", the first {n} of them here").format(n=numbers.count(MOST))
        page.reading(said + ":", announced=True)
        st.html(_table(found[:MOST]))
        st.download_button(
            _("Download the faults (CSV)"),
            report_csv(found, language()),
            file_name=_("faults.csv"),
            mime="text/csv",
            key=f"_report_{index}",
            on_click="ignore",
        )
    _notes([sentence(note, language()) for note in file.all_notes])
    _changes(index, file)


def _changes(index: int, file: FileDraft) -> None:
    """What the file changes of what is known, old and new, with a download."""
    changes, count = file.changes, file.change_count
    if not changes:
        return
    text = numbers.plural("{n} value changes", "{n} values change", count)
    if count > MOST:
        text += _(", the first {n} of them here").format(n=numbers.count(MOST))
    page.reading(text + ":")
    st.html(_change_table(changes[:MOST]))
    st.download_button(
        _("Download the changes (CSV)"),
        changes_csv(changes, language()),
        file_name=_("changes.csv"),
        mime="text/csv",
        key=f"_changes_{index}",
        on_click="ignore",
    )


def _change_table(changes: Sequence[Change]) -> Markup:
    headers = (_("Which row"), _("Column"), _("Before"), _("After"))
    return _html_table(headers, [_row(headers, change_texts(change, language())) for change in changes])


def _notes(texts: list[str]) -> None:
    if texts:
        st.html(tag("ul", *(tag("li", sentence) for sentence in texts[:SHOWN]), class_="notes"))
    if len(texts) > SHOWN:
        more = numbers.plural("{n} more remark", "{n} more remarks", len(texts) - SHOWN)
        rest = tag("ul", *(tag("li", sentence) for sentence in texts[SHOWN:]), class_="notes")
        st.html(tag("details", tag("summary", more), rest, class_="trust"))


def _table(faults: Sequence[Fault]) -> Markup:
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
    classes = {row: "number", explained: "long"}
    body = [_row([*columns], cells, classes) for cells in zip(*columns.values(), strict=True)]
    return _html_table(list(columns), body)


def _row(headers: Sequence[str], cells: Sequence[str], classes: Mapping[str, str] | None = None) -> Markup:
    """A row whose cells bring their headers, for a phone, where they stand on lines."""
    pairs = zip(headers, cells, strict=True)
    return tag("tr", *(tag("td", cell, class_=(classes or {}).get(head), data_label=head) for head, cell in pairs))


def _html_table(headers: Sequence[str], body: Sequence[Markup]) -> Markup:
    head = tag("tr", *(tag("th", header, scope="col") for header in headers))
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_="scroll faults", tabindex="0")
