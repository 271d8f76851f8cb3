"""Rules: how much of the ledger they place, and what none of them takes, each with a rule suggested from it."""

from decimal import Decimal

import streamlit as st
from markupsafe import Markup

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.rules.impact import NAMING, RulesImpact, UnplacedGroup, evaluate
from analytics.rules.model import Rule
from analytics.rules.suggest import Suggestion, suggest
from ui import database, edits
from ui.components import action_rows
from ui.frame import address, page
from ui.frame.filters import month_code
from ui.rules import draft as rules_draft
from ui.rules import form
from ui.rules.draft import draft, replace_draft, saved
from ui.rules.text import postings, reason, result
from ui.text import numbers
from ui.text.i18n import _, capitalized, escape_markdown

SHOWN = "_rules_shown"
AT_A_TIME = 10


def load_impact() -> RulesImpact:
    """The effect of the draft on every posting."""
    return database.answer(evaluate, draft())


def headline() -> str:
    """The finding: how much the rules in use place, and what no rule takes."""
    found = database.answer(evaluate, saved())
    if not found.ledger.postings:
        return _("No costs are imported yet")
    gross = found.by_rule.gross + found.internal.gross
    whole, lacking = gross + found.unplaced.gross, numbers.money(found.unplaced.amount)
    if not found.unplaced.postings:
        return typed(without_payer())
    if not saved():
        return _("There are no rules yet: {amount} has no type and no payer").format(amount=lacking)
    return finding(len(saved()), gross / whole)


def _whole() -> Scope:
    """All that is booked."""
    period = database.period()
    return Scope(period.first, period.last)


def without_payer() -> Decimal:
    """The kronor that nobody pays, of all that is booked."""
    rows = database.answer(measure, "cost", _whole(), "payer")
    return sum((Decimal(row.value or 0) for row in rows if row.by["payer"] == "unplaced"), Decimal(0))


def typed(lacking: Decimal) -> str:
    """The headline where every posting has its type: whether all of them have a payer, too."""
    if not lacking:
        return _("Every posting has a type and a payer")
    return _("Every posting has a type, but {amount} has no payer").format(amount=numbers.money(lacking))


def draw_without_payer() -> None:
    """The way to what nobody pays, though it has a type: no rule asks for it."""
    if without_payer() and not load_impact().unplaced.postings:
        ends = {"from_": month_code(_whole().month_from), "to": month_code(_whole().month_to)}
        page.link_line(_("See the postings without a payer"), address.link("kostnader", "unplaced", **ends))


def finding(rules: int, share: float) -> str:
    """The headline of so many rules, which place this share of the kronor."""
    return numbers.plural(
        "{n} rule gives a type to {share} of what had none",
        "{n} rules give a type to {share} of what had none",
        rules,
        share=numbers.percent(share),
    )


def ready() -> bool:
    """Whether there is something to place; if not, the next step is said."""
    if load_impact().ledger.postings or saved():
        return True
    step = _(
        "Import a general ledger, a supplier ledger or a list of costs. Postings without a type get it from"
        " the rules here."
    )
    page.empty(step, _("Import it"), address.link("importera"))
    return False


def unplaced() -> None:
    """What no rule places, largest first, each with its suggestion. Nothing at all where everything is placed."""
    found = load_impact()
    if not found.unplaced.postings:
        return
    page.heading(
        lacking(found), _("By supplier and account, the largest first. Each row can become a rule."), "lacking"
    )
    shown = st.session_state.get(SHOWN, AT_A_TIME)
    with action_rows.listed("groups", (_("Supplier and account"), _("Without a rule"), _("Suggestion"))):
        for number, group in enumerate(found.groups[:shown]):
            _row(number, group, database.answer(suggest, group))
    more = min(AT_A_TIME, found.grouped - shown, len(found.groups) - shown)
    if more > 0 and st.button(_("Show {n} more").format(n=numbers.count(more)), key="_rules_more"):
        st.session_state[SHOWN] = shown + AT_A_TIME
        st.rerun()
    _the_rest(found)


