"""What a file covers, which its importer states: until then only its rows are known, and nothing becomes 0."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from analytics.metrics.scope import add_months, month_range
from data import Coverage, Draft, FileDraft, Services, clock, possible_zeros, suggested_coverage, zero_cells, zeros_text
from ui import database
from ui.frame import page
from ui.text import labels, numbers
from ui.text.i18n import _, escape_markdown, language


def ask_shared(files: Sequence[FileDraft], key: str) -> Services | None:
    """What it means in all the files that a row is missing, asked where several can cover months; None: chosen for each."""
    if sum(bool(suggested_coverage(file)) for file in files) < 2:
        return None
    meanings = _meanings()
    return st.selectbox(
        _("What has no row, in all files"),
        [None, *meanings],
        format_func=lambda services: meanings[services] if services else _("Is chosen for each file"),
        key=key,
    )


def ask_cover(index: int, file: FileDraft, code: str, suggested: Coverage, shared: Services | None) -> Coverage:
    """Inputs for what it means that a row is missing, and where it means 0 for which channels and months.

    None of them where the files `shared` one answer.
    """
    if shared:
        return replace(suggested, services=shared)
    key, table = f"_cover_{index}_{code}_{file.checksum}", database.datasets()[code].title[language()]
    label = _("What has no row in {table}, {file}").format(table=table, file=escape_markdown(file.name))
    services = _services(label, suggested, f"{key}_services")
    if services == "rows":
        return suggested
    channels = st.multiselect(
        _("Channels that the file covers"),
        [value.code for value in database.value_lists()["channel"]],
        list(suggested.channels),
        format_func=lambda channel: labels.label("channel", channel),
        key=f"{key}_channels",
    )
    months = _span(suggested)
    first = _month(_("First month"), months, suggested.month_from, f"{key}_from")
    last = _month(_("Last month"), months, suggested.month_to, f"{key}_to")
    return Coverage(tuple(channels), services, min(first, last), max(first, last))


def _services(label: str, suggested: Coverage, key: str) -> Services:
    words = _meanings()
    return st.radio(label, list(words), list(words).index(suggested.services), format_func=words.__getitem__, key=key)


def _meanings() -> dict[Services, str]:
    return {
        "rows": _("Is not reported: only what has a row is reported"),
        "own": _("Is 0 between the first month and the last that the file has of the service and channel"),
        "file": _("Is 0 for the services in the file, all the months below"),
        "all": _("Is 0 for all services in the register, all the months below"),
    }


def tell_refused(file: FileDraft) -> None:
    """What becomes unknown when only the rows that hold are taken."""
    refused = sum(table.rows - table.good for table in file.tables if table.is_placed)
    if refused:
        page.reading(
            numbers.plural(
                "{n} row is left out: its service, channel and month are then not reported, until a corrected file has it.",
                "{n} rows are left out: their services, channels and months are then not reported, until a corrected file"
                " has them.",
                refused,
            )
        )


def tell_zeros(draft: Draft, file: FileDraft, covers: dict[str, Coverage]) -> None:
    """What becomes 0 by what is stated to be covered; or the holes that stay not reported."""
    if zeros := zero_cells(draft, file, covers, clock.today()):
        text = numbers.plural(
            "{n} cell (service, channel and month) becomes 0: {what}.",
            "{n} cells (service, channel and month) become 0: {what}.",
            sum(each.count for each in zeros),
            what=zeros_text(zeros, language()),
        )
    elif holes := possible_zeros(draft, file, clock.today()):
        text = numbers.plural(
            "{n} cell (service, channel and month) has no row and is not reported: {what}.",
            "{n} cells (service, channel and month) have no row and are not reported: {what}.",
            sum(each.count for each in holes),
            what=zeros_text(holes, language()),
        )
    else:
        return
    page.reading(text)


def describe(cover: Coverage) -> str:
    """A coverage in a few words: "telefon och besök, jan 2026–okt 2026, det som saknar rad är 0"."""
    channels = ", ".join(labels.label("channel", channel) for channel in cover.channels)
    text = f"{channels}, {numbers.months(cover.month_from, cover.month_to)}"
    return (
        text
        if cover.services == "rows"
        else _("{channels_and_months}, what has no row is 0").format(channels_and_months=text)
    )


def _span(cover: Coverage) -> list[date]:
    """From a year before what the file suggests until a year after it, or this month: the future cannot be covered."""
    last = max(cover.month_to, min(add_months(cover.month_to, 12), clock.today().replace(day=1)))
    return month_range(add_months(cover.month_from, -12), last)


def _month(label: str, months: list[date], chosen: date, key: str) -> date:
    return st.selectbox(label, months, index=months.index(chosen), format_func=numbers.month, key=key)
