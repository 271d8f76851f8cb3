"""Rules: which ledger postings are which cost of §8, what no rule takes, and what would a change move?"""

from ui.frame import page
from ui.rules import dry_run, history, rule_list, summary
from ui.text.i18n import _

page.frame(summary.headline(), None, summary.notices())

if summary.ready():
    dry_run.unsaved()

    page.heading(_("What no rule takes"), _("Largest first, each with a rule suggested from it."), "lacking")
    summary.unplaced()

    page.heading(_("The rules, in order"), _("The first rule that fits a posting takes it."), "rules")
    rule_list.draw()

    page.heading(_("Rule sets that were saved"), _("An old report can be told with the rules of its day."), "sets")
    history.draw()
