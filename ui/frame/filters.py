"""The filter bar: address ⇄ widget → `Scope`. Drawn once, in `dashboard.py`."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import streamlit as st

from analytics.metrics.catalogue import metrics
from analytics.metrics.dimensions import Department
from analytics.metrics.period import Period
from analytics.metrics.scope import Comparison, Scope, month_range
from analytics.rules.model import rule_sets
from ui import database
from ui.frame import address
from ui.text import labels, numbers
from ui.text.html import join, tag
from ui.text.i18n import _

ALL = "all"
NONE = "*"  # of a choice that only a page has: no id is written so
AUDIENCES = (ALL, "external", "internal")
COMPARISONS = ("last_year", "previous")  # the first is the default
NOW = "now"  # the rules in use; no rule set is called so
SPAN = 12  # months in the default period
MENDED, CHOICE = "_period_mended", "_choice"


@dataclass(frozen=True)
class Choice:
    """What the reader chose, and whether the period had to be turned round."""

    scope: Scope
    mended: bool
    unknown: tuple[str, ...] = ()  # departments that the address names and nobody knows
    beyond: tuple[str, ...] = ()  # months that the address names and nothing is known of


def code(month: date) -> str:
    """A month as the address writes it: "2026-01"."""
    return f"{month:%Y-%m}"


def draw(shown: Collection[str]) -> None:
    """Bind the address, and draw those of the filters that are `shown` in the sidebar. `current()` then tells the choice.

    A page without the choice of comparison compares with nothing.
    """
    months = {code(month): month for month in _months(database.period())}
    start, end = (code(month) for month in database.period().default())
    departments = {d.department_id: d for d in database.departments()}
    unknown = tuple(code for code in st.query_params.get_all("department") if code not in departments)
    ends = [st.query_params.get(end) for end in ("from", "to")]
    beyond = tuple(end for end in ends if end and end not in months)
    before = [one.rule_set for one in database.answer(rule_sets) if not one.latest]
    with st.container(key="address"):
        chosen = address.draw_many("department", list(departments))
        audience = address.draw_one("audience", AUDIENCES, AUDIENCES[0])
        first = address.draw_one("from", list(months), start)
        last = address.draw_one("to", list(months), end)
        comparison = address.draw_one("comparison", [*COMPARISONS, *months], COMPARISONS[0])
        rules = address.draw_one("rules", [NOW, *before], NOW)
    mended = bool(st.session_state.pop(MENDED, False)) or first > last
    first, last = min(first, last), max(first, last)
    spelt = {c: numbers.month(m) for c, m in months.items()}
    begins = _begins(list(months), first, last)
    comparison = comparison if comparison in (*COMPARISONS, *begins) else COMPARISONS[0]
    bar: dict[str, Callable[[], None]] = {
        "department": lambda: _many(_("Department"), "department", chosen, _names(departments)),
        "audience": lambda: _one(_("Audience"), "audience", audience, audiences()),
        "from": lambda: _one(_("From"), "from", first, spelt, _mend),
        "to": lambda: _one(_("To"), "to", last, spelt, _mend),
        "comparison": lambda: _one(
            _("Compared with"), "comparison", comparison, comparisons({c: spelt[c] for c in begins})
        ),
    }
    for name in (name for name in bar if name in shown):
        with st.sidebar:
            bar[name]()
    scope = Scope(
        month_from=months[first],
        month_to=months[last],
        departments=chosen,
        audience=None if audience == AUDIENCES[0] else audience,
        comparison=months.get(comparison, cast(Comparison, comparison)) if "comparison" in shown else None,
        rules=None if rules == NOW else rules,
    )
    st.session_state[CHOICE] = Choice(scope, mended, unknown, beyond)


def current() -> Choice:
    """What the reader has chosen on this page."""
    return cast(Choice, st.session_state[CHOICE])


def choose(label: str, key: str, options: Mapping[str, str], everything: str) -> str | None:
    """A choice that only this page has, kept in the address too: the code chosen, or None. `everything` is the word for that."""
    named = {NONE: everything, **options}
    asked = st.query_params.get(key)
    if asked and asked not in named:
        left_out = _("There is no {code} to choose here; it is left out.").format(code=asked)
        st.html(tag("p", left_out, class_="notice", role="status"))
    with st.container(key=f"address_{key}"):
        chosen = address.draw_one(key, list(named), NONE)
    _one(label, key, chosen, named)
    return None if chosen == NONE else chosen


def notices(choice: Choice, *codes: str) -> list[str]:
    """What a page must say of the choice: a period turned round, a filter that not all of its metrics can take."""
    said = [_("The period ended before it began, and has been put right.")] if choice.mended else []
    if choice.unknown:
        told = _("There is no department {code}; it is left out.")
        said += [told.format(code=code) for code in choice.unknown]
    outside = _("Nothing is known of {month}; another month is shown.")
    said += [outside.format(month=code) for code in choice.beyond]
    if choice.scope.rules:
        told = _("The costs are told with the rules from {moment}.").format(moment=labels.rule_set(choice.scope.rules))
        link = tag("a", _("Use the rules of today"), href=address.here(rules=None), target="_self")
        said.append(join((told, link), " "))
    named = {"department": _("Department"), "audience": _("Audience"), "service": _("Service")}
    cannot = {name for code in codes for name in choice.scope.cannot_apply(metrics()[code].fact.filters)}
    return said + [
        _("The filter {name} does not apply to these numbers.").format(name=named[name]) for name in sorted(cannot)
    ]


def _begins(months: Sequence[str], first: str, last: str) -> Sequence[str]:
    """The months, as codes, that a period of as many months may begin with: another than the one chosen, known to its end."""
    span = months.index(last) - months.index(first)
    return [code for code in months[: len(months) - span] if code != first]


def _months(period: Period) -> list[date]:
    return month_range(period.first, period.last)


def audiences() -> Mapping[str, str]:
    return {ALL: _("All"), "external": _("External"), "internal": _("Internal")}


def comparisons(months: Mapping[str, str]) -> Mapping[str, str]:
    """The words of each comparison; `months` are the words of those that a period may begin with, the latest offered first."""
    begins = _("The period from {month}")
    said = {code: begins.format(month=month) for code, month in reversed(list(months.items()))}
    return {"last_year": _("Same period last year"), "previous": _("Previous period"), **said}


def _names(departments: Mapping[str, Department]) -> Mapping[str, str]:
    """Indented names; two of the same name are told apart by their code."""
    times = Counter(d.name for d in departments.values())
    return {
        key: "\u2003" * (d.depth - 1) + (f"{d.name} ({key})" if times[d.name] > 1 else d.name)
        for key, d in departments.items()
    }


def follow(key: str, value: object) -> str:
    """Let the visible widget of a choice show what the address holds; returns its key."""
    seen = f"_{key}"
    if st.session_state.get(seen) != value:
        st.session_state[seen] = value
    return seen


def write(key: str) -> None:
    """Put into the address what the reader chose in its visible widget."""
    st.session_state[key] = st.session_state[f"_{key}"]


def _mend(key: str) -> None:
    """Take the changed end of the period; where the ends have crossed, move the other to a year's distance."""
    months = [code(month) for month in _months(database.period())]
    first, last = (months.index(st.session_state[f"_{end}"]) for end in ("from", "to"))
    if first > last:
        st.session_state[MENDED] = True
        first, last = (first, first + SPAN - 1) if key == "from" else (last - SPAN + 1, last)
    st.session_state["from"] = months[max(first, 0)]
    st.session_state["to"] = months[min(last, len(months) - 1)]


def _one(label: str, key: str, value: str, options: Mapping[str, str], changed: Callable[[str], None] = write) -> None:
    seen = follow(key, value)
    st.selectbox(label, list(options), format_func=options.__getitem__, key=seen, on_change=changed, args=(key,))


def _many(label: str, key: str, value: Sequence[str], options: Mapping[str, str]) -> None:
    seen = follow(key, list(value))
    everything = _("All departments")
    show = options.__getitem__
    st.multiselect(
        label, list(options), format_func=show, key=seen, on_change=write, args=(key,), placeholder=everything
    )
