"""Who pays what, what has no payer, does it keep to the budget, and is every krona accounted for?"""

from ui.components import tables
from ui.costs import allocation, budget, drilldown, flow, postings, reconciliation, summary, unit_costs
from ui.costs.labels import UNPLACED
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.rules import summary as rules_summary
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope
own = len(scope.departments) == 1  # a department's own view: each of its postings first

page.frame(cached(summary.headline, scope), scope, filters.notices(choice, "cost"))

if scope.departments and not summary.has_costs(scope):
    summary.draw_next_step(scope)
else:
    if UNPLACED in summary.by_payer(scope):
        page.heading(_("Unplaced first"), summary.unplaced_advice(scope), "unplaced")
        tables.draw("unplaced", postings.unplaced, scope)

    summary.draw_figures(scope)

    if own:
        page.heading(_("What you pay, and why"), summary.department_reading(), "postings")
        drilldown.draw(scope)

    page.heading(_("From supplier to payer"), _("A type or a payer leads to the postings behind the sum."))
    flow.block(scope)

    page.heading(budget.title(scope))
    budget.block(scope)

    page.heading(_("Over time"), _("What a digital case and an e-service cost: twelve months up to each month."))
    unit_costs.block(scope)
    tables.folded("per-case", unit_costs.table, scope)

    if not own:
        page.heading(_("From the whole to each posting"), drilldown.reading(), "postings")
        drilldown.draw(scope)

    page.heading(_("Every krona accounted for"), rules_summary.link_to_rules())
    reconciliation.block(scope)
    tables.draw("accounted", reconciliation.table, scope)

    page.heading(allocation.title())
    allocation.block(scope)
