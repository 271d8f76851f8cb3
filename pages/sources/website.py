"""The website against the platform: what is published and in no register, what lacks an e-service, what is gone?"""

from ui.components import tables
from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.goals import e_services
from ui.text.i18n import _
from ui.website import lists, summary

choice = filters.current()
scope = choice.scope
notices = [*filters.notices(choice, e_services.GOAL), *summary.warnings()]

page.frame(cached(summary.headline, scope), scope, notices)

if not summary.readings():
    summary.draw_empty()
else:
    page.heading(_("The website against the platform"))
    summary.status(scope)

    page.heading(
        _("Published, in no register"),
        _("Pages that look like services. Shown whatever you have chosen, for they belong to no department yet."),
        "loose",
    )
    tables.draw("loose", lists.in_no_register, scope)

    page.heading(_("Published, without an e-service"), _("Open one to see its whole story."), "without")
    tables.draw("without", lists.without_e_service, scope)

    page.heading(_("Form only"), _("By the register, or as far as the page shows. A form is not an e-service."), "form")
    tables.draw("form", lists.form_only, scope)

    page.heading(_("In the register, gone from the website"), _("Looked for by address, then by name."), "lost")
    tables.draw("lost", lists.orphaned, scope)

page.heading(
    _("E-services without a page"), _("In use, but no service in the register and no page leads to them."), "no-page"
)
tables.draw("no-page", lists.no_page, scope)

page.heading(
    _("Gone since last time"), _("In the reading before the latest, of a website or of the platform, and not in it.")
)
tables.draw("gone", lists.removed, scope)

page.heading(
    _("Left the denominator of goal 1"), _("Since the comparison. Nothing leaves it without being listed here.")
)
tables.draw("left", lists.departed, scope)
