"""The form in which a rule is written or changed. Nothing is checked against the ledger until it stands in the list."""

from dataclasses import replace
from decimal import Decimal

import streamlit as st

from analytics.rules.model import Rule, condition_examples
from ui import database
from ui.frame import page
from ui.rules.draft import RULES, draft, replace_draft
from ui.rules.text import kind
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized, language

FORM, ROUND = "_rules_form", "_rules_form_round"
NEW = -1  # the place of a rule that is not in the list yet; further below those that come from a suggestion
WHOLE, SLACK = Decimal(100), Decimal("0.05")
FIRST = ("supplier", "account", "text")
MORE = ("unit", "office", "cost_centre", "ordered_by", "project", "counterparty")


def open_place() -> int | None:
    """The place of the rule that the form shows: in the list, `NEW`, that of a suggestion, or None."""
    held = st.session_state.get(FORM)
    return held[0] if held else None


def open_at(place: int, rule: Rule) -> None:
    """Open the form with this rule."""
    st.session_state[FORM] = (place, rule)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def suggestion(number: int) -> int:
    """The place of the rule that this suggestion begins."""
    return NEW - 1 - number


def close() -> None:
    """Close the form."""
    st.session_state.pop(FORM, None)


def draw() -> None:
    """The form, its faults, and its two buttons."""
    place, rule = st.session_state[FORM]
    page.subheading(_("A new rule") if place < 0 else _("Change rule {n}").format(n=numbers.count(place + 1)))
    made = _filled(rule)
    faults = _faults(made)
    for fault in faults:
        st.warning(fault)
    with st.container(horizontal=True):
        done = _("Add to the list") if place < 0 else _("Keep the change")
        if st.button(done, type="primary", key="_rules_form_keep", disabled=bool(faults)):
            close()
            rest = draft()
            replace_draft((*rest, made) if place < 0 else (*rest[:place], made, *rest[place + 1 :]))
        if st.button(_("Cancel"), key="_rules_form_cancel"):
            close()
            st.rerun()


def _filled(rule: Rule) -> Rule:
    name = st.text_input(_("The rule's name"), rule.name, max_chars=120, key=_key("name"))
    asked = _conditions(rule)
    left, right = st.columns(2)
    kinds = ("fixed", "variable", "other", "outside")
    with left:
        names = {code: capitalized(kind(code)) for code in kinds}
        label, chosen = _("What the posting is (§ 8)"), kinds.index(rule.cost_type)
        cost_type = st.selectbox(label, kinds, chosen, format_func=names.__getitem__, key=_key("type"))
    with right:
        held, about = rule.category or "", _help("category")
        category = st.text_input(_("Category"), held, max_chars=120, key=_key("category"), help=about)
    made = replace(rule, name=_tidy(name) or "", cost_type=cost_type, category=_tidy(category), **asked)
    payer, shares = _payers(rule) if cost_type == "other" else (None, None)
    concerns = None if cost_type == "outside" else _e_service(rule)
    return replace(made, payer=payer, shares=shares, e_service_id=concerns)


def _e_service(rule: Rule) -> str | None:
    """The one e-service that the postings concern, if they do."""
    codes = [*labels.e_services()]
    held = rule.e_service_id
    options = [*codes, *([held] if held and held not in codes else [])]
    chosen: str | None = st.selectbox(
        _("E-service"), options, options.index(held) if held else None, format_func=labels.e_service,
        placeholder=_("Several, or none in particular"), help=_help("e_service_id"), key=_key("e_service"),
    )  # fmt: skip
    return chosen


def _conditions(rule: Rule) -> dict[str, str | None]:
    """What is asked of a posting. What is blank is not asked; further conditions are those that the ledgers have columns for."""
    page.reading(_("All conditions that are filled in must fit. An empty field is not used."))
    found = dict(zip(FIRST, (_condition(rule, *one) for one in zip(FIRST, st.columns(3), strict=True)), strict=True))
    examples = database.answer(condition_examples)
    stated = [name for name in MORE if getattr(rule, name)]
    offered = [name for name in MORE if name in stated or name in examples]
    if offered:
        with st.expander(_("More conditions"), expanded=bool(stated)):
            columns = [column for _row in range(0, len(offered), 2) for column in st.columns(2)]
            named = zip(offered, columns, strict=False)
            found |= {name: _condition(rule, name, column, examples.get(name, "")) for name, column in named}
    return found


def _condition(rule: Rule, name: str, where: "st.delta_generator.DeltaGenerator", example: str = "") -> str | None:
    label = labels.label("rule_field", name)
    held = getattr(rule, name) or ""
    shown = _("For example {value}").format(value=example) if example else None
    return _tidy(where.text_input(label, held, max_chars=400, key=_key(name), help=_help(name), placeholder=shown))


def _help(name: str) -> str:
    return database.datasets()[RULES].column(name).help[language()]


def _tidy(text: str) -> str | None:
    return " ".join(text.split()) or None


def _payers(rule: Rule) -> tuple[str | None, str | None]:
    """Who pays an other cost: nobody named, one, or several by shares."""
    stated = dict(rule.allocation) or ({rule.payer: "100"} if rule.payer else {})
    known = [d.department_id for d in database.departments()]
    codes = [*known, *(code for code in stated if code not in known)]
    chosen = st.multiselect(
        _("Departments that pay"),
        codes,
        list(stated),
        format_func=labels.department,
        placeholder=_("No department chosen"),
        help=_("Choose one department that pays all, or several that share."),
        key=_key("payers"),
    )
    if len(chosen) < 2:
        return (chosen[0] if chosen else None), None
    equal = _equal(len(chosen))
    columns = [column for _row in range(0, len(chosen), 3) for column in st.columns(3)]
    shares = [_share(code, columns[i], stated.get(code), equal[i], len(chosen)) for i, code in enumerate(chosen)]
    return None, ", ".join(f"{code}:{share.normalize():f}" for code, share in zip(chosen, shares, strict=True))


def _equal(parts: int) -> list[Decimal]:
    """Equal shares to two decimals that make exactly the whole."""
    each = (WHOLE / parts).quantize(Decimal("0.01"), "ROUND_DOWN")
    return [each] * (parts - 1) + [WHOLE - each * (parts - 1)]


def _share(
    code: str, where: "st.delta_generator.DeltaGenerator", stated: str | None, equal: Decimal, among: int
) -> Decimal:
    """The part of one, as it was stated, or an equal one when there are others than before."""
    as_before = stated and stated != "100" and len(_stated()) == among
    value = where.number_input(
        _("{department}, %").format(department=labels.department(code)),
        0.0,
        100.0,
        float(Decimal(stated)) if stated and as_before else float(equal),
        0.01,
        key=_key(f"share_{among}_{code}"),
    )
    return Decimal(str(value)).quantize(Decimal("0.01"))


def _stated() -> tuple[tuple[str, str], ...]:
    rule: Rule = st.session_state[FORM][1]
    return rule.allocation


def _faults(made: Rule) -> list[str]:
    """What must be mended before the rule can stand in the list."""
    said = [] if made.name else [_("Give the rule a name.")]
    total = sum((Decimal(share) for _code, share in made.allocation), Decimal(0))
    if made.allocation and abs(total - WHOLE) > SLACK:
        must = _("The shares must make 100%. Now they make {total}.")
        said.append(must.format(total=numbers.percent(total / 100, 2)))
    return said


def _key(what: str) -> str:
    return f"_rules_form_{what}_{st.session_state.get(ROUND, 0)}"
