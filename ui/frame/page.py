"""A page's frame: the finding as its headline, what is chosen, notices, and what stands where nothing can be shown."""

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from analytics.metrics.dimensions import service_names
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.registers.services import CODINGS, departments_of
from ui import database
from ui.frame import address, filters, practice
from ui.frame.cached_blocks import draw_for_address
from ui.text import labels, numbers
from ui.text.html import join, tag
from ui.text.i18n import _, language, ngettext

NAMED = 3  # departments named before they are counted


def describe_scope(scope: Scope) -> str:
    """What is chosen, in one line: departments, audience, period, comparison."""
    parts = [describe_departments(scope), filters.audiences()[scope.audience] if scope.audience else ""]
    parts += filters.chosen_codes(scope)
    parts.append(numbers.months(scope.month_from, scope.month_to))
    if compared := scope.compared():
        span = numbers.months(compared.month_from, compared.month_to)
        parts.append(_("compared with {period}").format(period=span))
    if scope.organisation == "today":
        parts.append(_("today's organisation for all years"))
    if scope.rules:
        parts.append(_("rules from {moment}").format(moment=labels.rule_set(scope.rules)))
    if day := database.known_on():
        parts.append(_("what was known on {day}").format(day=numbers.day(day)))
    return " · ".join(part for part in parts if part)


def describe_departments(scope: Scope) -> str:
    """The departments that are chosen, by name or, where they are many, by number."""
    names = {d.department_id: d.name for d in database.departments()}
    known = [names[code] for code in scope.departments if code in names]
    if not known:
        return _("The whole municipality")
    if len(known) > NAMED:
        return ngettext("{n} department", "{n} departments", len(known)).format(n=len(known))
    return ", ".join(known)


def _line(scope: Scope | None) -> Markup:
    parts: list[object] = [describe_scope(scope)] if scope else []
    parts.append(data_up_to())
    if database.period().protected:
        parts.append(_("counts from 1 to 4 are not shown"))
    if mark := practice.mark():
        parts.append(tag("strong", mark, class_="example"))
    return tag("p", join(parts, " · "), class_="chosen")


def data_up_to() -> str:
    """The last month that the figures tell of: that of the latest cases, whenever something else was imported."""
    return _("data up to {month}").format(month=numbers.month(database.period().latest))


def frame(headline: str, scope: Scope | None = None, notices: Sequence[str] = ()) -> None:
    """The headline (a finding), the line under it, and notices such as a period that was turned round."""
    marked = [tag("p", notice, class_="notice") for notice in notices]
    st.html(join((tag("h1", headline), _line(scope), *marked)))


def heading(title: str, reading: str = "", anchor: str | None = None) -> None:
    """A section: its heading, and a one-line reading of what comes; `anchor` lets a link lead to it."""
    st.html(tag("h2", title, id=anchor) + (tag("p", reading, class_="reading") if reading else ""))


def subheading(title: str, *, top: bool = False) -> None:
    """The heading of one picture among several; `top` where no heading but the page's stands over it."""
    st.html(tag("h2", title, class_="list-head") if top else tag("h3", title))


def empty(sentence: str, link: str = "", href: str = "") -> None:
    """What stands where nothing can be shown: why, and the next step."""
    step = _way(link, href) if link else ""
    st.html(tag("section", tag("p", sentence), step, class_="empty"))


def to_import() -> tuple[str, str]:
    """The link to the import, its words and its address."""
    return _("To the import"), address.link("importera")


def has_no_services(scope: Scope, *, any_month: bool = False) -> bool:
    """Whether the scope holds no service when the period ends, or in `any_month` of it."""
    if any_month and database.answer(departments_of, scope):
        return False
    return not database.answer(measure, "services", scope)[0].value


def no_services() -> None:
    """What stands where the choice holds no service; where the register holds none, nothing can be said to be whole or missing."""
    if not database.answer(service_names):
        empty(_("It takes a register of services to show this."), *to_import())
        return
    everything = address.link_here(**dict.fromkeys(("department", "audience", *CODINGS)))
    empty(_("No service in the selection is published."), _("Show all"), everything)


def link_line(link: str, href: str) -> None:
    """A link on a line of its own, to where a question goes on."""
    st.html(_way(link, href))


def _way(link: str, href: str) -> Markup:
    return tag("p", tag("a", link, href=href, target="_self"), class_="way")


def reading(sentence: str, *, announced: str | None = None) -> None:
    """A one-line reading of the picture above; static/site.js has what is `announced` read out when it comes."""
    if sentence:
        st.html(tag("p", sentence, class_="reading", data_announced=announced))


def footer(path: str, slides: str) -> None:
    """The foot of every page: the other language, definitions, slides at their address, a question about the view, its link, paper.

    It says which months were asked for and which are shown, so that static/site.js completes the address: in the head, which
    would be drawn anew for it, the focus would be lost.
    """
    scope = filters.current().scope
    draw_for_address(path, lambda: _foot(path, slides, scope))


def _foot(path: str, slides: str, scope: Scope) -> Markup:
    other, name = ("en", "In English") if language() == "sv" else ("sv", "På svenska")
    href = address.link_same_page(path, lang=None if other == "sv" else other)
    asking = address.link("register", "form", do="question", view=address.link_same_page(path))
    return tag(
        "footer",
        tag("a", name, href=href, target="_self", lang=other, hreflang=other),
        tag("a", _("Definitions"), href=address.link("definitioner"), target="_self"),
        tag("a", _("Slides for the meeting"), href=slides, target="_self"),
        tag("a", _("Ask a question about this view"), href=asking, target="_self"),
        _copier(path),
        tag("button", _("Print"), type="button", data_print=True),
        data_asked="/".join(st.query_params.get(end, "") for end in ("from", "to")),
        data_from=filters.month_code(scope.month_from),
        data_to=filters.month_code(scope.month_to),
    )


def _copier(path: str) -> Markup:
    """The button that copies the address of the view, and where that is told to those who listen; static/site.js does both."""
    button = tag(
        "button",
        _("Copy a link to this view"),
        type="button",
        data_copy=address.link_same_page(path),
        data_copied=_("The link is copied"),
        data_failed=_("The link could not be copied. Copy the address of the page instead."),
    )
    return tag("span", button, tag("span", class_="heard", role="status"))


def faults() -> None:
    """What is damaged in the store and what to do, on every page."""
    if damage := database.database().faults:
        sentences = " ".join(fault.sentence(language()) for fault in damage)
        st.html(tag("p", sentences, class_="notice", role="alert"))


def unavailable(sentence: str) -> None:
    """What stands instead of a page when there is no database to show: why, and what to do."""
    title = tag("h1", _("The figures cannot be shown now"))
    st.html(join((title, tag("p", sentence, class_="notice", role="alert"), _way(_("Try again"), ""))))


def no_practice(sentence: str) -> None:
    """What stands instead of a page when the address names a practice copy that is none: never the real figures."""
    notice = tag("p", sentence, class_="notice", role="status")
    leave = _way(_("To the real figures"), address.link(**{database.PRACTICE: None}))
    st.html(join((tag("h1", _("There is no practice here")), notice, leave)))


def failure(number: str) -> None:
    """The sentence for our own fault; the number finds it in the log."""
    sorry = _("Something went wrong on our side. Nothing has been lost.")
    step = _("Give this number to the system manager: {number}").format(number=number)
    again = _way(_("Try again"), "")
    st.html(join((tag("h1", sorry), tag("p", step, class_="notice", role="alert"), again)))
