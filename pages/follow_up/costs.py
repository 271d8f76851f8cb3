"""Who pays what, what has no payer, does it keep to the budget, and is every krona accounted for?"""

from ui import (
    costs,
    costs_accounted,
    costs_budget,
    costs_drill,
    costs_flow,
    costs_per_case,
    costs_postings,
    costs_usage,
    filters,
    page,
    rules,
    tables,
)
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope
own = len(scope.departments) == 1  # a department's own view: each of its postings first

page.frame(remembered(costs.headline, scope), scope, filters.notices(choice, "cost"))

if scope.departments and not costs.booked(scope):
    costs.way_on(scope)
else:
    if costs.UNPLACED in costs.by_payer(scope):
        page.heading(_("Unplaced first"), costs.unplaced_advice(scope), "unplaced")
        tables.draw("unplaced", costs_postings.unplaced, scope)

    costs.shown(scope)

    if own:
        page.heading(_("What you pay, and why"), costs.own_reading(), "postings")
        costs_drill.draw(scope)

    page.heading(_("From supplier to payer"), _("A type or a payer leads to the postings behind the sum."))
    costs_flow.block(scope)

    page.heading(costs_budget.title(scope))
    costs_budget.block(scope)

    page.heading(_("Over time"), _("What a digital case and an e-service cost: twelve months up to each month."))
    costs_per_case.block(scope)
    tables.folded("per-case", costs_per_case.table, scope)

    if not own:
        page.heading(_("From the whole to each posting"), costs_drill.reading(), "postings")
        costs_drill.draw(scope)

    page.heading(_("Every krona accounted for"), rules.way())
    costs_accounted.block(scope)
    tables.draw("accounted", costs_accounted.table, scope)

    page.heading(costs_usage.title())
    costs_usage.block(scope)
