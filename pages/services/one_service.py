"""One service: what does it offer, how do its cases come in, which steps are digital, and what has happened to it?"""

from ui.components import channels, sections, tables
from ui.frame import address, filters, page
from ui.frame.cached_blocks import cached
from ui.next_steps import department
from ui.services import break_even, costs, detail, headline, lists
from ui.text.i18n import _

choice = filters.current()
service = detail.choose()

if service is None:
    page.frame(_("Choose a service to see more about it"), choice.scope)
    page.empty(
        _("Every service is in the list, with what is left for each."), _("Our services"), address.link("tjanster")
    )
else:
    key, scope = service.service_id, detail.scope_of(service, choice.scope)
    page.frame(cached(headline.headline, scope, key), scope)
    detail.facts(key)
    detail.three_goals(scope, key)
    department.draw_of_service(choice.scope, key)

    page.heading(cached(channels.heading, scope))
    detail.channels(scope)
    tables.folded("channels", channels.months, scope)

    page.heading(cached(detail.steps_finding, scope, key), _("As it stands on the last day of the period."))
    detail.steps(scope, key)

    page.heading(cached(detail.lead_time_finding, scope), _("From received to closed, for cases closed in the period."))
    detail.lead_time(scope)

    page.heading(
        _("When the e-service pays"), _("Below some digital share two ways of working side by side cost more.")
    )
    break_even.block(scope)

    page.heading(_("Cost"))
    costs.block(scope, key, service.department_id)

    page.heading(_("What has happened"))
    detail.events(key)

    sections.draw(scope, lists.sections())
