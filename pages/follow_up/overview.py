"""Where are we on the three goals, who is where, and what matters most right now?"""

from ui import address, advice, cards, filters, goals, headline, overview, page, tables
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(headline.overview(scope), scope, filters.notices(choice, *goals.GOALS))

if overview.nothing_chosen(scope):
    page.empty(
        _("No service is published in what you have chosen."),
        _("Show all"),
        address.link("", department=None, audience=None),
    )
else:
    cards.draw(goals.goals(scope))

    page.heading(
        _("The departments side by side"),
        _("The dot is now, the tail where it came from. Hollow: fewer than twenty."),
        "departments",
    )
    overview.side_by_side(scope)

    page.heading(_("What matters most right now"))
    page.advice(advice.most_important(scope))

    page.heading(_("Month by month"))
    overview.course(scope)

    page.heading(_("The numbers"), _("Shares of fewer than twenty are left out; what they are of stands beside."))
    tables.draw(overview.table(scope), _("The three goals by department."), "departments", decimals=1)

page.heading(_("Who pays"))
overview.payers(scope)
