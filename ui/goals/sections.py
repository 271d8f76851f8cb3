"""The sections that the pages of the three goals share: the goal over time, and the departments side by side."""

import streamlit as st

from analytics.metrics.scope import Scope
from ui.components import forecast, funnel, trends, variation
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.text.i18n import _


@cached_block
def over_time(code: str, scope: Scope, listed: bool = False) -> None:
    """Where the goal is heading, beside whether its months vary more than usual; see `signals.block` for `listed`."""
    page.heading(_("Over time"))
    left, right = st.columns(2, gap="medium")
    with left:
        forecast.block(code, scope)
    with right:
        variation.block(code, scope, listed)


@cached_block
def departments(code: str, scope: Scope, audiences: bool = False) -> None:
    """Where each department stands and came from, beside what chance allows; with `audiences` those too."""
    page.heading(_("Where the departments stand"), page.how_to_read_dots())
    left, right = st.columns(2, gap="medium") if funnel.load_funnel(code, scope) else (st.container(), None)
    with left:
        page.subheading(_("By department"))
        trends.departments(code, scope)
        if audiences:
            page.subheading(_("By audience"))
            trends.audiences(code, scope)
    if right:
        with right:
            funnel.block(code, scope)
