"""The sections that the pages of the three goals share: the goal over time, and the departments side by side."""

from analytics.metrics.scope import Scope
from ui.components import chance, department_rows, forecast, tables, variation
from ui.frame import page
from ui.frame.cached_blocks import cached, cached_block
from ui.text.i18n import _


@cached_block
def over_time(code: str, scope: Scope, listed: bool = False) -> None:
    """Where the goal is heading, and whether its months vary more than usual; see `variation.block` for `listed`."""
    page.heading(cached(forecast.finding, code, scope), forecast.how_to_read(code, scope))
    forecast.block(code, scope)
    variation.block(code, scope, listed)


def departments(code: str, scope: Scope, audiences: bool = False) -> None:
    """What comes off the goal in each department, and where it stands beside what chance allows; with `audiences` those too."""
    page.heading(_("Where the departments stand"), chance.reading_of(code, scope))
    tables.draw(f"departments-{code}", department_rows.goal, scope, code)
    if audiences:
        page.subheading(_("By audience"))
        tables.draw(f"audiences-{code}", department_rows.audiences, scope, code)
