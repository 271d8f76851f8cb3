"""Exemptions as rows of a table."""

import pandas as pd

from analytics.registers import e_services
from analytics.registers.e_services import Exemption
from ui import database
from ui.text import labels
from ui.text.i18n import _


def exemption_rows(found: list[Exemption]) -> pd.DataFrame:
    """Exemptions as rows with the reader's headers."""
    return pd.DataFrame(
        {
            _("For"): [_exempt(x) for x in found],
            _("Reason"): [x.reason or "" for x in found],
            _("Decided on"): [x.decided_on for x in found],
            _("Risk analysis"): [x.risk_analysis_on for x in found],
            _("Valid to"): [x.valid_to for x in found],
            _("Exemption"): [x.exemption_id for x in found],
        }
    )


def _exempt(exemption: Exemption) -> str:
    if exemption.service_id:
        return labels.service(exemption.service_id)
    found = database.answer(e_services.e_services).get(str(exemption.e_service_id))
    return found.name if found else str(exemption.e_service_id)
