"""What stands behind the costs, folded under what it says: the flow, the reconciliation, the shared cost by use."""

from markupsafe import Markup

from analytics.metrics.scope import Scope
from ui.components.sections import Section
from ui.costs import allocation, flow, reconciliation
from ui.frame import address
from ui.text.html import tag
from ui.text.i18n import _


def sections(scope: Scope) -> list[Section]:
    """The three; what is not explained in a ledger is seen at once."""
    explained = not reconciliation.sums(scope)["unexplained"]
    return [
        Section(
            "flow", lambda _table: _("From supplier to payer, as a picture"), flow.table, "", flow.block, folded=True
        ),
        Section(
            "accounted",
            lambda _table: reconciliation.finding(scope),
            reconciliation.table,
            _rules(),
            reconciliation.block,
            folded=explained,
        ),
        Section("usage", lambda _table: allocation.title(), allocation.table, "", allocation.block, folded=True),
    ]


def _rules() -> Markup:
    """A link to the rules."""
    return tag("a", _("The rules for cost type and payer"), href=address.link("regler"), target="_self")
