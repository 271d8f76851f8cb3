"""An import or a fetch while it runs: how far it is, and a button that cancels it. It goes on when its importer leaves."""

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from data import stage_label
from ui.text.i18n import _, escape_markdown, language

CANCEL = "_cancel"


class Running:
    """Shows the progress that it is called with. Raises when the importer cancels; keeps what else ends the run of the page."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._interrupt: RerunException | StopException | None = None
        with st.container(horizontal=True, vertical_alignment="center"):
            self._bar = st.progress(0.0, label)
            st.button(_("Cancel"), key=CANCEL)

    def __call__(self, stage: str, share: float) -> None:
        """Show how far it is."""
        if self._interrupt is None:
            what = escape_markdown(stage_label(stage, language()))
            try:
                self._bar.progress(min(1.0, max(0.0, share)), f"{self._label} {what}".rstrip())
            except (RerunException, StopException) as interrupt:
                self._interrupt = interrupt
                if is_cancelled(interrupt):
                    raise

    def end(self) -> None:
        """Draw the page anew, or end its run, if its reader has left."""
        if self._interrupt:
            raise self._interrupt
        st.rerun()


def is_cancelled(interrupt: RerunException | StopException) -> bool:
    """Whether the button was pressed; an importer who leaves the page, or touches something else on it, has not done that."""
    states = interrupt.rerun_data.widget_states if isinstance(interrupt, RerunException) else None
    return any(one.id.endswith(f"-{CANCEL}") and one.trigger_value for one in (states.widgets if states else ()))
