"""Rule sets from before: what they were, the costs as they tell them, and a way to use them again."""

import streamlit as st

from analytics.rules.model import RuleSet, rules
from ui import database, edits
from ui.frame import address, page
from ui.rules import draft
from ui.rules.text import sentence
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _


def draw() -> None:
    """A select box of rule sets, and the rules of the chosen one. Nothing where none was ever saved."""
    sets = {one.rule_set: one for one in draft.sets()}
    if not sets:
        return
    title = numbers.plural("Rules were saved {n} time", "Rules were saved {n} times", len(sets))
    page.heading(title, _("You can show the costs with the rules of that time."), "sets")
    chosen = st.selectbox(_("Rule set"), list(sets), format_func=lambda code: _told(sets[code]), key="_rules_set")
    one = sets[chosen]
    made = database.answer(rules, chosen)
    if not one.latest:
        st.html(tag("ol", *(tag("li", tag("strong", rule.name), ": ", sentence(rule)) for rule in made)))
    with st.container(horizontal=True, vertical_alignment="center"):
        href = address.link("kostnader", rules=None if one.latest else chosen)
        shows = _("Show the costs with these rules")
        st.html(tag("p", tag("a", shows, href=href, target="_self")), width="content")
        if not one.latest and edits.button(_("Use these rules again"), "_rules_again"):
            draft.replace_draft(made)


def _told(one: RuleSet) -> str:
    n = numbers.plural("{n} rule", "{n} rules", one.rules)
    parts = [labels.rule_set(one.rule_set), n, one.who, _("in use now") if one.latest else ""]
    return ", ".join(part for part in parts if part)
