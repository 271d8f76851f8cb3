"""Why did a goal move between two periods, and because of which services?"""

import streamlit as st

from analytics.catalogue import metrics
from ui import address, filters, overview, page, tables, why, why_parts, why_table
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope
head = st.container()
goal = why_parts.choose(scope)
found = why.move(goal, scope)

with head:
    page.frame(remembered(why.sentence, goal, scope), scope, filters.notices(choice, goal))

if overview.nothing_chosen(scope):
    page.nothing_chosen()
else:
    why_parts.picture(goal, scope)

    if found and found.split and found.moved and not found.few:
        page.heading(_("What each part is made of"), _("The parts sum to the change."))
        why_parts.made_of(goal, scope)

    if found and found.split and found.moved:
        page.heading(
            _("The services behind it"),
            _("Points of the change. Shares of fewer than twenty are left out; what they are of stands beside."),
        )
        tables.draw("why", why_table.table, scope, goal)

    number = str(metrics()[goal].goal)
    page.way(_("What would move goal {n} most").format(n=number), address.link("nasta-steg", goal=number))
