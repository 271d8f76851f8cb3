"""Files in: drop, see, choose, import; what was imported, with undo; templates to fill in."""

import streamlit as st

from ui.frame import page, practice
from ui.imports import fetch, history, receipt, templates, wizard

page.frame(wizard.headline(), notices=history.notices())
receipt.draw()
practice.offer()
wizard.flow()

left, right = st.columns(2, gap="large")
with left:
    fetch.fetch_block()
    fetch.next_steps()
with right:
    templates.draw()

history.history()
