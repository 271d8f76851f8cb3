"""Pair: which services and e-services have nobody, which of them belong together, and why?"""

from ui.frame import filters, page
from ui.frame.cached_blocks import cached
from ui.pairing import decisions, lists, suggestions
from ui.text.i18n import _

choice = filters.current_of_today()
scope = lists.current_scope(choice.scope)

page.frame(cached(lists.headline, scope), scope, [*lists.notices(), *filters.notices(choice)])

if lists.ready():
    lists.unpaired(scope)

    suggestions.heading(scope)
    decisions.show_outcome()
    decisions.undo()
    suggestions.approve_above(scope)
    suggestions.list_suggestions(scope)

    page.heading(
        _("Pair by hand"), _("For those that no suggestion fits. An e-service may belong to several services.")
    )
    lists.by_hand(scope)
