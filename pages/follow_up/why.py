"""Why did a goal move between two periods, and because of which services?"""

import streamlit as st

from analytics.metrics.catalogue import metrics
from ui.components import tables
from ui.decomposition import chart, reason, summary, table
from ui.frame import address, filters, page
from ui.frame.cached_blocks import cached
from ui.text.i18n import _, capitalized

choice = filters.current()
scope = choice.scope
head = st.container()
goal = chart.choose(scope)
found = summary.load_change(goal, scope)

with head:
    finding = cached(reason.finding, goal, scope)
    page.frame(finding.clause, scope, filters.notices(choice, goal))
    if finding.reason:
        page.reading(f"{capitalized(finding.reason)}.")
    if found and (weeks := cached(summary.of_weeks, goal, scope)):
        page.reading(weeks)

if page.has_no_services(scope, any_month=True):
    page.no_services()
else:
    chart.draw_waterfall(goal, scope)

    if found and found.split and found.moved and not found.few:
        page.heading(cached(chart.largest_part, goal, scope), _("Together the parts make the whole change."))
        chart.draw_parts(goal, scope)

    if found and found.split and found.moved:
        page.heading(
            _("Service by service"), _("Percentage points of the change. The file has the shares and the counts too.")
        )
        tables.draw("why", table.table, scope, goal)

    number = str(metrics()[goal].goal)
    page.link_line(_("What does most for goal {n}").format(n=number), address.link("nasta-steg", goal=number))
