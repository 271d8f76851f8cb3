"""Which departments differ from the whole by more than chance, in words: instead of a list of best and worst."""

from analytics.metrics.scope import Scope
from analytics.statistics.confidence import Funnel, FunnelPoint, funnel
from ui import database
from ui.text import labels, numbers
from ui.text.i18n import _, ngettext

LISTED = 4  # names in a sentence before they are counted


def load_funnel(code: str, scope: Scope) -> Funnel | None:
    """The departments of a goal beside the whole; None where there are not two."""
    answer: Funnel | None = database.answer(funnel, code, scope)
    return answer


def reading_of(code: str, scope: Scope) -> str:
    """What the band behind the dots is, and who lies outside it; blank where there are not two to compare."""
    result = load_funnel(code, scope)
    if result is None:
        return ""
    band = _("Grey band: so much can a share differ by chance alone.")
    return f"{band} {reading(result)}"


def reading(result: Funnel) -> str:
    """Which differ for certain, that the rest does not, and who is not compared."""
    compared = result.comparable
    beyond = [one for one in compared if one.side]
    values = {
        "n": numbers.count(len(beyond)),
        "all": numbers.count(len(compared)),
        "whole": numbers.percent(result.share),
    }
    sentences = [_verdict(len(beyond), len(compared)).format(**values)]
    for side, words in ((1, _("Above: {names}.")), (-1, _("Below: {names}."))):
        if listed := [one for one in beyond if one.side == side]:
            sentences.append(words.format(names=_names(listed)))
    if beyond and len(beyond) < len(compared):
        rest = ngettext("The other may be chance.", "The other {n} may be chance.", len(compared) - len(beyond))
        sentences.append(rest.format(n=numbers.count(len(compared) - len(beyond))))
    if (few := len(result.points) - len(compared)) and compared:
        words = ngettext(
            "{n} has fewer than twenty and is not compared.", "{n} have fewer than twenty and are not compared.", few
        )
        sentences.append(words.format(n=numbers.count(few)))
    if thin := [one for one in beyond if one.low_coverage]:
        sentences.append(
            _("Less than half is reported for {names}: what is missing may change that.").format(names=_names(thin))
        )
    return " ".join(sentences)


def _verdict(beyond: int, compared: int) -> str:
    if not compared:
        return _("Each has fewer than twenty, so they are not compared.")
    if not beyond:
        return ngettext(
            "Only {all} department has at least twenty, and it does not differ from the whole, {whole}, more than chance can do.",
            "Not one of the {all} departments with at least twenty differs from the whole, {whole}, more than chance can do.",
            compared,
        )
    if beyond == compared:
        return ngettext(
            "Only {all} department has at least twenty, and it differs from the whole, {whole}, by more than chance can do.",
            "All {all} departments differ from the whole, {whole}, by more than chance can do.",
            compared,
        )
    return ngettext(
        "{n} of {all} departments differs from the whole, {whole}, by more than chance can do.",
        "{n} of {all} departments differ from the whole, {whole}, by more than chance can do.",
        beyond,
    )


def _names(places: list[FunnelPoint]) -> str:
    """The names, the largest first; those that are many are counted."""
    names = [labels.department(one.key) for one in places]
    if len(names) > LISTED:
        more = _("{n} more").format(n=numbers.count(len(names) - LISTED))
        names = [*names[:LISTED], more]
    return ", ".join(names)
