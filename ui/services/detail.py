"""One service on one page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from analytics.insights.events import service_events
from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.scope import Scope
from analytics.quality.missing_reports import reporting_gaps
from analytics.registers import service_history
from analytics.registers.services import Service, services
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components import figures, goal_rows, metric_views
from ui.components.cells import STEP_SQUARES
from ui.components.channels import cases_by_channel
from ui.components.figures import Figure
from ui.components.metric_views import ask, one
from ui.decomposition import goals
from ui.frame import address, choices, filters, organisation, page
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import correction_link
from ui.services import matrix
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, capitalized, words


def register() -> Mapping[str, Service]:
    """Every service by id."""
    return database.answer(services)


def choose() -> Service | None:
    """The service in the address, and the select box to change it."""
    named = {key: f"{found.name} ({key})" for key, found in register().items()}
    with st.columns(2)[0]:
        chosen = choices.choose(_("Service"), "service", named, _("Choose a service"))
    return register()[chosen] if chosen else None


def scope_of(service: Service, scope: Scope) -> Scope:
    """The chosen period and comparison, for this service alone, wherever it has been."""
    own = replace(scope, departments=(service.department_id,), audience=None, services=(service.service_id,))
    return organisation.of_today(own)


@cached_block
def facts(service_id: str) -> None:
    """What the register says of the service."""
    service = register()[service_id]
    href = address.link("tjanster", department=[service.department_id])
    department = tag("a", labels.department(service.department_id), href=href, target="_self")
    pairs = (
        (_("Department"), department),
        (_("Audience"), labels.label("audience", service.audience)),
        (_("Area"), service.area),
        *((name, getattr(service, coding)) for coding, name in filters.codings().items()),
        (_("Published from"), service.published_from and numbers.day(service.published_from)),
        (_("Published to"), service.published_to and numbers.day(service.published_to)),
        (_("Page"), _page(service.url)),
        (_("Another way in"), service.other_way),
        (_("Service id"), service.service_id),
        (
            _("Wrong?"),
            tag("a", _("Correct it in the register"), href=correction_link("service", service_id), target="_self"),
        ),
    )
    st.html(
        tag("dl", *(tag("div", tag("dt", term), tag("dd", text)) for term, text in pairs if text), class_="facts-line")
    )


def _page(url: str | None) -> Markup | str | None:
    """The published page as a link; an address that is no web page stays text."""
    if url and urlsplit(url).scheme in ("http", "https"):
        return tag("a", urlsplit(url).netloc, href=url, rel="noopener", target="_blank")
    return url


@cached_block
def three_goals(scope: Scope, service_id: str) -> None:
    """The three goals for this service: what it offers, its digital cases, its digital steps."""
    metric = metrics()[GOALS[1]]
    row = one(GOALS[1], scope)
    found = next(iter(matrix.statuses(scope)), None)
    offers = labels.label("service_class", found.class_) if found else _("not published")
    listed = database.answer(service_history.e_services_of, service_id)
    starts = [e.live_from for e in listed if e.kind != "form" and e.live_from and not e.live_to]
    since = _("since {day}").format(day=numbers.day(starts[0])) if starts else ""
    title = _("Goal {n}: {title}").format(n=metric.goal, title=words(metric.title))
    basis = replace(metric_views.data_basis(metric, row, scope), numerator=None, denominator=None, coverage=None)
    first = Figure(title, capitalized(offers), since, data_basis=basis)  # a share of one service says nothing more
    figures.draw([first])
    goal_rows.draw([goals.goal(GOALS[2], scope), goals.goal("digital_steps", scope)])


@cached_block
def channels(scope: Scope) -> None:
    """How the cases came in, and which months are not known."""
    if any(row.value is not None for row in ask("cases", scope, "month")):
        cases_by_channel(scope)
    else:
        page.reading(_("No cases are reported for this service in the period."))
    if weeks := metric_views.from_weeks("cases", scope, "month"):
        months = numbers.month_list(tuple(sorted(month for month in weeks if isinstance(month, date))))
        page.reading(_("Scaled up from counting weeks: {months}.").format(months=months))
    for gap in database.answer(reporting_gaps, scope):
        page.reading(_("Not fully reported: {months}.").format(months=numbers.month_list(gap.months)))


def steps_finding(scope: Scope, service_id: str) -> str:
    """How many steps are digital, and which one is not where that is one, as a heading."""
    found = database.answer(service_history.steps, service_id, scope.month_to)
    states = {step.step: step.state for step in found if step.state in STEP_SQUARES}
    digital = sum(state == "digital" for state in states.values())
    lacking = [labels.label("step", step) for step, state in states.items() if state == "not_digital"]
    if not states or "not_reported" in states.values():
        return _("Case handling, step by step")
    if not lacking:
        return _("Every step is digital")
    part = numbers.out_of(digital, len(states))
    if len(lacking) == 1:
        return _("{part} steps are digital, all but {step}").format(part=part, step=lacking[0])
    return _("{part} steps are digital").format(part=part)


@cached_block
def steps(scope: Scope, service_id: str) -> None:
    """The handling steps in order, each with its state, since when, and what enables it."""
    found = database.answer(service_history.steps, service_id, scope.month_to)
    if not found:
        page.reading(_("The service was not published at the end of the period."))
        return
    listed = [
        tag(
            "li",
            tag("i", class_=f"square {STEP_SQUARES.get(step.state, 'grey-2')}"),
            tag("strong", capitalized(labels.label("step", step.step))),
            tag("span", labels.label("step_state", step.state)),
            tag("span", labels.label("enabler", step.enabler), class_="quiet") if step.enabler else "",
            tag("span", _("since {day}").format(day=numbers.day(step.since)), class_="quiet") if step.since else "",
        )
        for step in found
    ]
    st.html(tag("ol", *listed, class_="steps"))


def lead_time_finding(scope: Scope) -> str:
    """How long digital cases take, as a heading."""
    rows = [row for row in ask("lead_time_median", scope, "digital") if row.by["digital"]]
    if not rows or rows[0].value is None or (rows[0].denominator or 0) < MIN_DENOMINATOR:
        return _("Lead time")
    return _("Half of the digital cases are closed within {days}").format(days=numbers.days(rows[0].value))


@cached_block
def lead_time(scope: Scope) -> None:
    """Lead time of digital cases beside others."""
    medians = {row.by["digital"]: row for row in ask("lead_time_median", scope, "digital") if row.denominator}
    slow = {row.by["digital"]: row for row in ask("lead_time_p90", scope, "digital")}
    if not medians:
        page.reading(_("The lead time is not known. There are no single cases that were closed in the period."))
        return
    titles = {True: _("Sent in through the e-service"), False: _("Sent in some other way")}
    shown = []
    for digital in (True, False):
        if row := medians.get(digital):
            few = int(row.denominator or 0) < MIN_DENOMINATOR
            days = numbers.MISSING if few else numbers.days(row.value)
            detail = _("nine in ten within {days}").format(days=numbers.days(slow[digital].value))
            detail = _("Fewer than 20 closed cases are too few to show the lead time.") if few else detail
            basis = metric_views.data_basis(metrics()["lead_time_median"], row, scope)
            shown.append(Figure(titles[digital], days, detail, data_basis=basis))
    figures.draw(shown)


@cached_block
def events(service_id: str) -> None:
    """What has happened, the latest first."""
    told = list(database.answer(service_events, service_id))
    own = database.answer(service_history.e_services_of, service_id)
    known = {day for day, _title in told}  # an event of that day tells it already
    launched, closed = _("The e-service “{name}” was launched"), _("The e-service “{name}” was closed")
    told += [(e.live_from, launched.format(name=e.name)) for e in own if e.live_from and e.live_from not in known]
    told += [(e.live_to, closed.format(name=e.name)) for e in own if e.live_to and e.live_to not in known]
    if not told:
        page.reading(_("Nothing is noted."))
        return
    rows = sorted(told, key=lambda pair: pair[0], reverse=True)
    listed = (
        tag("li", tag("time", numbers.day(day), datetime=day.isoformat()), " ", tag("span", title))
        for day, title in rows
    )
    st.html(tag("ul", *listed, class_="events"))
