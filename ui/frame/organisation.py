"""Whether figures stay with the department where they arose, or stand with that of today: the choice and what to say of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from markupsafe import Markup

from analytics.metrics.dimensions import has_moves, lineage, reorganised
from analytics.metrics.scope import Scope
from ui import database
from ui.frame import address
from ui.text import labels
from ui.text.html import join, tag
from ui.text.i18n import _


def notices(scope: Scope) -> Iterator[str | Markup]:
    """What a reader must know of departments that are chosen and of the organisation that the figures are told in."""
    template = _("{other} is counted with {department}, which has replaced it.")
    if scope.organisation == "today":
        template = _("{department} is {other} in today's organisation.")
    for chosen, other in database.answer(lineage, scope):
        yield template.format(department=labels.department(chosen), other=labels.department(other))
    if database.answer(has_moves, scope):
        moved = _("Services have moved to or from what is chosen: their figures stay where they arose.")
        link = tag("a", _("Use today's organisation"), href=address.link_here(organisation="today"), target="_self")
        yield join((moved, link), " ")


def of_today(scope: Scope) -> Scope:
    """The scope of a page that says what to do: it is for those who have the services today."""
    return replace(scope, organisation="today") if database.answer(reorganised) else scope


def names() -> Mapping[str, str]:
    """The words of each organisation that figures can be told in, by its code."""
    return {"historical": _("As it was each month"), "today": _("Today's, for all years")}
