"""The website against the platform: what is published and in no register, what lacks an e-service, what is gone?"""

from ui import filters, goal_one, page, tables, website, website_lists
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = choice.scope
notices = [*filters.notices(choice, goal_one.GOAL), *website.warnings()]

page.frame(remembered(website.headline, scope), scope, notices)

if not website.readings():
    website.nothing_read()
else:
    page.heading(_("The website against the platform"))
    website.standing(scope)

    page.heading(
        _("Published, in no register"),
        _("Pages that look like services. Shown whatever you have chosen, for they belong to no department yet."),
        "loose",
    )
    tables.draw("loose", website_lists.in_no_register, scope)

    page.heading(_("Published, without an e-service"), _("Open one to see its whole story."), "without")
    tables.draw("without", website_lists.without_e_service, scope)

    page.heading(_("Form only"), _("By the register, or as far as the page shows. A form is not an e-service."), "form")
    tables.draw("form", website_lists.form_only, scope)

    page.heading(_("In the register, gone from the website"), _("Looked for by address, then by name."), "lost")
    tables.draw("lost", website_lists.lost, scope)

page.heading(
    _("E-services without a page"), _("In use, but no service in the register and no page leads to them."), "no-page"
)
tables.draw("no-page", website_lists.no_page, scope)

page.heading(
    _("Gone since last time"), _("In the reading before the latest, of a website or of the platform, and not in it.")
)
tables.draw("gone", website_lists.gone, scope)

page.heading(
    _("Left the denominator of goal 1"), _("Since the comparison. Nothing leaves it without being listed here.")
)
tables.draw("left", website_lists.left, scope)
