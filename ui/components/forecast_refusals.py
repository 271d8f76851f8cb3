"""Why there is no forecast, in a sentence."""

from analytics.forecast.backtest import MIN_TRAINING
from analytics.forecast.history import MIN_MONTHS, Refusal
from analytics.forecast.intervals import MIN_TESTS
from analytics.statistics.significance import MIN_DENOMINATOR
from ui.text import numbers
from ui.text.i18n import _


def refused(code: str, why: Refusal) -> str:
    """Why there is no forecast."""
    stock = code == "e_service_coverage"
    values = {
        "n": numbers.count(why.months),
        "least": numbers.count(MIN_MONTHS),
        "few": numbers.count(MIN_DENOMINATOR),
        "month": numbers.month(why.month),
        "part": numbers.percent(why.covered_share),
        "low": numbers.percent(why.low),
        "high": numbers.percent(why.high),
        "held": numbers.percent(why.held),
    }
    if why.reason == "gap":
        return _gap(why).format(**values)
    if why.reason == "tests":
        return _tests(why).format(**values | {"least": numbers.count(MIN_TRAINING + MIN_TESTS)})
    return {
        "nothing": _("No forecast: no month is reported yet."),
        "months": _("Too few months for a forecast: {n} of at least {least}."),
        "few": _("Too few services for a forecast: fewer than {few}.")
        if stock
        else _("Too few cases for a forecast: fewer than {few} in most months."),
        "coverage": _(
            "No forecast: the reporting has changed too much. Only {part} has been reported in the same way "
            "for {least} months."
        ),
        "constant": _("No forecast: the share has not changed in the {n} months that can be compared."),
        "wide": _("No forecast: the share has varied so much that in {month} it may be anything from {low} to {high}."),
        "missed": _(
            "No forecast: earlier forecasts on the same figures did not hold, however much wider they were made. "
            "What came lay inside {held} of them, where four of five are promised."
        ),
    }[why.reason].format(**values)


def _gap(why: Refusal) -> str:
    if not why.months:
        return _("No forecast: too little is reported from {month} on.")
    return _("Too few months in a row for a forecast: {n} of at least {least}, since the gap in {month}.")


def _tests(why: Refusal) -> str:
    if why.month is None:
        return _("Too few months to try a forecast on: {n} of at least {least}.")
    return _("Too few months to try a forecast on since the share first changed, in {month}: {n} of at least {least}.")
