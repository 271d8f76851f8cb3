"""What happened: numbered marks on a picture over time, and under it what each was, and what came after."""

from collections.abc import Callable, Sequence
from itertools import groupby

import streamlit as st
from markupsafe import Markup

from analytics.insights.events import BeforeAfter, Event, before_and_after, events
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope, months_between
from ui import database
from ui.charts.event_marks import Mark, min_months_apart
from ui.components import data_basis
from ui.frame import address, sitemap
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, ngettext, words

MOST = 5  # events marked in a picture


def _found(scope: Scope, register: bool) -> list[Event]:
    """What happened; a picture of the register alone is not moved by what is reported."""
    return [event for event in database.answer(events, scope) if not (register and event.kind == "reporting")]


def marked_events(scope: Scope, register: bool = False) -> list[tuple[int, Event]]:
    """The events that are marked, in order of day, each with its number: those of one month share it.

    Own events come first, then changes of what is reported, then the launches with the most cases; a month too near
    another on a phone has to stand back.
    """
    picked: list[Event] = []
    for event in sorted(_found(scope, register), key=lambda e: e.weight):
        gaps = [abs(months_between(one.day, event.day)) for one in picked]
        if len(picked) < MOST and all(gap == 0 or gap >= min_months_apart(scope.months) for gap in gaps):
            picked.append(event)
    months = sorted({event.day.replace(day=1) for event in picked})
    return sorted(
        ((months.index(e.day.replace(day=1)) + 1, e) for e in picked),
        key=lambda pair: (pair[0], pair[1].day, pair[1].weight),
    )


def marks(scope: Scope, register: bool = False) -> list[Mark]:
    """The numbers on the time axis."""
    months = {number: event.day.replace(day=1) for number, event in marked_events(scope, register)}
    return [Mark(month, number) for number, month in months.items()]


def listed(scope: Scope, metric: str = "", register: bool = False) -> None:
    """The marked events in words, each with `metric` in the months after it; the others of the period behind a click."""
    events = marked_events(scope, register)
    if not events:
        return
    rest = [event for event in _found(scope, register) if event not in [one for _number, one in events]]
    rows = [
        _row([event for _n, event in group], _number(number), lambda event: metric_after(metric, scope, event))
        for number, group in groupby(events, key=lambda pair: pair[0])
    ]
    st.html(tag("ul", *rows, class_="events marked"))
    if metric:
        data_basis.definitions_of("before_after")
    if rest:
        more = ngettext("{n} more event in the period", "{n} more events in the period", len(rest))
        summary = tag("summary", more.format(n=numbers.count(len(rest))))
        st.html(tag("details", summary, tag("ul", *(_row([event]) for event in rest), class_="events"), class_="trust"))


def _number(number: int) -> Markup:
    """An event's number in its dot; heard and copied it stands apart from the day: "1: 1 mars 2026"."""
    return tag("b", number, tag("span", ":", class_="heard"), class_="event")


def _row(
    group: Sequence[Event], number: Markup | str = "", after: Callable[[Event], str] = lambda _event: ""
) -> Markup:
    """The events of a month, which share its number."""
    return tag(
        "li",
        *((number, " ") if number else ()),
        tag("span", *(_line(event, after(event)) for event in group), class_="month"),
    )


def _line(event: Event, after: str) -> Markup:
    day = tag("time", numbers.day(event.day), datetime=event.day.isoformat())
    text: Markup | str = describe(event)
    if len(event.services) == 1:
        text = tag("a", text, href=address.link(sitemap.SERVICE, service=event.services[0]), target="_self")
    parted = (tag("span", after, class_="quiet"),) if after else ()
    return tag("span", day, " ", text, *parted, " ")


def describe(event: Event) -> str:
    """What happened, in words."""
    if event.kind == "own":
        return event.title
    if event.kind == "reporting":
        before, after = numbers.percents(event.coverage_before, event.coverage_after)
        more = _("More is reported: {after} of the services, against {before} the month before")
        less = _("Less is reported: {after} of the services, against {before} the month before")
        return (more if event.coverage_after > event.coverage_before else less).format(before=before, after=after)
    text = {
        "launched": _("The e-service “{name}” was launched"),
        "closed": _("The e-service “{name}” was closed"),
        "exempt": _("An exemption was decided for {name}"),
        "not_applicable": _("Decision: {name} needs no e-service"),
    }[event.kind]
    return text.format(name=event.title or _whose(event))


def _whose(event: Event) -> str:
    return labels.e_service(event.e_service) if event.e_service else ", ".join(map(labels.service, event.services))


def metric_after(metric: str, scope: Scope, event: Event) -> str:
    """The metric where it happened in the months after, beside the same months a year before; blank where they cannot be told."""
    if not metric:
        return ""
    result: BeforeAfter | None = database.answer(before_and_after, metric, scope, event)
    if result is None:
        return ""
    narrower = (result.scope.departments, result.scope.services) != (scope.departments, scope.services)
    text = _compared(metric, result)
    return _("For those concerned: {said}").format(said=text) if narrower else text


def _compared(metric: str, result: BeforeAfter) -> str:
    """The metric in the months after, beside the same months a year before."""
    now, then = numbers.percents(result.now.value, result.then.value)
    values = {
        "months": numbers.months(result.scope.month_from, result.scope.month_to),
        "title": words(metrics()[metric].title),
        "now": now,
        "then": then,
    }
    if result.now.value == result.then.value:
        return _("{title} in {months}: {now}, the same as in those months a year earlier.").format(**values)
    sentence = _("{title} in {months}: {now}. In the same months a year earlier: {then}.").format(**values)
    if result.change is None and result.is_new:
        return sentence + " " + _("There was no e-service then.")
    if result.change is None:
        return sentence + " " + _("The difference may be due to chance.")
    if result.change.is_reporting:
        return sentence + " " + _("The reporting changed too, so the periods cannot be compared.")
    return sentence
