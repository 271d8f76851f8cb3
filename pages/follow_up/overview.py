"""Where are we on the three goals, who is where, and what matters most right now?"""

from analytics.metrics.catalogue import GOAL_CODES
from ui.components import actions, courses, department_rows, findings, headlines, inclusion, tables
from ui.costs import payers, summary
from ui.decomposition import goals
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.next_steps import advice
from ui.overview import first_tour
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(headlines.overview, scope), scope, filters.notices(choice, *GOAL_CODES))

if first_tour.is_due():
    first_tour.draw()
elif page.has_no_services(scope, any_month=True):
    page.no_services()
else:
    goals.draw_goals(scope)

    actions.draw(cached(advice.most_important, scope), _("What matters most right now"))
    first_tour.fold()

    heading, told = cached(findings.departments, scope)
    page.heading(heading, " ".join(filter(None, (told, department_rows.order(scope)))), "departments")
    tables.draw("departments", department_rows.overview, scope)
    page.reading(cached(inclusion.departments, scope))

    page.heading(
        cached(courses.heading, scope), _("Month by month. The numbers on the axis show when something happened.")
    )
    courses.block(scope)

if summary.has_costs(scope) or not first_tour.is_due():
    page.heading(cached(summary.headline, scope), summary.change(scope))
    payers.block(scope)
