"""What the e-services give: working time, satisfaction, and contacts that need not have been made (§ 3.1)."""

from ui.benefit import hours, use
from ui.components import tables
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(hours.headline, scope), scope, filters.notices(choice, "digital_submission"))

if page.has_no_services(scope, any_month=True):
    page.no_services()
else:
    page.reading(cached(hours.reading, scope))
    tables.draw("by-goal", hours.by_goal, scope)
    tables.folded("by-service", hours.by_service, scope)
    tables.folded("assumptions", hours.assumptions, scope)

    page.heading(cached(hours.lead_times_heading, scope), anchor="lead-times")
    tables.draw("lead-times", hours.lead_times, scope)

    page.heading(cached(use.heading, scope), cached(use.reading, scope), "use")
    tables.draw("use", use.table, scope)
    tables.folded("use-months", use.by_month, scope)

    page.heading(
        cached(use.contacts_heading, scope),
        _("A contact is not a case. Transparency makes questions of where a case is unnecessary."),
        "contacts",
    )
    tables.draw("contacts", use.contacts, scope)
    tables.folded("reasons", use.reasons, scope)
    tables.folded("contact-months", use.contact_months, scope)
    tables.folded("contact-channels", use.contact_channels, scope)
