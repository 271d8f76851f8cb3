"""Is it true? A sentence with a share, held against the figures."""

import pandas as pd

from analytics.insights.claims import LONGEST, Answer, Match, check_claim
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope
from ui import database
from ui.components import tables
from ui.components.metric_views import part_of, share
from ui.components.shares import share_text
from ui.components.tables import Table
from ui.frame import address, choices, filters, page
from ui.text import numbers
from ui.text.i18n import _, words

PARAMETER = "claim"


def block(scope: Scope) -> None:
    """The field for a sentence, and what is said of the one that the address holds."""
    page.heading(_("Is it true?"), _("Paste a sentence with a share, from a report or a newspaper."), "claim")
    sentence = choices.text(_("The sentence"), PARAMETER, LONGEST).strip()
    if not sentence:
        return
    answer = database.answer(check_claim, sentence, scope)
    page.reading(told(answer, scope), announced="claim")
    if answer.matches:
        tables.draw("claim", table, scope, sentence)


def told(answer: Answer, scope: Scope) -> str:
    """The verdict in a sentence."""
    if answer.verdict == "no_share":
        return _(
            "There is no share in the sentence. Write for example “62 percent of the cases are digital” or “61 of 91”."
        )
    if answer.verdict == "costs":
        return _("Only shares of services and cases are checked here. What it costs stands on the page Costs.")
    if answer.verdict == "unknown":
        return _("It cannot be said: nothing is reported for what the sentence is of.")
    if answer.verdict == "otherwise":
        if answer.claim.months:
            return _("It is not true as the goal is counted, but it is by another definition.")
        return _(
            "It is not true of {period} as the goal is counted. It is true in these months or by these definitions:"
        ).format(period=_months(scope))
    first, *more = answer.matches
    decimals = answer.claim.decimals
    values = {
        "goal": words(metrics()[first.metric].title),
        "value": _value(first, decimals),
        "period": _months(first.scope),
    }
    if answer.claim.before and more:
        values |= {"before": _value(more[0], answer.claim.before[1]), "then": _months(more[0].scope)}
        if answer.verdict == "true":
            return _("It is true: {goal}, {then}: {before}, {period}: {value}.").format(**values)
        return _("It is not true: {goal}, {then}: {before}, {period}: {value}.").format(**values)
    if answer.verdict == "true":
        return _("It is true: {goal}, {period}: {value}.").format(**values)
    return _("It is not true: {goal}, {period}: {value}.").format(**values)


def table(scope: Scope, sentence: str) -> Table:
    """What the sentence is true of, or what is true instead; a row leads to the goal's page with its months."""
    answer = database.answer(check_claim, sentence, scope)
    found = answer.matches
    columns = {
        _("Figure"): [words(metrics()[one.metric].title) for one in found],
        _("Counted so"): [_counted(one) for one in found],
        _("Period"): [_months(one.scope) for one in found],
        _("Selection"): [page.describe_departments(one.scope) for one in found],
        _("Share"): [_value(one, answer.claim.decimals) for one in found],
        _("Counted"): [part_of(one.row) for one in found],
    }
    used = tuple(dict.fromkeys(one.metric for one in found))
    return Table(_("What is measured"), pd.DataFrame(columns), used, links=tuple(map(_link, found)))


def _counted(match: Match) -> str:
    metric = metrics()[match.metric]
    return _("as the goal is counted") if match.adopted else words(metric.variant)


def _value(match: Match, decimals: int = 0) -> str:
    """The share with as many decimals as the sentence has."""
    found = share(match.row)
    return share_text(found) if found.value is None or found.few else numbers.percent(found.value, decimals)


def _months(scope: Scope) -> str:
    return numbers.months(scope.month_from, scope.month_to)


def _link(match: Match) -> str:
    """The goal's page with the same months and departments, and the definition where it is another."""
    return address.link(
        f"mal-{metrics()[match.metric].goal}",
        from_=filters.month_code(match.scope.month_from),
        to=filters.month_code(match.scope.month_to),
        department=list(match.scope.departments),
        definition=None if match.adopted else match.metric,
    )
