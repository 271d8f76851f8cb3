"""The overview's headline and cards, and no charts."""

from analytics.findings import GOALS
from ui import cards, filters, goals, headline, page

choice = filters.current()
page.frame(headline.overview(choice.scope), choice.scope, filters.notices(choice, *GOALS))
cards.draw(goals.goals(choice.scope))
