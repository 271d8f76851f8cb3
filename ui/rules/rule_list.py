"""The rules in the order in which they are tried, with what each takes, and the ways to change them."""

from collections.abc import Callable, Sequence

import streamlit as st
from markupsafe import Markup

from analytics.rules.impact import RulesImpact
from analytics.rules.model import Rule
from ui.edits import locked
from ui.frame import page
from ui.rules import form
from ui.rules.draft import draft, replace_draft
from ui.rules.summary import load_impact
from ui.rules.text import postings, sentence
from ui.text.html import tag
from ui.text.i18n import _, escape_markdown


def draw() -> None:
    """Every rule, and the form where it is open."""
    made, found = draft(), load_impact()
    if not made:
        page.reading(_("There are no rules yet. Begin with a suggestion above, or write one."))
    elif _nothing_to_place(found):
        page.reading(_("No postings to place."))
    for place, rule in enumerate(made):
        with st.container(border=True, key=f"rules_rule_{place}"):
            if form.open_place() == place:
                form.draw()
            else:
                _rule(place, rule, found)
    if form.open_place() == form.NEW:
        with st.container(border=True, key="rules_new"):
            form.draw()
    elif st.button(_("Write a rule"), key="_rules_write", disabled=locked()):
        form.open_at(form.NEW, Rule("", "fixed"))


def _rule(place: int, rule: Rule, impact: RulesImpact) -> None:
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.html(tag("h3", f"{place + 1}. {rule.name}") + tag("p", sentence(rule)) + _takes(impact, place))
    with right.container(horizontal=True, horizontal_alignment="right"):
        made, last = draft(), len(draft()) - 1
        _button(_("Edit"), "edit", place, lambda: form.open_at(place, rule))
        _button(_("Move up"), "up", place, lambda: replace_draft(swap(made, place - 1)), place == 0)
        _button(_("Move down"), "down", place, lambda: replace_draft(swap(made, place)), place == last)
        _button(_("Remove"), "remove", place, lambda: replace_draft((*made[:place], *made[place + 1 :])))


def _button(label: str, what: str, place: int, do: Callable[[], None], useless: bool = False) -> None:
    """A button that is told from the other rules' by what is heard after the words that are seen."""
    seen = escape_markdown(f"{place + 1}. {draft()[place].name}")
    disabled = locked() or useless
    if st.button(f"{label} :small[{seen}]", key=f"_rule_{what}_{place}", disabled=disabled, type="tertiary"):
        form.close()
        do()


def swap(made: Sequence[Rule], place: int) -> tuple[Rule, ...]:
    """The rules with those at `place` and `place + 1` exchanged."""
    return (*made[:place], made[place + 1], made[place], *made[place + 2 :])


def _nothing_to_place(impact: RulesImpact) -> bool:
    return impact.by_file.postings == impact.ledger.postings


def _takes(impact: RulesImpact, place: int) -> Markup:
    use, made = impact.uses[place], draft()
    if _nothing_to_place(impact):
        return Markup("")
    if use.takes.postings:
        return tag("p", _("Takes {postings}.").format(postings=postings(use.takes)), class_="quiet")
    if not use.fits:
        return tag("p", _("Takes nothing: no posting is like that."), class_="notice")
    earlier = ", ".join(f"{before}. {made[before - 1].name}" for before in use.shadowed_by)
    told_so = _("Is never reached: all it fits is taken before by {rules}.")
    return tag("p", told_so.format(rules=earlier), class_="notice")
