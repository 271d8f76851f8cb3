"""Reports: what was told at a follow-up, kept as it was, and what differs from it since."""

from ui import edits
from ui.frame import filters, page, practice
from ui.reports import claims, listing, questions, reading, rounds

choice = filters.current()

if number := listing.asked():
    reading.draw(number, choice.scope)
else:
    page.frame(listing.headline(), choice.scope, filters.notices(choice))
    if edits.is_example():
        practice.offer()
    edits.show_message(listing.PAGE)
    rounds.block(choice.scope)
    listing.draw()
    questions.block(choice.scope)
    listing.form(choice.scope)
    claims.block(choice.scope)
