"""Who pays, as bars."""

from analytics.metrics.scope import Scope
from ui.charts.base import draw
from ui.charts.ranked_bars import Bar, ranked_bars
from ui.costs import summary
from ui.costs.labels import OWNER, UNPLACED, payer_name
from ui.frame import address, page, theme
from ui.frame.cached_blocks import cached_block
from ui.frame.theme import Role
from ui.text import numbers
from ui.text.i18n import _


@cached_block
def block(scope: Scope) -> None:
    """Who pays, the unplaced first; a click leads to the payer's postings."""
    paid = summary.by_payer(scope)
    if not paid:
        summary.draw_empty(scope)
        return
    roles: dict[str, Role] = {OWNER: "grey_1", UNPLACED: "accent"}
    bars = [
        Bar(
            payer_name(code),
            value,
            roles.get(str(code), "grey_2"),
            address.link("kostnader", "postings", payer=str(code)),
        )
        for code, value in paid.items()
    ]
    draw(ranked_bars(bars, theme.palette(), say=numbers.money), "payers")
    page.reading(summary.headline(scope) + ".")
    if scope.audience:
        page.reading(_("Costs cannot be told by audience: these are for all."))
