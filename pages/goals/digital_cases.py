"""Goal 2: how do the cases come in, where do most take another way, and who has not reported?"""

from ui.components import channels, tables
from ui.decomposition import goals
from ui.frame import address, filters, page
from ui.frame.cached_blocks import cached
from ui.goals import digital_cases, explanations, sections, variants
from ui.text.i18n import _

choice = filters.current()
scope = choice.scope

page.frame(cached(digital_cases.headline, scope), scope, filters.notices(choice, digital_cases.GOAL))

if page.has_no_services(scope, any_month=True):
    page.no_services()
else:
    goals.draw_goal(digital_cases.GOAL, scope)
    digital_cases.beside(scope)
    explanations.draw(digital_cases.GOAL, scope)

    page.heading(cached(channels.heading, scope))
    channels.cases_by_channel(scope, listed=False)
    tables.folded("channels", channels.months, scope)

    sections.over_time(digital_cases.GOAL, scope)
    sections.departments(digital_cases.GOAL, scope)

    page.heading(cached(digital_cases.outside_heading, scope), _("Most cases first."), "outside")
    tables.draw("outside-table", digital_cases.outside, scope)

    page.heading(cached(digital_cases.reported_heading, scope), anchor="reported")
    tables.folded("missing", digital_cases.missing, scope)
    page.link_line(_("What is reported, month by month"), address.link("datakvalitet", "reported"))
    digital_cases.related_figures(scope)
    variants.draw(2, scope)
