"""What is there to do on Monday, how far have we come, and how does each of our services stand? A department head's page."""

from ui.components import tables
from ui.decomposition import goals
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.next_steps import department
from ui.services import head, matrix, stops
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(stops.headline, scope), scope, filters.notices(choice, *matrix.METRICS))

if page.has_no_services(scope):
    page.no_services()
else:
    department.block(scope)
    goals.draw_goals(scope)

    if not scope.departments and matrix.statuses(scope):
        page.heading(_("What is left for the services"), stops.reading(scope))
        stops.ranked(scope)

    if matrix.statuses(scope):
        stop = matrix.asked_stop()
        page.heading(cached(matrix.finding, scope, stop), cached(matrix.reading, scope, stop), "services")
        tables.draw("services", matrix.table, scope, matrix.choose_stop(scope))

    if scope.departments:
        head.beside(scope)
