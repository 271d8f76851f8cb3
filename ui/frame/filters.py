"""The filters: address → `Scope`, and what must be said of it. `filter_row` draws them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast, get_args

import streamlit as st

from analytics.metrics.catalogue import metrics
from analytics.metrics.dimensions import reorganised
from analytics.metrics.period import Period
from analytics.metrics.scope import Comparison, Organisation, Scope, month_range, months_between
from analytics.registers.services import CODINGS, coded_services
from analytics.rules.model import rule_sets
from ui import database
from ui.frame import address, organisation
from ui.text import labels
from ui.text.html import join, tag
from ui.text.i18n import LANGUAGES, _

ALL = "all"
AUDIENCES = (ALL, "external", "internal")
COMPARISONS = ("last_year", "previous")  # the first that does not overlap the period is the default
YEAR = 12  # months
ORGANISATIONS = get_args(Organisation)  # the first is the default
NOW = "now"  # the rules in use; no rule set is called so
CHOICE = "_choice"
NO_SERVICE = ""  # stands for the services where none has all the codes chosen; no id is written so
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")  # as `month_code` writes it


@dataclass(frozen=True)
class Choice:
    """The reader's choice, and what of the address could not be followed."""

    scope: Scope
    reordered: bool  # the period ended before it began
    unknown_departments: tuple[str, ...] = ()
    unknown_months: tuple[str, ...] = ()
    unknown_codes: tuple[str, ...] = ()


def month_code(month: date) -> str:
    """A month as the address writes it: "2026-01"."""
    return f"{month:%Y-%m}"


def month_codes() -> dict[str, date]:
    """The months of the data by their codes."""
    return {month_code(month): month for month in _months(database.period())}


def read(applying: Collection[str]) -> Choice:
    """What the address chooses, which is kept for `current()` and for every link. Where no comparison applies there is none."""
    asked = tuple(tuple(st.query_params.get_all(key)) for key in address.PARAMETERS)
    key = (__name__, asked, tuple(applying), database.version(), database.known_on())
    held, choice = database.cached(key, lambda: _understood(applying))
    address.hold(held)
    st.session_state[CHOICE] = choice
    return choice


def _understood(applying: Collection[str]) -> tuple[dict[str, str | Sequence[str]], Choice]:
    """The parameters that every link keeps, and the choice."""
    months, departments = month_codes(), {d.department_id for d in database.departments()}
    end = address.read_one("to", months, month_code(database.period().latest))
    start = address.read_one("from", months, month_code(database.period().default(months[end])[0]))
    first, last = sorted((start, end))
    options = _options(months, first, last)
    held = _held(options, first, last)
    return held, Choice(
        scope=_scope(held, months, first, last, compared="comparison" in applying),
        reordered=start > end,
        unknown_codes=tuple(
            code for key, known in options.items() if (code := st.query_params.get(key)) and code not in known
        ),
        unknown_departments=tuple(code for code in st.query_params.get_all("department") if code not in departments),
        unknown_months=tuple(
            code for end in ("from", "to") if (code := st.query_params.get(end)) and code not in months
        ),
    )


def _options(months: Mapping[str, date], first: str, last: str) -> Mapping[str, Sequence[str]]:
    """The codes of each parameter that has one of some, the default first."""
    rules = sorted(database.answer(rule_sets), key=lambda one: not one.latest)
    return {
        "audience": AUDIENCES,
        **{coding: ("", *codes) for coding, codes in database.answer(coded_services).items()},
        "comparison": (
            *usual_comparisons(months[first], months[last]),
            *comparison_starts(list(months), first, last),
        ),
        "rules": [one.rule_set for one in rules],
        "organisation": ORGANISATIONS,
        "lang": LANGUAGES,
    }


def _held(options: Mapping[str, Sequence[str]], first: str, last: str) -> dict[str, str | Sequence[str]]:
    """The parameters of the address that are understood, by their codes, without defaults; always both months of the period."""
    held: dict[str, str | Sequence[str]] = {key: address.read_one(key, known[1:], "") for key, known in options.items()}
    held[database.PRACTICE] = database.practice_name()
    held["department"] = address.read_many("department", [d.department_id for d in database.departments()])
    day = database.known_on()
    return held | {"from": first, "to": last, "as_of": day.isoformat() if day else ""}


