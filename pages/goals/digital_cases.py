"""Goal 2: how do the cases come in, where do most take another way, and who has not reported?"""

from ui.components import channels, tables
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import digital_cases, sections
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(digital_cases.headline, scope), scope, filters.notices(choice, digital_cases.GOAL))

if page.has_no_services(scope, any_month=True):
    page.no_services()
else:
    digital_cases.status(scope)
    tables.folded("channels", channels.months, scope)
    sections.over_time(digital_cases.GOAL, scope)

    page.heading(_("Most cases outside e-services"), _("A name leads to the service."))
    digital_cases.largest_outside(scope)
    tables.folded("outside-table", digital_cases.outside, scope)

    with page.screen_only("beside"):
        sections.departments(digital_cases.GOAL, scope)

        page.heading(_("More about the goal"))
        digital_cases.related_figures(scope)

    page.heading(_("What has been reported"), _("The darker, the more. Hatched: no service in force."), "reported")
    digital_cases.reporting(scope)
    tables.folded("missing", digital_cases.missing, scope)
