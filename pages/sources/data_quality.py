"""Data quality: what is reported, what points at nothing, what does not add up, and who should mend it?"""

from ui.components import tables
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import digital_cases
from ui.quality import issues, summary
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(summary.headline, scope), scope, filters.notices(choice, "reporting", "figures"))
summary.status(scope)

if page.has_no_services(scope, any_month=True):
    page.no_services()
elif not summary.has_services(scope):
    summary.draw_empty()
else:
    page.heading(_("What has been reported"), _("The darker, the more. Hatched: no service in force."), "reported")
    digital_cases.reporting(scope)
    summary.by_service(scope)
    tables.draw("missing", digital_cases.missing, scope)

page.heading(
    _("Ids that are in no register"),
    _("Rows that point at something unknown. They have no department, so all are shown, whatever you have chosen."),
    "unmatched",
)
tables.draw("unmatched", issues.unmatched, scope)

page.heading(
    _("What does not add up"),
    _(
        "What contradicts something else, or belongs to nobody. What has no department is shown whatever you have chosen."
    ),
    "contradictions",
)
issues.kinds(scope)
tables.draw("contradictions", issues.contradictions, scope)

if summary.has_services(scope):
    summary.states(scope)
    tables.folded("states", summary.states_by_month, scope)
