"""Who pays what, what has no payer, does it keep to the budget, and is every krona accounted for?"""

from ui.components import sections, tables
from ui.costs import budget, details, drilldown, payers, postings, summary, unit_costs
from ui.costs.labels import UNPLACED
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope
own = len(scope.departments) == 1  # a department's own view: each of its postings first

page.frame(cached(summary.headline, scope), scope, filters.notices(choice, "cost"))

if scope.departments and not summary.has_costs(scope):
    summary.draw_next_step(scope)
else:
    page.reading(summary.change(scope))
    payers.block(scope)

    if UNPLACED in summary.by_payer(scope):
        page.heading(postings.unplaced_title(scope), summary.unplaced_advice(scope), "unplaced")
        tables.draw("unplaced", postings.unplaced, scope)

    if own:
        page.heading(_("What you pay, and why"), summary.department_reading(), "postings")
        drilldown.draw(scope)

    page.heading(cached(budget.finding, scope))
    budget.block(scope)

    page.heading(cached(unit_costs.finding, scope), unit_costs.reading(scope))
    unit_costs.block(scope)
    tables.folded("per-case", unit_costs.table, scope)

    if not own:
        page.heading(_("See the postings behind the sums"), drilldown.reading(), "postings")
        drilldown.draw(scope)

    sections.draw(scope, details.sections(scope))
