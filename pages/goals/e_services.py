"""Goal 1: which services have an e-service, which lack one, and what is decided about the rest?"""

from ui import filters, goal_one, goal_sections, overview, page, tables
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(remembered(goal_one.headline, scope), scope, filters.notices(choice, goal_one.GOAL))

if overview.nothing_chosen(scope):
    page.nothing_chosen()
else:
    goal_one.standing(scope)
    goal_sections.over_time(goal_one.GOAL, scope)

    page.heading(
        _("Services without an e-service"),
        _("The longest published first. Open one to see its whole story."),
        "lacking",
    )
    tables.draw("lacking", goal_one.lacking, scope)
    page.reading(goal_one.unknown(scope))

    goal_sections.departments(goal_one.GOAL, scope, audiences=True)

    page.heading(
        _("Breaches of § 4"), _("E-services outside Open ePlatform that no exemption in force covers."), "breaches"
    )
    tables.draw("breaches", goal_one.breaches, scope)

    page.heading(_("Exemptions from § 4 in force"), _("Decided, resting on a risk and consequence analysis."))
    tables.folded("exemptions", goal_one.exemptions, scope, "other_platform")

    page.heading(_("Where an e-service does not apply"), _("Decided, with a reason. They are not counted in the goal."))
    tables.folded("not-applicable", goal_one.exemptions, scope, "not_applicable")

    page.heading(_("Who left the denominator, and who came in"), _("Since the comparison."))
    tables.draw("moves", goal_one.moves, scope)
