"""Data quality: what is reported, what points at nothing, what does not add up, and who should mend it?"""

from ui.components import sections, tables
from ui.components.sections import Section
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import digital_cases
from ui.quality import headings, issues, summary
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope
ids = _("Rows that point at something unknown, whatever you have chosen: they have no department.")
faults = _("What contradicts something else, or belongs to nobody. Without a department it is always shown.")

page.frame(cached(summary.headline, scope), scope, filters.notices(choice, "reporting", "figures"))

if page.has_no_services(scope, any_month=True):
    page.no_services()
elif not summary.has_services(scope):
    summary.draw_empty()
else:
    summary.status(scope)
    summary.reporting(scope)
    (summary.by_service if summary.is_small(scope) else digital_cases.reporting)(scope)
    tables.draw("missing", digital_cases.missing, scope)

sections.draw(
    scope,
    [
        Section("contradictions", headings.contradictions, issues.contradictions, faults, issues.kinds),
        Section("unmatched", headings.unmatched, issues.unmatched, ids),
    ],
)

if summary.has_services(scope):
    summary.states(scope)
    tables.folded("states", summary.states_by_month, scope)
