"""Where are we on the three goals, who is where, and what matters most right now?"""

from analytics.catalogue import GOAL_CODES
from ui import advice, filters, headline, overview, page, tables, why
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(remembered(headline.overview, scope), scope, filters.notices(choice, *GOAL_CODES))

if overview.nothing_chosen(scope):
    page.nothing_chosen()
else:
    overview.three_goals(scope)
    why.lines(scope)

    page.heading(_("What matters most right now"))
    page.advice(remembered(advice.most_important, scope))

    page.heading(_("The departments side by side"), page.how_to_read_dots(), "departments")
    overview.side_by_side(scope)

    page.heading(_("Month by month"))
    overview.course(scope)

    page.heading(_("The numbers"), _("Shares of fewer than twenty are left out; what they are of stands beside."))
    tables.draw("departments", overview.table, scope)

page.heading(_("Who pays"))
overview.payers(scope)
