"""The overview's headline and cards, and no charts."""

from analytics.metrics.catalogue import GOAL_CODES
from ui.components import cards, headlines, metric_views
from ui.frame import filters, page

choice = filters.current()
page.frame(headlines.overview(choice.scope), choice.scope, filters.notices(choice, *GOAL_CODES))
cards.draw(metric_views.goals(choice.scope))
