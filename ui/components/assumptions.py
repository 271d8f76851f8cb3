"""The assumptions behind minutes and kronor, as inputs that the address holds."""

from decimal import Decimal

import streamlit as st

from analytics.costs.break_even import Assumptions, default_assumptions
from analytics.metrics.scope import Scope
from ui import database
from ui.frame import choices
from ui.text import numbers
from ui.text.i18n import _

INPUTS = ("minutes_digital", "minutes_other", "hourly", "yearly")  # as the address names them


def ask_assumptions(scope: Scope) -> Assumptions:
    """The values of the four inputs, which the address holds; the defaults are the usual assumptions."""
    labels = (
        _("Minutes a digital case"),
        _("Minutes any other case"),
        _("SEK an hour"),
        _("The e-service, SEK a year"),
    )
    usual = database.answer(default_assumptions, scope)
    defaults = [int(each) for each in (usual.minutes_digital, usual.minutes_other, usual.hourly, usual.yearly)]
    highest, steps = (1_000, 1_000, 10_000, 10_000_000), (1, 1, 10, 500)
    values = []
    with st.container(key="assumptions"):
        columns = st.columns(4)
    for column, key, label, default, most, step in zip(columns, INPUTS, labels, defaults, highest, steps, strict=True):
        with column:
            value = choices.number(label, key, most, default, step)
            values.append(Decimal(default if value is None else value))
    return Assumptions(*values)


def assumption_words(assumptions: Assumptions) -> dict[str, str]:
    """The assumptions as formatted numbers, by the name that a sentence gives them."""
    return {
        "digital": numbers.count(assumptions.minutes_digital),
        "other": numbers.count(assumptions.minutes_other),
        "hourly": numbers.count(assumptions.hourly),
        "yearly": numbers.count(assumptions.yearly),
    }
