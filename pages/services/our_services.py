"""How far have we come, what is there to do on Monday, and how does each of our services stand? A department head's page."""

from ui.components import headlines, tables
from ui.decomposition import goals
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.next_steps import department
from ui.services import head, matrix, stops
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope
finding = headlines.overview if scope.departments else stops.headline

page.frame(cached(finding, scope), scope, filters.notices(choice, *matrix.METRICS))

if page.has_no_services(scope):
    page.no_services()
else:
    goals.draw_goals(scope)
    department.block(scope, tuple(cached(head.to_report, scope)) if scope.departments else ())

    if not scope.departments and matrix.statuses(scope):
        page.heading(_("What is left for the services"), stops.reading(scope))
        stops.ranked(scope)

    if matrix.statuses(scope):
        stop = matrix.asked_stop()
        page.heading(cached(matrix.finding, scope, stop), cached(matrix.reading, scope, stop), "services")
        tables.draw("services", matrix.table, scope, matrix.choose_stop(scope))

    if scope.departments:
        head.beside(scope)
