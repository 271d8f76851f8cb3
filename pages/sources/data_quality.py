"""Data quality: what is reported, what points at nothing, what does not add up, and who should mend it?"""

from ui import filters, goal_two, overview, page, quality, quality_lists, tables
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(remembered(quality.headline, scope), scope, filters.notices(choice, "reporting", "figures"))
quality.standing(scope)

if overview.nothing_chosen(scope):
    page.nothing_chosen()
elif not quality.in_force(scope):
    quality.nothing_in_force()
else:
    page.heading(_("What has been reported"), _("The darker, the more. Hatched: no service in force."), "reported")
    goal_two.reported(scope)
    quality.by_service(scope)
    tables.draw("missing", goal_two.missing, scope)

page.heading(
    _("Ids that are in no register"),
    _("Rows that point at something unknown. They have no department, so all are shown, whatever you have chosen."),
    "unmatched",
)
tables.draw("unmatched", quality_lists.unmatched, scope)

page.heading(
    _("What does not add up"),
    _(
        "What contradicts something else, or belongs to nobody. What has no department is shown whatever you have chosen."
    ),
    "contradictions",
)
quality_lists.kinds(scope)
tables.draw("contradictions", quality_lists.contradictions, scope)

if quality.in_force(scope):
    quality.states(scope)
