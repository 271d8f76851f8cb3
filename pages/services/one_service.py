"""One service: what does it offer, how do its cases come in, which steps are digital, and what has happened to it?"""

import streamlit as st

from ui import address, filters, page, service_break_even, service_cost, service_story, tables
from ui.kept import remembered
from ui.text import _

choice = filters.current()
with st.sidebar:
    service = service_story.choose()

if service is None:
    page.frame(_("Choose a service to see its whole story"), choice.scope)
    page.empty(_("Every service is in the list, with where it stops."), _("Our services"), address.link("tjanster"))
else:
    key, scope = service.service_id, service_story.scope_of(service, choice.scope)
    page.frame(remembered(service_story.headline, scope, key), scope)
    service_story.facts(key)
    service_story.three_goals(scope, key)

    page.heading(_("How the cases came in, month by month"))
    service_story.channels(scope)

    page.heading(_("Handling, step by step"), _("As it stands on the last day of the period."))
    service_story.steps(scope, key)

    page.heading(_("Lead time"), _("From received to closed, for cases closed in the period."))
    service_story.lead_time(scope)

    page.heading(
        _("When the e-service pays"), _("Below some digital share two ways of working side by side cost more.")
    )
    service_break_even.block(scope)

    page.heading(_("E-services"))
    tables.draw("e-services", service_story.e_services, scope, key)

    page.heading(_("Exemptions"))
    tables.draw("exemptions", service_story.exemptions, scope, key)

    page.heading(_("What has happened"))
    service_story.events(key)

    page.heading(_("Cost"))
    service_cost.block(scope, key, service.department_id)
