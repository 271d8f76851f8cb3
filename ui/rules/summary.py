"""Rules: how much of the ledger they place, and what none of them takes, each with a rule suggested from it."""

import streamlit as st
from markupsafe import Markup

from analytics.rules.impact import RulesImpact, UnplacedGroup, evaluate
from analytics.rules.model import Rule
from analytics.rules.suggest import Suggestion, suggest
from ui import database
from ui.edits import locked
from ui.frame import address, page
from ui.rules import draft as rules_draft
from ui.rules import form
from ui.rules.draft import draft, replace_draft, saved
from ui.rules.text import postings, reason, sentence
from ui.text import numbers
from ui.text.html import definition_list, tag
from ui.text.i18n import _, escape_markdown, ngettext

SHOWN = "_rules_shown"
AT_A_TIME = 10


def load_impact() -> RulesImpact:
    """The effect of the draft on every posting."""
    return database.answer(evaluate, draft())


def headline() -> str:
    """The finding: how much the rules in use place, and what no rule takes."""
    found = database.answer(evaluate, saved())
    if not found.ledger.postings:
        return _("No costs are imported, so there is nothing for rules to place")
    gross = found.by_rule.gross + found.internal.gross
    whole, lacking = gross + found.unplaced.gross, numbers.money(found.unplaced.amount)
    if not whole:
        return _("Every posting has its type in the file, so no rule is needed")
    if not saved():
        return _("There are no rules yet: {amount} has no type and no payer").format(amount=lacking)
    n = len(saved())
    rules = numbers.plural("{n} rule", "{n} rules", n)
    if not found.unplaced.postings:
        place = ngettext("{rules} places every krona", "{rules} place every krona", n)
        return place.format(rules=rules)
    place = ngettext(
        "{rules} places {share} of the kronor; {amount} has no rule",
        "{rules} place {share} of the kronor; {amount} has no rule",
        n,
    )
    return place.format(rules=rules, share=numbers.percent(gross / whole), amount=lacking)


def notices() -> list[str]:
    """Why nothing can be changed, when it cannot."""
    if not locked():
        return []
    return [
        _(
            "You are looking at example data, so the rules cannot be changed here. When your own ledger is imported, "
            "this page suggests rules from what no rule takes."
        )
    ]


def ready() -> bool:
    """Whether there is something to place; if not, the next step is said."""
    if load_impact().ledger.postings or saved():
        return True
    step = _("Import a ledger or a list of costs. A posting without a type is placed by the rules that are made here.")
    page.empty(step, _("Import it"), address.link("importera"))
    return False


def unplaced() -> None:
    """What no rule places, largest first, each with its suggestion."""
    found = load_impact()
    if not found.unplaced.postings:
        page.reading(_("Nothing: every posting is placed by a rule or by its file."))
        return
    page.reading(_("{postings} in all, by supplier and account.").format(postings=postings(found.unplaced)))
    shown = st.session_state.get(SHOWN, AT_A_TIME)
    for number, group in enumerate(found.groups[:shown]):
        _card(number, group, database.answer(suggest, group))
    more = min(AT_A_TIME, found.grouped - shown, len(found.groups) - shown)
    if more > 0 and st.button(_("Show {n} more").format(n=numbers.count(more)), key="_rules_more"):
        st.session_state[SHOWN] = shown + AT_A_TIME
        st.rerun()
    _the_rest(found)


def _the_rest(impact: RulesImpact) -> None:
    """One last rule for what has nothing to do with e-services, as most of a whole ledger has not."""
    page.reading(
        _(
            "Is the rest of the ledger something else than e-services? A last rule can take all of it. "
            "What comes later and no other rule takes then counts as something else, too."
        )
    )
    if st.button(_("Add a last rule: everything else is outside"), key="_rules_rest", disabled=locked()):
        _add(Rule(_("Everything else"), "outside"))


def _card(number: int, group: UnplacedGroup, suggestion: Suggestion | None) -> None:
    """A group and what can be done with it; the buttons are told apart by what is heard after the words that are seen."""
    name = _name(group)
    with st.container(border=True, key=f"rules_group_{number}"):
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.html(_told(name, group, suggestion))
        if suggestion:
            with right.container(horizontal=True, horizontal_alignment="right"):
                _answers(number, escape_markdown(name), suggestion)
        if form.open_place() == form.suggestion(number):
            form.draw()


def _answers(number: int, seen: str, suggestion: Suggestion) -> None:
    first = _("Change it first") if suggestion.known else _("Write the rule")
    add, outside = (f"{label} :small[{seen}]" for label in (_("Add the rule"), _("Not e-services")))
    if suggestion.known and st.button(add, key=f"_rule_add_{number}", disabled=locked(), type="primary"):
        _add(suggestion.rule)
    if st.button(f"{first} :small[{seen}]", key=f"_rule_first_{number}", disabled=locked()):
        form.open_at(form.suggestion(number), suggestion.rule)
    if st.button(outside, key=f"_rule_outside_{number}", disabled=locked()):
        _add(_outside(suggestion.rule))


def _add(rule: Rule) -> None:
    form.close()
    replace_draft((*draft(), rule))


def _outside(rule: Rule) -> Rule:
    asked = {name: value for name, value in rule.conditions if name != "office" or not rule.payer}
    return Rule(asked.get("supplier") or next(iter(asked.values()), rule.name), "outside", **asked)


def _name(group: UnplacedGroup) -> str:
    account = " ".join(filter(None, (group.account, group.account_text)))
    supplier = group.supplier or group.supplier_id or _("Without a supplier")
    return _("{supplier}, account {account}").format(supplier=supplier, account=account) if account else supplier


def _told(name: str, group: UnplacedGroup, suggestion: Suggestion | None) -> Markup:
    where = ", ".join(office for office in group.offices[:3] if office)
    known = suggestion is not None and suggestion.known
    none = _("Nothing tells what kind of cost it is. Choose yourself.")
    facts = [
        (_("Without a rule"), f"{postings(group.total)}, {numbers.months(group.first, group.last)}"),
        (_("Texts"), " · ".join(group.texts)),
        (_("Office in the ledger"), where),
        (_("Suggestion"), sentence(suggestion.rule) if suggestion and known else none),
        (_("Why"), " ".join(reason(one) for one in suggestion.why) if suggestion else ""),
    ]
    return tag("h3", name) + definition_list(facts, "facts compact")


def describe_draft() -> str:
    """How much the draft places."""
    found = rules_draft.draft() and load_impact()
    if not found:
        return _("The last rule is taken away. Something must be left to save.")
    placed = found.by_rule.gross + found.internal.gross
    whole = placed + found.unplaced.gross
    if not whole:
        return ""
    said = _("With the changes {share} of the kronor are placed; {amount} has no rule.")
    return said.format(share=numbers.percent(placed / whole), amount=numbers.money(found.unplaced.amount))


def link_to_rules() -> Markup:
    """A link to the rules, for a page of costs."""
    return tag("a", _("The rules that say which posting is which cost"), href=address.link("regler"), target="_self")
