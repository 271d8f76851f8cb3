"""The words of the next steps: what to do about a gap, why its kronor are not told, and how large it is."""

from fractions import Fraction

from analytics.priorities.ranking import Gain
from ui.text import labels, numbers
from ui.text.i18n import _, ngettext


def share(part: Fraction, of: Fraction) -> str:
    """A part of what there is to gain: "58 %"."""
    return numbers.percent(float(part / of))


def number(n: int) -> str:
    """A small number as a word that begins a sentence; a larger one in figures."""
    small = (
        _("One"),
        _("Two"),
        _("Three"),
        _("Four"),
        _("Five"),
        _("Six"),
        _("Seven"),
        _("Eight"),
        _("Nine"),
        _("Ten"),
        _("Eleven"),
        _("Twelve"),
    )
    return small[n - 1] if 1 <= n <= len(small) else numbers.count(n)


def services(n: int) -> str:
    """So many services, as they begin a sentence: "Tre tjänster"."""
    return ngettext("{n} service", "{n} services", n).format(n=number(n))


def describe_action(gain: Gain) -> str:
    """What to do, or why there is nothing to do, in a few words."""
    way = gain.action
    if way.code == "uptake" and way.since:
        return _("Follow up the e-service, new in {month}").format(month=numbers.month(way.since))
    return {
        "build": _("Develop an e-service"),
        "form": _("Make the form an e-service"),
        "uptake": _("Get more to use the e-service"),
        "find_out": _("Find out whether it has an e-service"),
        "steps": _("Make digital: {steps}").format(steps=step_names(way.steps)),
        "report": _("Report the missing steps"),
    }.get(way.code) or _("Nothing: {why}").format(why=why_nothing(way.code))


def why_nothing(code: str) -> str:
    """Why there is nothing to do about a service with this action."""
    return {
        "exempt": _("no e-service is needed, by decision"),
        "withdrawn": _("no longer published"),
        "done": _("every step is digital now"),
    }[code]


def step_names(steps: tuple[str, ...]) -> str:
    """Steps by name: "beslut, arkivering"."""
    return ", ".join(labels.label("step", step) for step in steps)


def describe_missing_savings(gain: Gain) -> str:
    """Why no savings are known; blank where they are, or where there is nothing to do."""
    return labels.labels_of("savings_unknown").get(gain.savings.unknown_reason, "")
