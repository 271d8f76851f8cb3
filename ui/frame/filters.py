"""The filter bar: address ⇄ widget → `Scope`. Drawn once, in `dashboard.py`."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast, get_args

import streamlit as st

from analytics.metrics.catalogue import metrics
from analytics.metrics.dimensions import Department, reorganised
from analytics.metrics.period import Period
from analytics.metrics.scope import Comparison, Organisation, Scope, month_range
from analytics.rules.model import rule_sets
from ui import database
from ui.frame import address, organisation
from ui.text import labels, numbers
from ui.text.html import join, tag
from ui.text.i18n import _

ALL = "all"
NONE = "*"  # of a choice that only a page has: no id is written so
AUDIENCES = (ALL, "external", "internal")
COMPARISONS = ("last_year", "previous")  # the first is the default
ORGANISATIONS = get_args(Organisation)  # the first is the default
NOW = "now"  # the rules in use; no rule set is called so
SPAN = 12  # months in the default period
REORDERED, CHOICE = "_period_mended", "_choice"


@dataclass(frozen=True)
class Choice:
    """The reader's choice, and what of the address could not be followed."""

    scope: Scope
    reordered: bool  # the period ended before it began
    unknown_departments: tuple[str, ...] = ()
    unknown_months: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Codes:
    """The values of the address parameters."""

    departments: tuple[str, ...]
    audience: str
    first: str
    last: str
    comparison: str
    rules: str
    organisation: str


def month_code(month: date) -> str:
    """A month as the address writes it: "2026-01"."""
    return f"{month:%Y-%m}"


def draw(visible: Collection[str]) -> None:
    """Bind the address, draw the `visible` filters in the sidebar, and store the choice for `current()`.

    A page without the filter of comparison compares with nothing.
    """
    months = {month_code(month): month for month in _months(database.period())}
    departments = {d.department_id: d for d in database.departments()}
    unknown_departments = tuple(code for code in st.query_params.get_all("department") if code not in departments)
    ends = [st.query_params.get(end) for end in ("from", "to")]
    unknown_months = tuple(end for end in ends if end and end not in months)
    codes = _bind_address(list(months), list(departments))
    reordered = bool(st.session_state.pop(REORDERED, False)) or codes.first > codes.last
    codes = replace(codes, first=min(codes.first, codes.last), last=max(codes.first, codes.last))
    starts = _comparison_starts(list(months), codes.first, codes.last)
    if codes.comparison not in (*COMPARISONS, *starts):
        codes = replace(codes, comparison=COMPARISONS[0])
    month_names = {code: numbers.month(month) for code, month in months.items()}
    with st.sidebar:
        _draw_widgets(visible, codes, month_names, starts, departments)
    scope = _scope(codes, months, compared="comparison" in visible)
    st.session_state[CHOICE] = Choice(scope, reordered, unknown_departments, unknown_months)


def _bind_address(months: Sequence[str], departments: Sequence[str]) -> _Codes:
    """Draw the hidden widgets that the address is bound to; returns their values."""
    start, end = (month_code(month) for month in database.period().default())
    earlier_rules = [one.rule_set for one in database.answer(rule_sets) if not one.latest]
    with st.container(key="address"):
        return _Codes(
            departments=address.draw_many("department", departments),
            audience=address.draw_one("audience", AUDIENCES, AUDIENCES[0]),
            first=address.draw_one("from", months, start),
            last=address.draw_one("to", months, end),
            comparison=address.draw_one("comparison", [*COMPARISONS, *months], COMPARISONS[0]),
            rules=address.draw_one("rules", [NOW, *earlier_rules], NOW),
            organisation=address.draw_one("organisation", ORGANISATIONS, ORGANISATIONS[0]),
        )


def _draw_widgets(
    visible: Collection[str],
    codes: _Codes,
    months: Mapping[str, str],
    starts: Sequence[str],
    departments: Mapping[str, Department],
) -> None:
    """Draw the widgets that the reader sees; `months` are names by code."""
    if "department" in visible:
        _multiselect(_("Department"), "department", codes.departments, _names(departments))
    if "organisation" in visible and database.answer(reorganised):
        selectbox(_("Organisation"), "organisation", codes.organisation, organisation.names())
    if "audience" in visible:
        selectbox(_("Audience"), "audience", codes.audience, audiences())
    if "from" in visible:
        selectbox(_("From"), "from", codes.first, months, _write_period)
    if "to" in visible:
        selectbox(_("To"), "to", codes.last, months, _write_period)
    if "comparison" in visible:
        options = comparisons({code: months[code] for code in starts})
        selectbox(_("Compared with"), "comparison", codes.comparison, options)


def _scope(codes: _Codes, months: Mapping[str, date], *, compared: bool) -> Scope:
    return Scope(
        month_from=months[codes.first],
        month_to=months[codes.last],
        departments=codes.departments,
        audience=None if codes.audience == ALL else codes.audience,
        comparison=months.get(codes.comparison, cast(Comparison, codes.comparison)) if compared else None,
        rules=None if codes.rules == NOW else codes.rules,
        organisation=cast(Organisation, codes.organisation) if database.answer(reorganised) else ORGANISATIONS[0],
    )


