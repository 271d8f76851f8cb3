"""The website against the platform: what is published and in no register, what lacks an e-service, what is gone?"""

from ui.components import sections
from ui.components.sections import Section
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import e_services
from ui.text.i18n import _
from ui.website import headings, lists, summary

choice = filters.current()
scope = choice.scope
notices = [*filters.notices(choice, e_services.GOAL), *summary.warnings()]
whatever = _(
    "If they are services they belong in goal 1. They are not counted yet. They belong to no department, "
    "so they are always shown."
)

page.frame(cached(summary.headline, scope), scope, notices)

from_readings = [
    Section("loose", headings.in_no_register, lists.in_no_register, whatever),
    Section("without", headings.without_e_service, lists.without_e_service),
    Section("lost", headings.orphaned, lists.orphaned, _("Looked up by address, then by name.")),
    Section("form", headings.forms, lists.forms, _("A form is not an e-service."), folded=True),
]

if summary.readings():
    summary.status(scope)
else:
    summary.draw_empty()

sections.draw(
    scope,
    [
        *(from_readings if summary.readings() else ()),
        Section("no-page", headings.no_page, lists.no_page, _("In use, but no service and no page leads to them.")),
        Section(
            "gone",
            headings.removed,
            lists.removed,
            _("At the latest import from a website or from the platform."),
            folded=True,
        ),
        Section(
            "left",
            headings.departed,
            lists.departed,
            _("Since the comparison period. All such services are listed here."),
            folded=True,
        ),
    ],
    say_empty=bool(summary.readings()),
)
