"""Exemptions as rows of a table."""

import pandas as pd

from analytics.registers import e_services
from analytics.registers.e_services import Exemption
from ui import database
from ui.text import labels
from ui.text.i18n import _


def exemption_rows(exemptions: list[Exemption]) -> pd.DataFrame:
    """Exemptions as rows with the reader's headers."""
    return pd.DataFrame(
        {
            _("For"): [_exempt(x) for x in exemptions],
            _("Reason"): [x.reason or "" for x in exemptions],
            _("Decided on"): [x.decided_on for x in exemptions],
            _("Risk analysis"): [x.risk_analysis_on for x in exemptions],
            _("Valid to"): [x.valid_to for x in exemptions],
            _("Exemption"): [x.exemption_id for x in exemptions],
        }
    )


def _exempt(exemption: Exemption) -> str:
    if exemption.service_id:
        return labels.service(exemption.service_id)
    e_service = database.answer(e_services.e_services).get(str(exemption.e_service_id))
    return e_service.name if e_service else str(exemption.e_service_id)
