"""Goal 1: which services have an e-service, which lack one, and what is decided about the rest?"""

from ui.components import tables
from ui.decomposition import goals
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import e_services, explanations, sections, variants
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(e_services.headline, scope), scope, filters.notices(choice, e_services.GOAL))

if page.has_no_services(scope):
    page.no_services()
else:
    goals.draw_goal(e_services.GOAL, scope)
    explanations.draw(e_services.GOAL, scope)

    page.heading(cached(e_services.offers_heading, scope), cached(e_services.offers_reading, scope))
    e_services.offers(scope)
    tables.folded("classes", e_services.offers_by_month, scope)

    sections.over_time(e_services.GOAL, scope)
    sections.departments(e_services.GOAL, scope, audiences=True)

    page.heading(cached(e_services.lacking_heading, scope), _("The longest published first."), "lacking")
    tables.draw("lacking", e_services.without_e_service, scope)
    page.reading(e_services.describe_rest(scope))

    page.heading(_("Exemptions and breaches"), anchor="breaches")
    sections.folded(scope, e_services.folded())
    variants.draw(1, scope)