def current() -> Choice:
    """What the reader has chosen on this page."""
    return cast(Choice, st.session_state[CHOICE])


def current_of_today() -> Choice:
    """The same on a page that says what to do: it is for those who have the services today."""
    choice = current()
    return replace(choice, scope=organisation.of_today(choice.scope))


def choose(label: str, key: str, options: Mapping[str, str], all_label: str) -> str | None:
    """A choice that only this page has, kept in the address too: the code chosen, or None. `all_label` is the word for that."""
    named = {NONE: all_label, **options}
    requested = st.query_params.get(key)
    if requested and requested not in named:
        left_out = _("There is no {code} to choose here; it is left out.").format(code=requested)
        st.html(tag("p", left_out, class_="notice", role="status"))
    with st.container(key=f"address_{key}"):
        chosen = address.draw_one(key, list(named), NONE)
    selectbox(label, key, chosen, named)
    return None if chosen == NONE else chosen


def notices(choice: Choice, *codes: str) -> list[str]:
    """What a page must say of the choice: a period turned round, a filter that not all of its metrics can take."""
    sentences = [_("The period ended before it began, and has been put right.")] if choice.reordered else []
    if choice.unknown_departments:
        template = _("There is no department {code}; it is left out.")
        sentences += [template.format(code=code) for code in choice.unknown_departments]
    outside = _("Nothing is known of {month}; another month is shown.")
    sentences += [outside.format(month=code) for code in choice.unknown_months]
    if choice.scope.rules:
        template = _("The costs are told with the rules from {moment}.")
        link = tag("a", _("Use the rules of today"), href=address.link_here(rules=None), target="_self")
        sentences.append(join((template.format(moment=labels.rule_set(choice.scope.rules)), link), " "))
    sentences += organisation.notices(choice.scope)
    named = {"department": _("Department"), "audience": _("Audience"), "service": _("Service")}
    cannot = {name for code in codes for name in choice.scope.cannot_apply(metrics()[code].fact.filters)}
    return sentences + [
        _("The filter {name} does not apply to these numbers.").format(name=named[name]) for name in sorted(cannot)
    ]


def _comparison_starts(months: Sequence[str], first: str, last: str) -> Sequence[str]:
    """The months, as codes, that a period of as many months may begin with: another than the one chosen, known to its end."""
    span = months.index(last) - months.index(first)
    return [code for code in months[: len(months) - span] if code != first]


def _months(period: Period) -> list[date]:
    return month_range(period.first, period.last)


def audiences() -> Mapping[str, str]:
    """The name of each audience by its code."""
    return {ALL: _("All"), "external": _("External"), "internal": _("Internal")}


def comparisons(months: Mapping[str, str]) -> Mapping[str, str]:
    """The words of each comparison; `months` are the words of those that a period may begin with, the latest offered first."""
    begins = _("The period from {month}")
    starts = {code: begins.format(month=month) for code, month in reversed(list(months.items()))}
    return {"last_year": _("Same period last year"), "previous": _("Previous period"), **starts}


def _names(departments: Mapping[str, Department]) -> Mapping[str, str]:
    """Indented names; two of the same name are told apart by their code."""
    times = Counter(d.name for d in departments.values())
    return {
        key: "\u2003" * (d.depth - 1) + (f"{d.name} ({key})" if times[d.name] > 1 else d.name)
        for key, d in departments.items()
    }


def sync_widget(key: str, value: object) -> str:
    """Let the visible widget of a choice show what the address holds; returns its key."""
    widget = f"_{key}"
    if st.session_state.get(widget) != value:
        st.session_state[widget] = value
    return widget


def write_address(key: str) -> None:
    """Put into the address what the reader chose in its visible widget."""
    st.session_state[key] = st.session_state[f"_{key}"]


def _write_period(key: str) -> None:
    """Take the changed end of the period; where the ends have crossed, move the other to a year's distance."""
    months = [month_code(month) for month in _months(database.period())]
    first, last = (months.index(st.session_state[f"_{end}"]) for end in ("from", "to"))
    if first > last:
        st.session_state[REORDERED] = True
        first, last = (first, first + SPAN - 1) if key == "from" else (last - SPAN + 1, last)
    st.session_state["from"] = months[max(first, 0)]
    st.session_state["to"] = months[min(last, len(months) - 1)]


def selectbox(
    label: str, key: str, value: str, options: Mapping[str, str], changed: Callable[[str], None] = write_address
) -> None:
    """A select box of the options, names by code, that shows the choice which the address holds and puts a new one there."""
    widget = sync_widget(key, value)
    st.selectbox(label, list(options), format_func=options.__getitem__, key=widget, on_change=changed, args=(key,))


def _multiselect(label: str, key: str, value: Sequence[str], options: Mapping[str, str]) -> None:
    widget = sync_widget(key, list(value))
    every, name = _("All departments"), options.__getitem__
    st.multiselect(label, list(options), None, name, widget, on_change=write_address, args=(key,), placeholder=every)
