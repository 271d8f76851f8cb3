"""Under a goal's row: why it deviates and what is done about it, or that nobody has said so; the departments' behind one line."""

from collections.abc import Sequence

import streamlit as st

from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope
from analytics.priorities.deviations import GoalDeviation, deviations
from ui import database
from ui.components import explanations
from ui.frame.cached_blocks import cached_block
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _


def draw(code: str, scope: Scope) -> None:
    """What is said of the goal itself, and of its departments where none is chosen."""
    own, of_departments = parted(code, scope)
    _listed(own, scope, named=len(own) > 1)
    if of_departments:
        with st.expander(heading(of_departments)):
            _listed(of_departments, scope, named=True)


def parted(code: str, scope: Scope) -> tuple[list[GoalDeviation], list[GoalDeviation]]:
    """What deviates or is explained: of what is chosen, and of the departments where nothing is."""
    found = database.answer(deviations, scope, metrics()[code].goal or 0)
    told = [one for one in found if one.is_due or one.explained or one.previous]
    if scope.departments:
        return told, []
    return [one for one in told if one.department_id is None], [one for one in told if one.department_id is not None]


def heading(found: Sequence[GoalDeviation]) -> str:
    """How many departments have explained their deviation, and how many have not; that it was before, where none has to."""
    missing = sum(one.is_missing for one in found)
    explained = sum(bool(one.explained) for one in found)
    without = numbers.plural(
        "{n} department has not explained its deviation", "{n} departments have not explained their deviations", missing
    )
    given = numbers.plural(
        "{n} department has explained its deviation", "{n} departments have explained their deviations", explained
    )
    if missing and explained:
        return _("{without}, {n} has").format(without=without, n=numbers.count(explained))
    return without if missing else given if explained else _("Earlier explanations by departments")


@cached_block
def _listed(found: Sequence[GoalDeviation], scope: Scope, *, named: bool) -> None:
    items = [item for one in found for item in explanations.items(one, scope, named=named)]
    if items:
        st.html(tag("ul", *items, class_="explained"))
