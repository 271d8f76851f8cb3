"""Pair: which services and e-services have nobody, which of them belong together, and why?"""

from ui import edits
from ui.frame import filters, page, practice
from ui.frame.cached_blocks import cached
from ui.pairing import decisions, lists, suggestions

choice = filters.current_of_today()
scope = lists.current_scope(choice.scope)

page.frame(cached(lists.headline, scope), scope, filters.notices(choice))
if edits.is_example():
    practice.offer()

if lists.ready():
    lists.unpaired(scope)

    suggestions.heading(scope)
    decisions.show_outcome()
    decisions.undo()
    suggestions.approve_above(scope)
    suggestions.list_suggestions(scope)
    lists.by_hand(scope)
