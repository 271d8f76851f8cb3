"""Pair: which services and e-services have nobody, which of them belong together, and why?"""

from ui import filters, page, pairing, pairing_change, pairing_suggestions
from ui.kept import remembered
from ui.text import _

choice = filters.current()
scope = pairing.now(choice.scope)

page.frame(remembered(pairing.headline, scope), scope, [*pairing.notices(), *filters.notices(choice)])

if pairing.ready():
    pairing.lacking(scope)

    page.heading(
        _("Suggestions"), _("Pairs whose names or addresses are alike, the likeliest first, and why."), "suggestions"
    )
    pairing_change.say_what_happened()
    pairing_change.undo()
    pairing_suggestions.all_above(scope)
    pairing_suggestions.listed(scope)

    page.heading(
        _("Pair by hand"), _("For those that no suggestion fits. An e-service may belong to several services.")
    )
    pairing.by_hand(scope)
