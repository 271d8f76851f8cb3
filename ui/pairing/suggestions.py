"""The suggestions, one by one with why, and all above a line at once."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from analytics.metrics.scope import Scope
from analytics.pairing import suggestions
from analytics.pairing.suggestions import Reason, Suggestion
from ui import database, edits
from ui.components import action_rows, tables
from ui.components.tables import Table
from ui.frame import page
from ui.pairing.decisions import ask_who, decide
from ui.pairing.lists import paired_message
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, capitalized, escape_markdown

LINE, ASKED, SHOWN = "_pair_line", "_pair_asked", "_pair_shown"
AT_A_TIME = 20


def load_suggestions(scope: Scope) -> tuple[Suggestion, ...]:
    """The suggestions in the scope, likeliest first."""
    return suggestions.in_scope(scope, database.answer(suggestions.suggestions))


def approve_above(scope: Scope) -> None:
    """The role, the threshold, and a button that lists what it would approve before it does; nothing on example data."""
    if edits.is_example():
        return
    left, middle, right = st.columns(3, gap="medium", vertical_alignment="bottom")
    with left:
        ask_who()
    line = middle.slider(_("Threshold for likeness"), suggestions.MIN_SCORE, 100, suggestions.SURE_SCORE, 5, key=LINE)
    sure = suggestions.sure_from(load_suggestions(scope), line)
    label = _("Approve all above the threshold ({n})").format(n=numbers.count(len(sure)))
    with right:
        if edits.button(label, "_pair_all", useless=not sure):
            st.session_state[ASKED] = (line, database.version())
    page.reading(
        _(
            "Only pairs where both lack one, and where nobody fits either of them better. The rest you decide one by one."
        )
    )
    if st.session_state.get(ASKED) == (line, database.version()) and sure:
        _approve(scope, line, sure)


def _approve(scope: Scope, line: int, sure: tuple[Suggestion, ...]) -> None:
    n = len(sure)
    with st.container(key="panel_approve"):
        page.subheading(numbers.plural("{n} service gets its e-service:", "{n} services get an e-service each:", n))
        tables.draw("pair_sure", table, scope, line)
        with st.container(horizontal=True):
            if st.button(numbers.plural("Approve {n} pair", "Approve {n} pairs", n), type="primary", key="_pair_yes"):
                said = numbers.plural("{n} pair now belongs together.", "{n} pairs now belong together.", n)
                decide([_pair(one) for one in sure], belong=True, said=said)
            if st.button(_("Cancel"), key="_pair_no"):
                st.session_state.pop(ASKED)
                st.rerun()


def table(scope: Scope, line: int) -> Table:
    """What would be approved at this line."""
    sure = suggestions.sure_from(load_suggestions(scope), line)
    columns = {
        _("Service"): [one.service.name for one in sure],
        _("E-service"): [one.e_service.name for one in sure],
        _("Likeness, 0–100"): pd.array([one.score for one in sure], "Int64"),
        _("Department"): [labels.department(one.service.department_id) for one in sure],
    }
    return Table(_("Pairs from the threshold"), pd.DataFrame(columns), ("pairing_score",))


def heading(scope: Scope) -> None:
    """How many suggestions there are, and how many of them are sure enough to be approved at once."""
    every, line = load_suggestions(scope), st.session_state.get(LINE, suggestions.SURE_SCORE)
    free = any(one.service.unpaired and one.e_service.unpaired for one in every)
    page.heading(title(len(every), len(suggestions.sure_from(every, line)), is_free=free), anchor="suggestions")


def title(n: int, sure: int, *, is_free: bool = True) -> str:
    """The finding over `n` suggestions, of which `sure` can be approved at once; none `is_free` where each has one already."""
    if not n:
        return _("No suggestions")
    if not is_free:
        return numbers.plural(
            "{n} suggestion, of what belongs to something else already",
            "{n} suggestions, all of what belongs to something else already",
            n,
        )
    if not sure:
        return numbers.plural("{n} suggestion to decide on", "{n} suggestions to decide on one by one", n)
    if sure == n:
        return numbers.plural(
            "{n} suggestion, sure enough to approve", "{n} suggestions, all sure enough to approve", n
        )
    part, whole = numbers.count(sure), numbers.count(n)
    return _("{part} of {whole} suggestions can be approved at once").format(part=part, whole=whole)


def list_suggestions(scope: Scope) -> None:
    """The likeliest suggestions as rows, and a button for more."""
    every = load_suggestions(scope)
    if not every:
        page.reading(_("No names are similar enough. Pair by hand below."))
        return
    shown = st.session_state.get(SHOWN, AT_A_TIME)
    with action_rows.listed("suggestions", (_("Service"), _("E-service"), _("Why"))):
        for one in every[:shown]:
            _row(one)
    if len(every) > shown:
        more = min(AT_A_TIME, len(every) - shown)
        if st.button(_("Show {n} more").format(n=numbers.count(more)), key="_pair_more"):
            st.session_state[SHOWN] = shown + AT_A_TIME
            st.rerun()


def _row(one: Suggestion) -> None:
    """A suggestion and its two answers; these are told apart by what is heard after the words that are seen."""
    both = escape_markdown(f"{one.service.name} / {one.e_service.name}")
    key = f"{one.service.service_id}_{one.e_service.e_service_id}"
    with action_rows.row(_cells(one)):
        yes, no = _("They belong together"), _("They do not")
        if edits.button(f"{yes} :small[{both}]", f"_pair_accept_{key}"):
            decide([_pair(one)], belong=True, said=paired_message(one.service.name, one.e_service.name))
        if edits.button(f"{no} :small[{both}]", f"_pair_reject_{key}", type="tertiary"):
            told = _("“{service}” and “{e_service}” do not belong together, and are not suggested any more.")
            said = told.format(service=one.service.name, e_service=one.e_service.name)
            decide([_pair(one)], belong=False, said=said)


def _pair(one: Suggestion) -> tuple[str, str]:
    return one.service.service_id, one.e_service.e_service_id


def _cells(one: Suggestion) -> tuple[Markup, ...]:
    """The service, the e-service (a link to it where it has an address), and how alike they are and why."""
    service, e_service = one.service, one.e_service
    link = tag("a", e_service.name, href=e_service.url, target="_blank", rel="noopener")
    speaks_for = " ".join(_sentence(r) for r in one.reasons if r.kind not in AGAINST)
    against = " ".join(_sentence(r) for r in one.reasons if r.kind in AGAINST)
    return (
        action_rows.lines(service.name, labels.department(service.department_id)),
        action_rows.lines(
            link if e_service.url else e_service.name, capitalized(labels.label("kind", e_service.kind)), is_name=False
        ),
        action_rows.lines(
            _("Likeness {n} of 100").format(n=numbers.count(one.score)),
            speaks_for,
            _("Speaks against: {reasons}").format(reasons=against) if against else "",
            is_name=False,
        ),
    )


AGAINST = ("only_service", "only_e_service", "other_action", "other_audience", "service_has_one", "e_service_taken")


def _sentence(reason: Reason) -> str:
    """A reason in the reader's words."""
    if reason.kind == "other_action":
        one, other = reason.words
        if one and other:
            return _("They concern different things: {one}, {other}.").format(one=one, other=other)
        return _("Only one of the names says what one does: {word}.").format(word=one or other)
    words = ", ".join(word if isinstance(word, str) else " – ".join(word) for word in reason.words)
    return labels.label("pairing_reason", reason.kind).format(words=words)