def _scope(
    held: Mapping[str, str | Sequence[str]], months: Mapping[str, date], first: str, last: str, *, compared: bool
) -> Scope:
    comparison = str(held["comparison"] or usual_comparisons(months[first], months[last])[0])
    return Scope(
        month_from=months[first],
        month_to=months[last],
        departments=tuple(held["department"]),
        audience=str(held["audience"]) or None,
        services=_services({coding: code for coding in CODINGS if (code := str(held[coding]))}),
        comparison=months.get(comparison, cast(Comparison, comparison)) if compared else None,
        rules=str(held["rules"]) or None,
        organisation=cast(Organisation, held["organisation"] or ORGANISATIONS[0])
        if database.answer(reorganised)
        else ORGANISATIONS[0],
    )


def _services(chosen: Mapping[str, str]) -> tuple[str, ...]:
    """The services that have every chosen code; () where none is chosen."""
    having = [set(database.answer(coded_services)[coding][code]) for coding, code in chosen.items()]
    return tuple(sorted(set.intersection(*having)) or [NO_SERVICE]) if having else ()


def codings() -> Mapping[str, str]:
    """What each coding that services can be chosen by is called, by its column."""
    return {"sdg_code": _("SDG code"), "process_code": _("KLASSA code"), "life_event": _("Life event")}


def chosen_codes(scope: Scope) -> list[str]:
    """The codes that the services of a scope are chosen by, each with what it is; none for services that are chosen otherwise."""
    choice = cast(Choice | None, st.session_state.get(CHOICE))
    if not scope.services or choice is None or scope.services != choice.scope.services:
        return []
    known = database.answer(coded_services)
    return [f"{name} {code}" for key, name in codings().items() if (code := address.read_one(key, known[key], ""))]


def current() -> Choice:
    """What the reader has chosen on this page."""
    return cast(Choice, st.session_state[CHOICE])


def current_of_today() -> Choice:
    """The same on a page that says what to do: it is for those who have the services today."""
    choice = current()
    return replace(choice, scope=organisation.of_today(choice.scope))


def corrections(choice: Choice) -> list[str]:
    """What of the address could not be followed: a period turned round, what is not there to choose."""
    sentences = [_("The period ended before it began, so the months have changed places.")] if choice.reordered else []
    if choice.unknown_departments:
        template = _("There is no department “{code}”, so it is not used.")
        sentences += [template.format(code=code) for code in choice.unknown_departments]
    outside, nonsense = (
        _("Nothing is reported for {month}. Another month is shown."),
        _("“{month}” is not a month, so another is shown."),
    )
    sentences += [(outside if MONTH.fullmatch(code) else nonsense).format(month=code) for code in choice.unknown_months]
    unknown = _("“{code}” cannot be chosen here and is not used.")
    return sentences + [unknown.format(code=code) for code in choice.unknown_codes]


def notices(choice: Choice, *codes: str) -> list[str]:
    """What a page must say of the choice: what could not be followed, a filter that not all of its metrics can take."""
    sentences = corrections(choice)
    if choice.scope.rules:
        template = _("The costs are shown with the rules from {moment}.")
        link = tag("a", _("Use the rules of today"), href=address.link_here(rules=None), target="_self")
        sentences.append(join((template.format(moment=labels.rule_set(choice.scope.rules)), link), " "))
    sentences += organisation.notices(choice.scope)
    named = {"department": _("Department"), "audience": _("Audience"), "service": _("Services")}
    cannot = {name for code in codes for name in choice.scope.cannot_apply(metrics()[code].fact.filters)}
    return sentences + [
        _("The filter {name} does not change these numbers.").format(name=named[name]) for name in sorted(cannot)
    ]


def usual_comparisons(first: date, last: date) -> Sequence[str]:
    """The comparisons that need no month; of a period longer than a year, the same a year earlier would overlap it."""
    return COMPARISONS if months_between(first, last) < YEAR else COMPARISONS[1:]


def comparison_starts(months: Sequence[str], first: str, last: str) -> Sequence[str]:
    """The months, as codes, that a period of as many months may begin with: beside the one chosen, known to its end."""
    start, span = months.index(first), months.index(last) - months.index(first)
    return [code for at, code in enumerate(months[: len(months) - span]) if abs(at - start) > span]


def _months(period: Period) -> list[date]:
    return month_range(period.first, period.last)


def audiences() -> Mapping[str, str]:
    """The name of each audience by its code."""
    return {ALL: _("All"), "external": _("External"), "internal": _("Internal")}
