"""The website's lists: what is in no register, what lacks an e-service, what is gone, each with what to do."""

from collections.abc import Mapping

import pandas as pd

from analytics.metrics.scope import Scope
from analytics.quality import website_coverage
from analytics.quality.website_coverage import Orphaned, WithoutEService
from analytics.registers import e_services
from analytics.registers.services import services
from analytics.registers.web_readings import WebPage
from ui import database
from ui.components.service_cells import class_cells
from ui.components.tables import Marked, Table, service_table
from ui.frame import address
from ui.frame.sitemap import correction_link, service_link
from ui.text import labels
from ui.text.i18n import _


def _title(page: WebPage | None) -> str:
    return "" if page is None else page.title or page.url


def in_no_register(_scope: Scope) -> Table:
    """The pages that look like services and are in no register, whatever is chosen."""
    found = database.answer(website_coverage.in_no_register)
    columns = {
        _("Page"): [_title(p) for p in found],
        _("Leads to"): [labels.label("leads_to", p.leads_to) for p in found],
        _("Why it may be a service"): [_likely(p) for p in found],
        _("What to do"): [_place(p) for p in found],
        _("Website"): [p.site for p in found],
        _("Seen"): [p.seen_on for p in found],
        _("Address"): [p.url for p in found],
    }
    title, nothing = _("Published, not in the register"), _("Every page that looks like a service is in the register.")
    links = tuple(
        correction_link("withdraw", p.services[0])
        if p.services
        else address.link("register", "form", do="new_service", name=p.title, url=p.url)
        for p in found
    )
    return _everywhere(title, columns, links, nothing, ("website_coverage",))


def _everywhere(
    title: str, columns: Mapping[str, object], links: tuple[str, ...], nothing: str, metrics: tuple[str, ...] = ()
) -> Table:
    """A table that is the same whatever is chosen."""
    rows, narrowed = pd.DataFrame(columns), _("The whole municipality, now")
    return Table(title, rows, metrics, narrowed=narrowed, links=links, nothing=nothing)


def _likely(page: WebPage) -> str:
    if page.services:
        return _("It is in the register as no longer published")
    return labels.label("page_reason", str(page.evidence))


def _place(page: WebPage) -> str:
    if page.services:
        return _("Correct until when it is published in the register, or take the page away")
    return _("Add it to the register, if it is a service")


def without_e_service(scope: Scope) -> Table:
    """The services in the register that are published without an e-service."""
    found = [one for one in database.answer(website_coverage.without_e_service, scope) if one.service_id]
    own = [database.answer(services)[str(one.service_id)] for one in found]
    columns = {
        _("Department"): [labels.department(s.department_id) for s in own],
        _("Audience"): [labels.label("audience", s.audience) for s in own],
        _("Offers"): [labels.label("service_class", one.reason) for one in found],
        _("What to do"): [_offer(one) for one in found],
        _("Address"): [one.page.url if one.page else "" for one in found],
    }
    title, ids = _("Published, without an e-service"), [s.service_id for s in own]
    nothing = _("All services that we have figures for have an e-service, or need none by decision.")
    marks = {_("Offers"): Marked("state", class_cells([str(one.reason) for one in found]))}
    more = {"nothing": nothing, "marks": marks, "shown": (_("Department"), _("Offers"), _("What to do"))}
    return service_table(title, ids, columns, ("e_service_coverage", "website_coverage"), **more)


def _offer(one: WithoutEService) -> str:
    if one.page and (one.page.e_services or one.page.leads_to in ("e_service", "both")):
        return _("The page leads to an e-service: pair it with the service")
    return _("Develop an e-service, or decide that none is needed")


