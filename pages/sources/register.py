"""The register: what holds of services and e-services, corrected by a form, and what was said of each, when and by whom."""

from ui import edits
from ui.frame import page, practice
from ui.register import form, saving, summary

page.frame(summary.headline(), notices=form.notices())
if edits.is_example():
    practice.offer()

saving.undo()
saving.receipt()
summary.corrections_list()
if form.opened():
    form.draw()
    summary.history()
