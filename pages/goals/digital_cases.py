"""Goal 2: how do the cases come in, where do most take another way, and who has not reported?"""

from ui import filters, goal_two, outlook, overview, page, pictures, signals, tables, why
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(remembered(goal_two.headline, scope), scope, filters.notices(choice, goal_two.GOAL))

if overview.nothing_chosen(scope):
    page.nothing_chosen()
else:
    goal_two.standing(scope)
    why.line(goal_two.GOAL, scope)
    outlook.block(goal_two.GOAL, scope)

    page.heading(_("Most cases outside e-services"), _("A name leads to the service."))
    goal_two.most_outside(scope)
    tables.draw("outside-table", goal_two.outside, scope)

    with page.screen_only("beside"):
        page.heading(_("Where the departments stand"), page.how_to_read_dots())
        pictures.kept_departments(goal_two.GOAL, scope)

        page.heading(_("Difference or chance?"))
        signals.block(goal_two.GOAL, scope)

        page.heading(_("More about the goal"))
        goal_two.beside(scope)

    page.heading(_("What has been reported"), _("The darker, the more. Hatched: no service in force."), "reported")
    goal_two.reported(scope)
    tables.draw("missing", goal_two.missing, scope)
