"""Rules: which ledger postings are which cost of §8, what no rule takes, and what would a change move?"""

from ui import page, rules, rules_history, rules_list, rules_trial
from ui.text import _

page.frame(rules.headline(), None, rules.notices())

if rules.ready():
    rules_trial.unsaved()

    page.heading(_("What no rule takes"), _("Largest first, each with a rule suggested from it."), "lacking")
    rules.lacking()

    page.heading(_("The rules, in order"), _("The first rule that fits a posting takes it."), "rules")
    rules_list.listed()

    page.heading(_("Rule sets that were saved"), _("An old report can be told with the rules of its day."), "sets")
    rules_history.shown()
