"""Exemptions as rows of a table."""

import pandas as pd

from analytics.registers import e_services
from analytics.registers.e_services import Exemption
from ui import database
from ui.frame import address
from ui.frame.sitemap import service_link
from ui.text import labels
from ui.text.i18n import _


def exemption_rows(exemptions: list[Exemption]) -> pd.DataFrame:
    """Exemptions as rows with the reader's headers."""
    return pd.DataFrame(
        {
            _("For"): [exempt_name(x) for x in exemptions],
            _("Reason"): [x.reason or "" for x in exemptions],
            _("Decided on"): [x.decided_on for x in exemptions],
            _("Risk analysis"): [x.risk_analysis_on for x in exemptions],
            _("Valid to"): [x.valid_to for x in exemptions],
            _("Exemption"): [x.exemption_id for x in exemptions],
        }
    )


def exempt_name(exemption: Exemption) -> str:
    """The service or e-service that an exemption is for."""
    return (
        labels.service(exemption.service_id) if exemption.service_id else labels.e_service(str(exemption.e_service_id))
    )


def exempt_address(exemption: Exemption) -> str:
    """The page of the service that an exemption concerns; where it concerns none, what is in no register."""
    found = database.answer(e_services.e_services).get(str(exemption.e_service_id))
    service = exemption.service_id or (found.services[0] if found and found.services else None)
    return service_link(service) if service else address.link("datakvalitet")
