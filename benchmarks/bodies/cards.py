"""The overview's headline and cards, and no charts."""

from analytics.catalogue import GOAL_CODES
from ui import cards, filters, goals, headline, page

choice = filters.current()
page.frame(headline.overview(choice.scope), choice.scope, filters.notices(choice, *GOAL_CODES))
cards.draw(goals.goals(choice.scope))
