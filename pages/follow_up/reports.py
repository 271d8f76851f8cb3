"""Reports: what was told at a follow-up, kept as it was, and what differs from it since."""

from ui import edits
from ui.frame import address, filters, page, practice
from ui.reports import claims, listing, questions, reading, rounds
from ui.text.i18n import _

choice = filters.current()

if number := listing.asked():
    reading.draw(number, choice.scope)
else:
    page.frame(listing.headline(), choice.scope, filters.notices(choice))
    if edits.is_example():
        practice.offer()
    edits.show_message(listing.PAGE)
    page.link_line(_("The monthly note"), address.link("manadsbrev"))
    rounds.block(choice.scope)
    listing.draw()
    questions.block(choice.scope)
    listing.form(choice.scope)
    claims.block(choice.scope)
