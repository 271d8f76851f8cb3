"""Rules: which ledger postings are which cost of §8, what no rule takes, and what would a change move?"""

from ui import edits
from ui.frame import page, practice
from ui.rules import dry_run, history, rule_list, summary

page.frame(summary.headline())
if edits.is_example():
    practice.offer()

if summary.ready():
    summary.draw_without_payer()
    dry_run.unsaved()
    summary.unplaced()
    rule_list.heading()
    rule_list.draw()
    history.draw()
