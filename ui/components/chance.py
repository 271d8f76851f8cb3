"""Which departments differ from the whole by more than chance, in words: instead of a list of best and worst."""

from babel.lists import format_list

from analytics.metrics.catalogue import computed, metrics
from analytics.metrics.scope import Scope
from analytics.statistics.confidence import Funnel, FunnelPoint, funnel
from ui import database
from ui.text import labels, numbers
from ui.text.i18n import _, language, ngettext

LISTED = 4  # names in a sentence before they are counted


def load_funnel(code: str, scope: Scope) -> Funnel | None:
    """The departments of a goal beside the whole; None where there are not two."""
    answer: Funnel | None = database.answer(funnel, code, scope)
    return answer


def reading_of(code: str, scope: Scope) -> str:
    """What the band behind the dots is, and who lies outside it; blank where there are not two to compare."""
    result = load_funnel(code, scope) if applies_to(code) else None
    if result is None:
        return ""
    band = _("The grey area shows how large differences chance can give with so many cases.")
    if metrics()[code].time == "stock":
        band = _(
            "All services are counted, so the shares are exact. "
            "The grey area shows how large differences chance can give when the services are this few."
        )
    return f"{band} {reading(result)}"


def applies_to(code: str) -> bool:
    """Whether a goal is compared with chance: not goal 3, whose cases are not independent, since whole services are digital."""
    return code in computed()["chance_limits"].of


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
    for side, words in ((1, _("Higher: {names}.")), (-1, _("Lower: {names}."))):
        if listed := [one for one in beyond if one.side == side]:
            sentences.append(words.format(names=_names(listed)))
    if beyond and len(beyond) < len(compared):
        rest = ngettext(
            "For the other the difference may be chance.",
            "For the other {n} the difference may be chance.",
            len(compared) - len(beyond),
        )
        sentences.append(rest.format(n=numbers.count(len(compared) - len(beyond))))
    if (few := len(result.points) - len(compared)) and compared:
        words = ngettext(
            "{n} has fewer than 20 and is not compared.", "{n} have fewer than 20 and are not compared.", few
        )
        sentences.append(words.format(n=numbers.count(few)))
    if thin := [one for one in beyond if one.low_coverage]:
        sentences.append(_("For {names} less than half is reported, so this may change.").format(names=_names(thin)))
    return " ".join(sentences)


def _verdict(beyond: int, compared: int) -> str:
    if not compared:
        return _("All have fewer than 20, so they are not compared.")
    if not beyond:
        return ngettext(
            "Only {all} department has at least 20, and it does not differ more from the average, {whole}, "
            "than chance can give.",
            "None of the {all} departments with at least 20 differs more from the average, {whole}, than "
            "chance can give.",
            compared,
        )
    if beyond == compared:
        return ngettext(
            "Only {all} department has at least 20, and it differs more from the average, {whole}, than "
            "chance can give.",
            "All {all} departments differ more from the average, {whole}, than chance can give.",
            compared,
        )
    return ngettext(
        "{n} of {all} departments differs more from the average, {whole}, than chance can give.",
        "{n} of {all} departments differ more from the average, {whole}, than chance can give.",
        beyond,
    )


def _names(places: list[FunnelPoint]) -> str:
    """The names, the largest first; those that are many are counted."""
    names = [labels.department(one.key) for one in places]
    if len(names) > LISTED:
        more = _("{n} more").format(n=numbers.count(len(names) - LISTED))
        names = [*names[:LISTED], more]
    return format_list(names, locale=language())
