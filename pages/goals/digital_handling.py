"""Goal 3: which steps can be done digitally, which step stops most cases, and how are cases actually handled?"""

from ui.components import tables
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import digital_handling, sections
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(digital_handling.headline, scope), scope, filters.notices(choice, digital_handling.GOAL))

if page.has_no_services(scope, any_month=True):
    page.no_services()
else:
    digital_handling.status(scope)
    sections.over_time(digital_handling.GOAL, scope, listed=True)

    page.heading(_("What stops the cases, and what helps"))
    digital_handling.blocking_steps(scope)

    page.heading(_("Services that are stopped"), _("Most cases first. Open one to see its steps."), "stopped")
    tables.draw("stopped", digital_handling.blocked_services, scope)

    with page.screen_only("beside"):
        sections.departments(digital_handling.GOAL, scope)

        page.heading(_("More about the goal"))
        digital_handling.related_figures(scope)

    page.heading(_("How cases were actually handled"), _("The goal says what can be done digitally. This is what was."))
    digital_handling.actual_handling(scope)
