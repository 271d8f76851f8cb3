"""Which services are ours, how far has each come on the three goals, and where does it stop?"""

from ui.components import tables
from ui.frame import choices, filters, page
from ui.frame.cached_blocks import cached
from ui.next_steps import department
from ui.services import detail, overview
from ui.text import labels
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(overview.headline, scope), scope, filters.notices(choice, *overview.METRICS))

if page.has_no_services(scope):
    page.no_services()
else:
    overview.three_goals(scope)
    department.block(scope)

    page.heading(
        _("Where the services stop"), _("On the way published → e-service → digital cases → digital handling.")
    )
    overview.where_they_stop(scope)

    page.heading(_("Service by service"), anchor="services")
    stop = choices.choose(_("Stops at"), "stop", labels.labels_of("bottleneck"), _("All"))
    tables.draw("services", overview.table, scope, stop)
    detail.choose_from_list(scope)
