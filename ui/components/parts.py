"""The parts of a whole now and before, as a bar; and its months as a table."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st
from markupsafe import Markup

from analytics.metrics.scope import Scope, month_range
from ui.components import stack, tables
from ui.components.metric_views import ask
from ui.components.stack import Part
from ui.components.tables import Table, whole_numbers
from ui.frame import page
from ui.frame.theme import Role
from ui.text import numbers
from ui.text.i18n import _

Shade = tuple[object, str, Role]  # code, name and colour of a part
Sums = Mapping[object, float]  # what each code counts
Say = Callable[[Sequence[Part]], str]
ByMonth = Mapping[tuple[object, object], float]  # the same by month and code


def draw(shades: Sequence[Shade], now: Sums, before: Sums, scope: Scope, *, shares: bool = False) -> None:
    """The bar of now, each part with its count and perhaps its share of the whole; under it that of before, in words too."""
    parts, earlier = _parts(shades, now, shares), _parts(shades, before, shares)
    if not parts:
        page.reading(_("Nothing in the selection is reported yet."))
        return
    st.html(compared(parts, earlier, scope))


def compared(now: Sequence[Part], before: Sequence[Part], scope: Scope, say: Say | None = None) -> Markup:
    """The bar of now over that of before, both in words: as `describe` has them, or as the caller does."""
    say = say or describe
    said = _("A year earlier: {parts}") if scope.comparison == "last_year" else _("Comparison period: {parts}")
    return stack.draw(now, say(now), before, said.format(parts=say(before)))


def sums(metric: str, by: str, scope: Scope | None) -> dict[object, float]:
    """How many there are of each part, of those that hold any; none where there is no scope to compare with."""
    return {row.by[by]: float(row.value) for row in ask(metric, scope, by) if row.value} if scope else {}


def _parts(shades: Sequence[Shade], sums: Sums, shares: bool) -> list[Part]:
    found = [(name, sums.get(code, 0.0), role) for code, name, role in shades]
    whole = sum(value for _name, value, _role in found)
    return [
        Part(name, value, numbers.count(value), role, numbers.percent(value / whole) if shares else "")
        for name, value, role in found
        if value
    ]


def describe(parts: Sequence[Part]) -> str:
    """The parts in words: "52 e-tjänst, 7 i annat system"."""
    return ", ".join(f"{part.text} {part.name}" for part in parts)


def months(title: str, shades: Sequence[Shade], values: ByMonth, scope: Scope, metrics: tuple[str, ...]) -> Table:
    """A row a month and a column a part; a month of which nothing is known is blank."""
    every = month_range(scope.month_from, scope.month_to)
    known = {month for month, _code in values}
    columns: dict[str, object] = {_("Month"): tables.months(every)}
    for code, name, _role in shades:
        if any(values.get((month, code)) for month in every):
            counts = [values.get((month, code), 0.0) if month in known else None for month in every]
            columns[name] = whole_numbers(counts)
    return Table(title, pd.DataFrame(columns if values else {}), metrics)
