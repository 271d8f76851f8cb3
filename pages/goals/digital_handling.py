"""Goal 3: which steps can be done digitally, which step stops most cases, and how are cases actually handled?"""

from ui.components import tables
from ui.decomposition import goals
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import digital_handling, explanations, sections, variants
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(digital_handling.headline, scope), scope, filters.notices(choice, digital_handling.GOAL))

if page.has_no_services(scope, any_month=True):
    page.no_services()
else:
    goals.draw_goal(digital_handling.GOAL, scope)
    explanations.draw(digital_handling.GOAL, scope)

    page.heading(cached(digital_handling.handled_heading, scope))
    digital_handling.handled(scope)

    sections.over_time(digital_handling.GOAL, scope)
    sections.departments(digital_handling.GOAL, scope)

    page.heading(cached(digital_handling.stopping_heading, scope))
    digital_handling.blocking_steps(scope)
    digital_handling.steps_by_department(scope)

    page.heading(_("Services with steps that are not digital"), _("Most cases first."), "stopped")
    tables.draw("stopped", digital_handling.blocked_services, scope)

    page.heading(_("How the cases were handled"), _("The goal says what can be done digitally. This is what was."))
    digital_handling.actual_handling(scope)
    variants.draw(3, scope)
