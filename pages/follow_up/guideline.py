"""The guideline: each section, whether it is followed, and what to do about §§ 4–7."""

from ui.components import planned, tables
from ui.frame import address, filters, page
from ui.frame.cached_blocks import cached
from ui.guideline import criteria, exemptions, foundations, lists, sections
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(sections.headline, scope), scope, filters.notices(choice, "e_service_coverage"))

if page.has_no_services(scope):
    page.no_services()
else:
    tables.draw("sections", sections.table, scope)
    tables.folded("foundations", foundations.table, scope)

    ways, *others = lists.listings()
    lists.draw(ways, scope)
    exemptions.draw(scope)
    for listing in others:
        lists.draw(listing, scope)
    page.reading(cached(planned.scenario, scope))

    page.heading(cached(criteria.heading, scope), _("§ 7. The latest assessment counts."), "criteria")
    criteria.by_department(scope)
    tables.folded("evidence", criteria.beside, scope)
    page.link_line(_("Assess a criterion of an e-service"), address.link("register", "form", do="criterion"))
    lists.draw(criteria.accessibility_listing(), scope)
