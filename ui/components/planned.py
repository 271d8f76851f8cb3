"""What goal 1 becomes with the e-services under development, in sentences: a stated scenario beside the forecast."""

from analytics.forecast.planned import planned
from analytics.metrics.scope import Scope
from ui import database
from ui.text import numbers
from ui.text.i18n import _


def scenario(scope: Scope) -> str:
    """What goal 1 becomes and when, what that assumes, and what is left out of it; blank where nothing begun would lift it."""
    found = database.answer(planned, scope)
    if found is None:
        return ""
    if found.day is None:
        return numbers.plural(
            "What is under development, {n} e-service, has no planned day, so what it gives goal 1 cannot be told.",
            "What is under development, {n} e-services, has no planned days, so what it gives goal 1 cannot be told.",
            found.undated,
        )
    share = numbers.share(found.numerator / found.denominator, found.numerator, found.denominator)
    told = {"share": share, "month": numbers.month(found.day)}
    reached = _("With what is under development goal 1 is at {share} in {month}.").format(**told)
    assumed = numbers.plural(
        "That assumes that {n} e-service is launched as planned and that nothing else changes. The forecast does not count it.",
        "That assumes that {n} e-services are launched as planned and that nothing else changes. The forecast does not count it.",
        found.launches,
    )
    left = numbers.plural(
        "{n} more lacks a planned day and is left out.", "{n} more lack a planned day and are left out.", found.undated
    )
    return " ".join((reached, assumed, *([left] if found.undated else [])))