def lacking(impact: RulesImpact) -> str:
    """The finding: how much no rule places."""
    return numbers.plural(
        "{n} posting of {amount} has no rule",
        "{n} postings of {amount} have no rule",
        impact.unplaced.postings,
        amount=numbers.money(impact.unplaced.amount),
    )


def _the_rest(impact: RulesImpact) -> None:
    """One last rule for what has nothing to do with e-services, as most of a whole ledger has not."""
    page.reading(
        _(
            "Is the rest of the ledger something else than e-services? A last rule can apply to all of it. Later"
            " postings that no other rule applies to then count as something else, too."
        )
    )
    if edits.button(_("Add a last rule: the rest is other than e-services"), "_rules_rest"):
        _add(Rule(_("Everything else"), "outside"))


def _row(number: int, group: UnplacedGroup, suggestion: Suggestion | None) -> None:
    """A group and what can be done with it; the buttons are told apart by what is heard after the words that are seen."""
    name = _name(group)
    with st.container(key=f"row_group_{number}"):
        buttons = action_rows.row(_cells(name, group, suggestion))
        if suggestion:
            with buttons:
                _answers(number, escape_markdown(name), suggestion)
        if form.open_place() == form.suggestion(number):
            form.draw()


def _answers(number: int, seen: str, suggestion: Suggestion) -> None:
    first = _("Change it first") if suggestion.known else _("Write the rule")
    add, outside = (f"{label} :small[{seen}]" for label in (_("Add the rule"), _("Not e-services")))
    if suggestion.known and edits.button(add, f"_rule_add_{number}"):
        _add(suggestion.rule)
    if edits.button(f"{first} :small[{seen}]", f"_rule_first_{number}", type="tertiary"):
        form.open_at(form.suggestion(number), suggestion.rule)
    if edits.button(outside, f"_rule_outside_{number}", type="tertiary"):
        _add(_outside(suggestion.rule))


def _add(rule: Rule) -> None:
    form.close()
    replace_draft((*draft(), rule))


def _outside(rule: Rule) -> Rule:
    asked = {name: value for name, value in rule.conditions if name not in NAMING or not rule.payer}
    return Rule(asked.get("supplier") or next(iter(asked.values()), rule.name), "outside", **asked)


def _name(group: UnplacedGroup) -> str:
    account = " ".join(filter(None, (group.account, group.account_text)))
    supplier = group.supplier or group.supplier_id or _("Without a supplier")
    return _("{supplier}, account {account}").format(supplier=supplier, account=account) if account else supplier


def _cells(name: str, group: UnplacedGroup, suggestion: Suggestion | None) -> tuple[Markup, ...]:
    """Who is paid, for what and from where; how much and when; and what it may be, and why."""
    where = ", ".join([name for _column, names in group.named for name in names if name][:3])
    proposed = _("Nothing shows what kind of cost it is.")
    if suggestion and suggestion.known:
        proposed = capitalized(result(suggestion.rule))
    return (
        action_rows.lines(name, " · ".join(group.texts), where),
        action_rows.lines(postings(group.total), numbers.months(group.first, group.last), is_name=False),
        action_rows.lines(
            proposed, " ".join(reason(one) for one in suggestion.why) if suggestion else "", is_name=False
        ),
    )


def describe_draft() -> str:
    """How much the draft places."""
    found = rules_draft.draft() and load_impact()
    if not found:
        return _("The last rule is removed. At least one rule must be left to save.")
    placed = found.by_rule.gross + found.internal.gross
    whole = placed + found.unplaced.gross
    if not whole:
        return ""
    said = _("With the changes {share} of what had no type gets one, and {amount} has no rule.")
    return said.format(share=numbers.percent(placed / whole), amount=numbers.money(found.unplaced.amount))
