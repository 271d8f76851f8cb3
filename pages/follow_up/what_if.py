"""What would the goals, the cost and the handling be if some services were digital?"""

import streamlit as st

from ui import filters, overview, page, tables, what_if, what_if_choices, what_if_table, what_if_worth
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = what_if_choices.scope_of(choice.scope)
notices = filters.notices(choice, *what_if_table.METRICS)

if overview.nothing_chosen(scope):
    page.frame(_("There are no services in what you have chosen"), scope, notices)
    page.nothing_chosen()
else:
    head = st.container()
    asked = what_if_choices.choose(scope)
    scenario = asked.scenario
    with head:
        page.frame(remembered(what_if.headline, scope, scenario), scope, [*notices, *asked.notices])

    if not scenario.changes:
        what_if.nothing_yet(scope)
    else:
        what_if.three_goals(scope, scenario)
        assumed = what_if_worth.block(scope, scenario)

        page.heading(_("Service by service"), _("What each brings: points of each goal, and kronor a year."))
        tables.draw("what-if", what_if_table.table, scope, scenario, assumed)

        page.heading(_("What is assumed"))
        what_if_table.assumptions(scope, scenario)
