"""What a file covers, asked with the draft's suggestion filled in."""

from datetime import date

import streamlit as st

from analytics.metrics.scope import add_months, month_range
from data import Coverage, FileDraft, Services
from ui import database
from ui.frame import page
from ui.text import labels, numbers
from ui.text.i18n import _, escape_markdown, language


def ask_cover(index: int, file: FileDraft, code: str, suggested: Coverage) -> Coverage:
    """Inputs for the channels, services and months that the file covers."""
    key, table = f"_cover_{index}_{code}_{file.checksum}", database.datasets()[code].title[language()]
    label = _("What {table} in {file} covers: {told}")
    with st.expander(label.format(table=table, file=escape_markdown(file.name), told=describe(suggested))):
        page.reading(
            _(
                "A channel and month that the file covers but has no row for is 0. All else is not reported, which is not 0."
            )
        )
        channels = st.multiselect(
            _("Channels"),
            [value.code for value in database.value_lists()["channel"]],
            list(suggested.channels),
            format_func=lambda channel: labels.label("channel", channel),
            key=f"{key}_channels",
        )
        services = _services(suggested, f"{key}_services")
        months = _span(suggested)
        first = _month(_("First month"), months, suggested.month_from, f"{key}_from")
        last = _month(_("Last month"), months, suggested.month_to, f"{key}_to")
    return Coverage(tuple(channels), services, min(first, last), max(first, last))


def _services(suggested: Coverage, key: str) -> Services:
    words: dict[Services, str] = {
        "own": _("Those in the file, each channel from its first month there to its last"),
        "file": _("Those in the file, all the months"),
        "all": _("All services in the register, all the months"),
    }
    codes = list(words)
    return st.radio(_("Services"), codes, codes.index(suggested.services), format_func=words.__getitem__, key=key)


def describe(cover: Coverage) -> str:
    """A coverage in a few words: "telefon och besök, jan 2026–okt 2026"."""
    channels = ", ".join(labels.label("channel", channel) for channel in cover.channels)
    return f"{channels}, {numbers.months(cover.month_from, cover.month_to)}"


def _span(cover: Coverage) -> list[date]:
    """From a year before what the file suggests until a year after it, or this month: the future cannot be covered."""
    last = max(cover.month_to, min(add_months(cover.month_to, 12), date.today().replace(day=1)))
    return month_range(add_months(cover.month_from, -12), last)


def _month(label: str, months: list[date], chosen: date, key: str) -> date:
    return st.selectbox(label, months, index=months.index(chosen), format_func=numbers.month, key=key)