def forms(scope: Scope) -> Table:
    """Pages that show a form though there is an e-service, or a form that no register knows.

    The services with a form alone stand among those without an e-service.
    """
    found = [one for one in database.answer(website_coverage.form_only, scope) if one.reason != "form_only"]
    columns = {
        _("Service or page"): [labels.service(one.service_id) if one.service_id else _title(one.page) for one in found],
        _("What is there"): [_shown(one)[0] for one in found],
        _("What to do"): [_shown(one)[1] for one in found],
        _("Address"): [one.page.url if one.page else "" for one in found],
        _("Service id"): [one.service_id or "" for one in found],
    }
    links, nothing = tuple(map(_leads, found)), _("No page leads past an e-service, or shows an unknown form.")
    shown = (_("Service or page"), _("What is there"), _("What to do"))
    return Table(_("Pages that show a form"), pd.DataFrame(columns), links=links, nothing=nothing, shown=shown)


def _shown(one: WithoutEService) -> tuple[str, str]:
    """What is there, and what to do about it."""
    if one.reason == "despite":
        return _("There is an e-service, but the page shows only a form"), _("Let the page lead to the e-service")
    do = _("Add the form to the register, or the e-service that replaces it")
    return _("The page shows a form that is not in the register"), do


def _leads(one: WithoutEService) -> str:
    if one.service_id:
        return service_link(one.service_id)
    return one.page.url if one.page else address.link("importera")


def no_page(_scope: Scope) -> Table:
    """The e-services that no service in the register and no page leads to."""
    register = database.answer(e_services.e_services)
    found = [register[key] for key in database.answer(website_coverage.e_services_without_page) if key in register]
    columns = {
        _("E-service"): [e.name for e in found],
        _("Platform"): [e.platform or "" for e in found],
        _("Live from"): [e.live_from for e in found],
        _("What to do"): [_("Pair it with its service, and let a page lead to it") for e in found],
        _("E-service id"): [e.e_service_id for e in found],
    }
    nothing = _("Every e-service has a service or a page that leads to it.")
    return _everywhere(_("E-services without a page"), columns, (address.link("koppla"),) * len(found), nothing)


def orphaned(scope: Scope) -> Table:
    """The services in force whose address is not on their website."""
    found = database.answer(website_coverage.orphaned, scope)
    columns = {
        _("What to do"): [_find(one) for one in found],
        _("Last seen"): [one.seen_on for one in found],
        _("Missing since"): [one.missing_since for one in found],
        _("Address in the register"): [one.url for one in found],
    }
    title, ids = _("In the register, gone from the website"), [one.service_id for one in found]
    nothing = _("Every service with an address is on its website.")
    return service_table(title, ids, columns, ("website_coverage",), nothing=nothing)


def _find(one: Orphaned) -> str:
    if one.moved_to:
        return _("The page has a new address: change it in the register to {address}").format(address=one.moved_to)
    return _("Correct its address, or state when it was no longer published")


def removed(_scope: Scope) -> Table:
    """Pages and e-services of the previous reading that are missing in the latest."""
    found = database.answer(website_coverage.removed)
    columns = {
        _("Name"): [one.name for one in found],
        _("What it was"): [_("an e-service") if one.e_service_id else _("a page") for one in found],
        _("Where"): [one.source for one in found],
        _("Last seen"): [one.seen_on for one in found],
        _("Gone"): [one.missing_since for one in found],
        _("Service"): [", ".join(labels.service(s) for s in one.services) for one in found],
        _("Address"): [one.url or "" for one in found],
    }
    links = tuple(service_link(x.services[0]) if x.services else x.url or address.link("koppla") for x in found)
    nothing = _("Nothing is gone: either all is still there, or it has been imported only once.")
    return _everywhere(_("Gone since last time"), columns, links, nothing)


def departed(scope: Scope) -> Table:
    """Who left the denominator of goal 1 since the comparison, why, and what the website says."""
    found = database.answer(website_coverage.departed, scope)
    columns = {
        _("Why"): [labels.move_reason(one.change) for one in found],
        _("When"): [one.change.changed_on for one in found],
        _("Page gone"): [one.page_missing_since for one in found],
    }
    title, ids = _("No longer counted in goal 1"), [one.change.service_id for one in found]
    nothing = _("No service has ceased to count since the comparison period.")
    return service_table(title, ids, columns, ("e_service_coverage",), nothing=nothing)
