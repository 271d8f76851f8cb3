"""Changes that are not saved: try them on the whole history, see what would move from where to where, then save them."""

import pandas as pd
import streamlit as st

from analytics.rules.dry_run import CostPlace, DryRun, dry_run
from analytics.rules.impact import RulesImpact
from analytics.rules.model import Rule
from ui import database
from ui.components import tables
from ui.components.tables import Table
from ui.costs.labels import OWNER, UNPLACED
from ui.frame import page
from ui.rules import draft as rules_draft
from ui.rules.draft import draft
from ui.rules.summary import describe_draft, load_impact
from ui.rules.text import kind, postings
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _

CONFLICTS = 5  # told of one by one


def unsaved() -> None:
    """The unsaved changes, with buttons to try, save and drop them."""
    rules_draft.show_outcome()
    if not rules_draft.is_changed():
        rules_draft.undo()
        return
    with st.container(key="panel_unsaved"):
        st.html(tag("h2", _("Changes that are not saved")) + tag("p", describe_draft()))
        if rules_draft.is_tried():
            _result()
        _decide()


def _decide() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rules_draft.ask_who()
        is_tried = rules_draft.is_tried()
        if st.button(
            _("Try the rules"), key="_rules_try", type="secondary" if is_tried else "primary",
            disabled=is_tried or not draft(),
        ):  # fmt: skip
            rules_draft.mark_tried()
            st.rerun()
        if st.button(_("Save the rules"), key="_rules_save", type="primary", disabled=not is_tried):
            rules_draft.save()
        if st.button(_("Discard the changes"), key="_rules_drop"):
            rules_draft.discard()
            st.rerun()
    if not is_tried:
        page.reading(_("Try the rules on all history before they are saved. What would change is shown here."))


def _result() -> None:
    found: DryRun = database.answer(dry_run, draft())
    total = numbers.exact_money(load_impact().ledger.amount)
    if not found.moves:
        nothing = _("No posting would change. The ledger's sum is SEK {total}.")
        page.reading(nothing.format(total=total))
    else:
        text = numbers.plural(
            "{n} posting would change, SEK {gross} in all. The ledger's sum is SEK {total} before and after.",
            "{n} postings would change, SEK {gross} in all. The ledger's sum is SEK {total} before and after.",
            found.postings,
            gross=numbers.exact_money(found.gross / 100),
            total=total,
        )
        page.reading(text)
        tables.draw("rules_moves", moves, None, draft())
    if found.renamed:
        text = numbers.plural(
            "{n} posting would concern another e-service than now.",
            "{n} postings would concern another e-service than now.",
            found.renamed,
        )
        page.reading(text)
    _look_out(load_impact(), draft())


def moves(_scope: None, tried: tuple[Rule, ...]) -> Table:
    """The sums that would change type, category or payer, largest first."""
    found = database.answer(dry_run, tried).moves
    columns = {
        _("From"): [_where(move.before) for move in found],
        _("To"): [_where(move.after) for move in found],
        _("Amount, SEK"): [float(move.amount) for move in found],
        _("Postings"): [move.postings for move in found],
    }
    return Table(_("What the rules would change"), pd.DataFrame(columns), decimals=2)


def _where(place: CostPlace) -> str:
    """A place in words: who pays, for what."""
    if place.payer == "outside":
        return _kind(place)
    payer = {OWNER: _("The system owner"), UNPLACED: _("Without a payer")}.get(place.payer) or labels.department(
        place.payer
    )
    return f"{payer}: {_kind(place)}"


def _kind(place: CostPlace) -> str:
    return ", ".join(part for part in (kind(place.cost_type), place.category) if part)


def _look_out(impact: RulesImpact, made: tuple[Rule, ...]) -> None:
    """What may not be meant: rules without an effect, and postings that two rules would have differently."""
    said = [
        _("Rule {rule} applies to no posting.").format(rule=_named(made, place))
        for place, use in enumerate(impact.uses, 1)
        if not use.takes.postings
    ]
    for one in impact.conflicts[:CONFLICTS]:
        told_so = _("Both {first} and {other} fit {postings}. The first of them applies.")
        rules = {"first": _named(made, one.winner), "other": _named(made, one.loser)}
        said.append(told_so.format(postings=postings(one.disputed), **rules))
    if said:
        with st.expander(_("Worth a look ({n})").format(n=numbers.count(len(said)))):
            st.html(tag("ul", *(tag("li", sentence) for sentence in said)))


def _named(made: tuple[Rule, ...], place: int) -> str:
    return f"{place}. {made[place - 1].name}"
