"""What belongs to a service: its e-services, links and forms, and its exemptions."""

from collections.abc import Sequence

import pandas as pd

from analytics.metrics.scope import Scope
from analytics.registers import service_history
from ui import database
from ui.components.exemptions import exemption_rows
from ui.components.sections import Section
from ui.components.tables import Table
from ui.frame.sitemap import correction_link
from ui.text import labels, numbers
from ui.text.i18n import _


def e_services(scope: Scope) -> Table:
    """The e-services, links and forms of the service."""
    (service_id,) = scope.services
    found = database.answer(service_history.e_services_of, service_id)
    columns = {
        _("Name"): [e.name for e in found],
        _("Kind"): [labels.label("kind", e.kind) for e in found],
        _("Platform"): [e.platform or "" for e in found],
        _("Live from"): [e.live_from for e in found],
        _("Live to"): [e.live_to for e in found],
        _("Login"): [labels.label("login", e.login) for e in found],
        _("Signing"): [_yes(e.signing) for e in found],
        _("Payment"): [_yes(e.payment) for e in found],
        _("Phase"): [labels.label("stage", e.stage) for e in found],
        _("Followed up on"): [e.followed_up_on for e in found],
        _("E-service id"): [e.e_service_id for e in found],
    }
    title = _("E-services of {name}").format(name=labels.service(service_id))
    links = tuple(correction_link("e_service", e.e_service_id) for e in found)
    shown = (_("Name"), _("Kind"), _("Platform"), _("Live from"), _("Live to"), _("Phase"))
    return Table(
        title, pd.DataFrame(columns), links=links, nothing=_("The service has no e-service, link or form."), shown=shown
    )


def _yes(value: bool | None) -> str:
    return numbers.MISSING if value is None else _("yes") if value else _("no")


def exemptions(scope: Scope) -> Table:
    """The exemptions of the service and of its e-services, past ones too."""
    (service_id,) = scope.services
    found = database.answer(service_history.exemptions_of, service_id)
    title = _("Exemptions of {name}").format(name=labels.service(service_id))
    return Table(title, exemption_rows(found), nothing=_("No exemption has been decided."))


def sections() -> Sequence[Section]:
    """The e-services, and the exemptions; those that are empty share a folded line."""
    return (
        Section("e-services", _count_e_services, e_services),
        Section("exemptions", lambda table: numbers.plural("{n} exemption", "{n} exemptions", len(table)), exemptions),
    )


def _count_e_services(table: Table) -> str:
    return numbers.plural("{n} e-service, link or form", "{n} e-services, links and forms", len(table))
