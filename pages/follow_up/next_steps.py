"""Which services move a goal most, what is it worth, and where do points and kronor disagree?"""

import streamlit as st

from analytics.catalogue import GOALS
from ui import filters, next_steps, next_steps_apart, next_steps_headline, next_steps_table, overview, page, tables
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope
top = st.container()
goal = next_steps.choose(scope)

with top:
    page.frame(remembered(next_steps_headline.headline, scope, goal), scope, filters.notices(choice, GOALS[goal]))

if overview.nothing_chosen(scope):
    page.nothing_chosen()
else:
    next_steps.standing(scope, goal)
    next_steps.what_if(scope, goal)

    if goal == 3 and next_steps_table.one_step(scope):
        page.heading(
            _("Where one step is all that is lacking"), _("Counted as the steps stand at the end of the period.")
        )
        next_steps_table.steps_alone(scope)

    page.heading(_("Service by service") if goal == 3 else _("In points and in kronor"), anchor="both")
    told = next_steps_table.assumptions(scope, goal)
    next_steps_table.both(scope, goal, told)
    tables.draw("gains-table", next_steps_table.table, scope, goal, told)

    if next_steps_apart.differs(scope, goal, told):
        page.heading(_("Where the two orders disagree, and why"))
        next_steps_apart.disagreement(scope, goal, told)
