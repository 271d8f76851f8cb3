"""Goal 2: how do the cases come in, where do most take another way, and who has not reported?"""

from ui import filters, goal_sections, goal_two, overview, page, tables
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(remembered(goal_two.headline, scope), scope, filters.notices(choice, goal_two.GOAL))

if overview.nothing_chosen(scope):
    page.nothing_chosen()
else:
    goal_two.standing(scope)
    goal_sections.over_time(goal_two.GOAL, scope)

    page.heading(_("Most cases outside e-services"), _("A name leads to the service."))
    goal_two.most_outside(scope)
    tables.folded("outside-table", goal_two.outside, scope)

    with page.screen_only("beside"):
        goal_sections.departments(goal_two.GOAL, scope)

        page.heading(_("More about the goal"))
        goal_two.beside(scope)

    page.heading(_("What has been reported"), _("The darker, the more. Hatched: no service in force."), "reported")
    goal_two.reported(scope)
    tables.folded("missing", goal_two.missing, scope)
