"""What would the goals, the cost and the handling be if some services were digital?"""

import streamlit as st

from analytics.metrics.catalogue import GOAL_CODES
from ui.components import headlines, tables
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.scenario import form, savings, table, view
from ui.text.i18n import _

choice = filters.current_of_today()
scope = form.scope_of(choice.scope)
notices = filters.notices(choice, *GOAL_CODES)

if page.has_no_services(scope):
    page.frame(headlines.without_services(), scope, notices)
    page.no_services()
else:
    head = st.container()
    asked = form.choose(scope)
    scenario = asked.scenario
    with head:
        page.frame(cached(view.headline, scope, scenario), scope, [*notices, *asked.notices])

    if not scenario.changes:
        view.draw_start(scope)
    else:
        view.three_goals(scope, scenario)
        assumed = savings.block(scope, scenario)

        page.heading(_("Service by service"), _("What each brings: percentage points of each goal, and SEK a year."))
        tables.draw("what-if", table.table, scope, scenario, assumed)

        page.heading(_("What is assumed"))
        table.assumptions(scope, scenario)
