"""Whether figures stay with the department where they arose, or stand with that of today: the choice and what to say of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from babel.lists import format_list
from markupsafe import Markup

from analytics.metrics.dimensions import has_moves, lineage, reorganised
from analytics.metrics.scope import Scope
from ui import database
from ui.frame import address
from ui.text import labels
from ui.text.html import join, tag
from ui.text.i18n import _, language, ngettext


def notices(scope: Scope) -> Iterator[str | Markup]:
    """What a reader must know of departments that are chosen and of the organisation that the figures are told in."""
    pairs = [(labels.department(chosen), labels.department(other)) for chosen, other in database.answer(lineage, scope)]
    for department, group in groupby(pairs, key=itemgetter(0)):
        others = [other for _department, other in group]
        text = ngettext(
            "{others} is counted with {department}, which has replaced it.",
            "{others} are counted with {department}, which has replaced them.",
            len(others),
        )
        if scope.organisation == "today":
            text = _("{department} is {others} in today's organisation.")
        yield text.format(department=department, others=format_list(others, locale=language()))
    if database.answer(has_moves, scope):
        moved = _("Services have changed department to or from the selection. Their figures stay where they arose.")
        link = tag("a", _("Use today's organisation"), href=address.link_here(organisation="today"), target="_self")
        yield join((moved, link), " ")


def of_today(scope: Scope) -> Scope:
    """The scope in today's organisation, where it differs from an earlier one."""
    return replace(scope, organisation="today") if database.answer(reorganised) else scope


def names() -> Mapping[str, str]:
    """The words of each organisation that figures can be told in, by its code."""
    return {"historical": _("As it was each month"), "today": _("Today's, for all years")}
