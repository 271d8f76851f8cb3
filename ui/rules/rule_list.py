"""The rules in the order in which they are tried, with what each takes, and the ways to change them."""

from collections.abc import Callable, Sequence

import streamlit as st
from markupsafe import Markup

from analytics.rules.impact import RulesImpact
from analytics.rules.model import Rule
from ui import edits
from ui.components import action_rows
from ui.frame import page
from ui.rules import form
from ui.rules.draft import draft, replace_draft
from ui.rules.summary import load_impact
from ui.rules.text import postings, sentence
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, escape_markdown


def heading() -> None:
    """What is to know of the rules: whether any of them applies to nothing."""
    uses, nothing = load_impact().uses, _nothing_to_place(load_impact())
    idle = 0 if nothing else sum(not use.takes.postings for use in uses)
    page.heading(
        title(len(draft()), idle), _("The rules are tried from the top. The first that fits applies."), "rules"
    )


def title(n: int, idle: int) -> str:
    """The finding over `n` rules, of which `idle` apply to no posting."""
    if not n:
        return _("No rules yet")
    if not idle:
        return numbers.plural("{n} rule, tried from the top", "{n} rules, tried from the top", n)
    return numbers.plural(
        "{part} of {n} rule applies to no posting",
        "{part} of {n} rules apply to no posting",
        n,
        part=numbers.count(idle),
    )


def draw() -> None:
    """Every rule as a row, and the form where it is open."""
    made, found = draft(), load_impact()
    if not made:
        page.reading(_("Begin with a suggestion above, or write one."))
    else:
        with action_rows.listed("rules", (_("Rule"), _("What it says"), _("What it applies to"))):
            for place, rule in enumerate(made):
                with st.container(key=f"row_rule_{place}"):
                    if form.open_place() == place:
                        form.draw()
                    else:
                        _rule(place, rule, found)
    if form.open_place() == form.NEW:
        with st.container(key="panel_rule"):
            form.draw()
    elif edits.button(_("Write a rule"), "_rules_write"):
        form.open_at(form.NEW, Rule("", "fixed"))


def _rule(place: int, rule: Rule, impact: RulesImpact) -> None:
    cells = (action_rows.lines(f"{place + 1}. {rule.name}"), sentence(rule), _takes(impact, place))
    with action_rows.row(cells):
        made, last = draft(), len(draft()) - 1
        _button(_("Edit"), "edit", place, lambda: form.open_at(place, rule))
        _button(_("Move up"), "up", place, lambda: replace_draft(swap(made, place - 1)), place == 0)
        _button(_("Move down"), "down", place, lambda: replace_draft(swap(made, place)), place == last)
        _button(_("Remove"), "remove", place, lambda: replace_draft((*made[:place], *made[place + 1 :])))


def _button(label: str, what: str, place: int, do: Callable[[], None], useless: bool = False) -> None:
    """A button that is told from the other rules' by what is heard after the words that are seen."""
    seen = escape_markdown(f"{place + 1}. {draft()[place].name}")
    if edits.button(f"{label} :small[{seen}]", f"_rule_{what}_{place}", useless=useless, type="tertiary"):
        form.close()
        do()


def swap(made: Sequence[Rule], place: int) -> tuple[Rule, ...]:
    """The rules with those at `place` and `place + 1` exchanged."""
    return (*made[:place], made[place + 1], made[place], *made[place + 2 :])


def _nothing_to_place(impact: RulesImpact) -> bool:
    return impact.by_file.postings == impact.ledger.postings


def _takes(impact: RulesImpact, place: int) -> Markup | str:
    use, made = impact.uses[place], draft()
    if _nothing_to_place(impact):
        return _("Not needed now: every posting has its type from the file.")
    if use.takes.postings:
        return postings(use.takes)
    if not use.fits:
        return tag("em", _("No posting fits it."))
    earlier = ", ".join(f"{before}. {made[before - 1].name}" for before in use.shadowed_by)
    return tag("em", _("Never used: {rules} comes first and applies to the same postings.").format(rules=earlier))
