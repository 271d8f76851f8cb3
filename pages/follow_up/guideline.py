"""The guideline: each section, whether it is followed, and what to do about §§ 4–7."""

from ui.components import tables
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.guideline import exemptions, lists, sections
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(sections.headline, scope), scope, filters.notices(choice, "e_service_coverage"))

if page.has_no_services(scope):
    page.no_services()
else:
    tables.draw("sections", sections.table, scope)

    way = _("§ 3.2. Digital first, but nobody left out. 100% digital and no other way in breaks with that.")
    page.heading(cached(lists.ways_heading, scope), way, "ways")
    tables.folded("ways", lists.ways, scope)

    page.heading(cached(exemptions.heading, scope), _("§ 4. What needs something first."), "exemptions")
    tables.draw("review", exemptions.table, scope)
    exemptions.draw_calendar(scope)

    page.heading(cached(lists.answers_heading, scope), _("§ 5. Those that lack most first."), "answers")
    tables.folded("unanswered", lists.answers, scope)

    page.heading(cached(lists.needs_heading, scope), _("§ 5. The oldest first."), "needs")
    tables.draw("needs", lists.needs, scope)

    page.heading(cached(lists.process_heading, scope), " ".join((_("§ 6."), lists.process_reading())), "process")
    tables.folded("process", lists.process, scope)

    page.heading(cached(lists.criteria_heading, scope), _("§ 7. The latest assessment counts."), "criteria")
    lists.criteria(scope)
