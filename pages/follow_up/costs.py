"""Who pays what, and what has no payer?"""

from ui import cards, costs, filters, overview, page, tables
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(costs.headline(scope), scope, filters.notices(choice, "cost"))

unplaced = costs.posting_table(scope, costs.UNPLACED)
if len(unplaced):
    page.heading(_("Unplaced first"), _("Say who ordered it, or who benefits, and import the costs again."))
    tables.draw(unplaced, _("Postings without a payer."), "unplaced", decimals=2)

if figures := costs.figures(scope):
    cards.draw(figures)

page.heading(_("Who pays"))
overview.payers(scope)

page.heading(_("Month by month"))
costs.course(scope)

page.heading(_("Type, category and payer"))
tables.draw(costs.breakdown(scope), _("Costs by type, category and payer."), "breakdown", decimals=2)

if scope.departments:
    page.heading(_("Every posting"), _("The department's own, with why it is theirs."))
    tables.draw(costs.posting_table(scope), _("Every posting that the department pays."), "postings", decimals=2)
