"""Who pays what, what has no payer, and which postings are behind each sum?"""

import streamlit as st

from ui import costs, filters, overview, page, tables
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope

page.frame(remembered(costs.headline, scope), scope, filters.notices(choice, "cost"))

if costs.UNPLACED in costs.by_payer(scope):
    page.heading(_("Unplaced first"), _("Say who ordered it, or who benefits, and import the costs again."), "unplaced")
    tables.draw("unplaced", costs.posting_table, scope, costs.UNPLACED)

costs.shown(scope)

page.heading(_("Who pays"), _("A name leads to the postings behind the sum."))
overview.payers(scope)

page.heading(_("Month by month"))
costs.course(scope)

page.heading(_("Type, category and payer"), _("Open a row to see its postings."))
tables.draw("breakdown", costs.breakdown, scope)

page.heading(_("Every posting behind a sum"), _("Choose which sum, or all."), "postings")
payer, cost_type, category = st.columns(3)
with payer:
    one_payer = filters.choose(_("Payer"), "payer", costs.payers(scope), _("All"))
with cost_type:
    one_type = filters.choose(_("Type"), "cost_type", costs.types(scope), _("All"))
with category:
    one_category = filters.choose(_("Category"), "category", costs.categories(scope), _("All"))
page.reading(costs.sum_of(scope, one_payer, one_type, one_category))
tables.draw("postings", costs.posting_table, scope, one_payer, one_type, one_category)
