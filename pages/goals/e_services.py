"""Goal 1: which services have an e-service, which lack one, and what is decided about the rest?"""

from ui.components import tables
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import e_services, sections
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(e_services.headline, scope), scope, filters.notices(choice, e_services.GOAL))

if page.has_no_services(scope):
    page.no_services()
else:
    e_services.status(scope)
    tables.folded("classes", e_services.offers_by_month, scope)
    sections.over_time(e_services.GOAL, scope)

    page.heading(
        _("Services without an e-service"),
        _("The longest published first. Open one to see its whole story."),
        "lacking",
    )
    tables.draw("lacking", e_services.without_e_service, scope)
    page.reading(e_services.describe_unknown(scope))

    sections.departments(e_services.GOAL, scope, audiences=True)

    page.heading(
        _("Breaches of § 4"), _("E-services outside Open ePlatform that no exemption in force covers."), "breaches"
    )
    tables.draw("breaches", e_services.breaches, scope)

    page.heading(_("Exemptions from § 4 in force"), _("Decided, resting on a risk and consequence analysis."))
    tables.folded("exemptions", e_services.exemptions, scope, "other_platform")

    page.heading(_("Where an e-service does not apply"), _("Decided, with a reason. They are not counted in the goal."))
    tables.folded("not-applicable", e_services.exemptions, scope, "not_applicable")

    page.heading(_("Who left the denominator, and who came in"), _("Since the comparison."))
    tables.draw("moves", e_services.denominator_changes, scope)
