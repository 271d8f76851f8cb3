"""A rule, and what it does, in the reader's words."""

from analytics.rules.impact import PostingSum
from analytics.rules.model import Rule
from analytics.rules.suggest import Reason
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized

EVERY = ("cost_centre", "project", "counterparty", "account", "ordered_by")  # conditions that are codes, not words


def sentence(rule: Rule) -> str:
    """A rule in words: "Leverantören innehåller ”plattformsbolaget” och konto 5420 → fast kostnad, …"."""
    asked = _(" and ").join(_asked(name, value) for name, value in rule.conditions) or _("everything else")
    return f"{capitalized(asked)} → {result(rule)}"


def result(rule: Rule) -> str:
    """What a rule assigns: type, category and payer."""
    return ", ".join(part for part in (kind(rule.cost_type), rule.category, _pays(rule), _concerns(rule)) if part)


def kind(cost_type: str | None) -> str:
    """A type of cost in the middle of a sentence; None is what no rule takes."""
    if cost_type is None:
        return _("no rule")
    return labels.label("cost_in_sentence", cost_type)


def _asked(name: str, value: str) -> str:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    told = _(" or ").join(parts if name in EVERY else (_("“{word}”").format(word=part) for part in parts))
    return labels.label("rule_condition", name).format(told=told)


def _pays(rule: Rule) -> str:
    if rule.cost_type == "outside":
        return ""
    if rule.cost_type != "other":
        return _("the system owner pays")
    if rule.allocation:
        shared = [f"{labels.department(code)} {_share(share)}" for code, share in rule.allocation]
        return _("shared by {departments}").format(departments=", ".join(shared))
    if rule.payer:
        return _("{department} pays").format(department=labels.department(rule.payer))
    return _("whoever ordered it pays; where nobody is stated there is no payer")


def _concerns(rule: Rule) -> str:
    if not rule.e_service_id or rule.cost_type == "outside":
        return ""
    return _("for the e-service {name}").format(name=labels.e_service(rule.e_service_id))


def _share(stated: str) -> str:
    try:
        value = float(stated)
    except ValueError:
        return stated
    return numbers.percent(value / 100, 0 if value.is_integer() else 2)


def postings(sums: PostingSum) -> str:
    """How many postings, and their sum: "14 poster, 123 456 kr"."""
    return numbers.plural("{n} posting", "{n} postings", sums.postings) + f", {numbers.money(sums.amount)}"


def reason(one: Reason) -> str:
    """Why a rule is suggested."""
    return labels.label("rule_reason", one.kind).format(words=", ".join(one.words))
