"""Which services move a goal most, what is it worth, and where do points and kronor disagree?"""

import streamlit as st

from analytics.metrics.catalogue import GOALS
from ui.components import tables
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.next_steps import agreed, conflicts, department, headline, ranking, table
from ui.text.i18n import _

choice = filters.current_of_today()
scope = choice.scope
top = st.container()
goal = ranking.choose(scope)

with top:
    page.frame(cached(headline.headline, scope, goal), scope, filters.notices(choice, GOALS[goal]))

if page.has_no_services(scope):
    page.no_services()
else:
    department.draw_first(scope)
    ranking.block(scope, goal)
    ranking.scenario_link(scope, goal)

    if goal == 3 and table.single_steps(scope):
        page.heading(_("Services with only one step left"), _("Counted as the steps stand at the end of the period."))
        table.draw_single_steps(scope)

    page.heading(_("Service by service") if goal == 3 else _("In percentage points and in SEK"), anchor="both")
    told = table.assumptions(scope, goal)
    table.draw_savings(scope, goal, told)
    tables.draw("gains-table", table.table, scope, goal, told)

    if conflicts.rankings_differ(scope, goal, told):
        page.heading(_("Where percentage points and SEK rank differently"))
        conflicts.block(scope, goal, told)

    agreed.draw(scope)
