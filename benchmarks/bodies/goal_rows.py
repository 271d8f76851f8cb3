"""The overview's headline and goal rows, and no charts."""

from analytics.metrics.catalogue import GOAL_CODES
from ui.components import goal_rows, headlines
from ui.decomposition import goals
from ui.frame import filters, page

choice = filters.current()
page.frame(headlines.overview(choice.scope), choice.scope, filters.notices(choice, *GOAL_CODES))
goal_rows.draw(goals.goals(choice.scope))
