"""Data quality: what is reported, what points at nothing, what does not add up, and who should mend it?"""

from ui.components import missing_file, sections, tables
from ui.components.sections import Section
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import digital_cases
from ui.quality import counting_weeks, headings, issues, summary
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope
ids = _("Rows with ids that are not in the registers. They belong to no department, so they are always shown.")
faults = _(
    "Figures that contradict each other or belong to no department. Those without a department are always shown."
)

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
    missing_file.draw("missing-figures", scope)
    counting_weeks.draw(scope)

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
