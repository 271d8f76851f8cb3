"""A share with what it is of, and how it is written: "76 %", "3 av 3", or why there is none."""

from dataclasses import dataclass

from analytics.statistics.significance import MIN_DENOMINATOR
from ui.text import numbers
from ui.text.i18n import _


@dataclass(frozen=True)
class Share:
    """A share with what it is of; `state` says why there is no value."""

    value: float | None
    numerator: int | None = None
    denominator: int | None = None
    state: str = "value"
    all_known: bool = True  # nothing that could change the share is unknown

    @property
    def few(self) -> bool:
        """Whether so few are counted that it is written as "3 av 3"; never of an average, which has no numerator."""
        return self.denominator is not None and self.numerator is not None and self.denominator < MIN_DENOMINATOR


def state_words(state: str) -> str:
    """Why there is no value, in words."""
    return {
        "not_applicable": _("Not applicable"),
        "not_reported": _("Not reported"),
        "suppressed": _("Suppressed"),
    }.get(state, numbers.MISSING)


def share_text(share: Share) -> str:
    """The share as it stands large: "76 %", "3 av 3", "0 av 0" or why there is no value."""
    if share.value is None:
        return numbers.out_of(0, 0) if share.state == "zero" else state_words(share.state)
    return numbers.out_of(share.numerator, share.denominator) if share.few else numbers.percent(share.value)


def distance_text(now: Share) -> str:
    """How far it is to 100 %, in words; that nothing is left, where it is there."""
    if now.value is None:
        return ""
    if now.value == 1:
        return _("The goal is met") if now.all_known else _("100% of what is reported")
    if now.few and now.denominator is not None and now.numerator is not None:
        return _("{n} left").format(n=numbers.count(now.denominator - now.numerator))
    return _("{size} left to 100%").format(size=numbers.points(1 - now.value, int(1 - now.value < 0.00995)))
