"""Goal 3: which steps can be done digitally, which step stops most cases, and how are cases actually handled?"""

from ui import filters, goal_sections, goal_three, overview, page, tables
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(remembered(goal_three.headline, scope), scope, filters.notices(choice, goal_three.GOAL))

if overview.nothing_chosen(scope):
    page.nothing_chosen()
else:
    goal_three.standing(scope)
    goal_sections.over_time(goal_three.GOAL, scope, listed=True)

    page.heading(_("What stops the cases, and what helps"))
    goal_three.stopping(scope)

    page.heading(_("Services that are stopped"), _("Most cases first. Open one to see its steps."), "stopped")
    tables.draw("stopped", goal_three.stopped_services, scope)

    with page.screen_only("beside"):
        goal_sections.departments(goal_three.GOAL, scope)

        page.heading(_("More about the goal"))
        goal_three.beside(scope)

    page.heading(_("How cases were actually handled"), _("The goal says what can be done digitally. This is what was."))
    goal_three.actual(scope)
