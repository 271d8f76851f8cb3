"""Which services are ours, how far has each come on the three goals, and where does it stop?"""

from ui import filters, next_steps_own, overview, page, service_list, service_story, tables
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(remembered(service_list.headline, scope), scope, filters.notices(choice, *service_list.METRICS))

if overview.nothing_chosen(scope):
    page.nothing_chosen()
else:
    service_list.three_goals(scope)
    next_steps_own.block(scope)

    page.heading(
        _("Where the services stop"), _("On the way published → e-service → digital cases → digital handling.")
    )
    service_list.where_they_stop(scope)

    page.heading(_("Service by service"), anchor="services")
    stop = filters.choose(_("Stops at"), "stop", service_list.stops(), _("All"))
    tables.draw("services", service_list.table, scope, stop)
    service_story.choose_from_list(scope)
