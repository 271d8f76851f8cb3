"""Codes and names of payers and types of cost."""

from decimal import ROUND_HALF_UP, Decimal

from analytics.metrics.measure import Row
from ui.frame.theme import Role
from ui.text import labels, numbers
from ui.text.i18n import _

OWNER, UNPLACED = "system_owner", "unplaced"
UNSORTED = "-"  # the code of no category, and of no type
ROLES: dict[str | None, Role] = {"fixed": "grey_1", "variable": "grey_3", "other": "pale", None: "accent"}
ZERO = Decimal(0)


def amount(row: Row) -> Decimal:
    """The sum of a row; nothing booked is 0 here, since every krona that was booked is there."""
    return ZERO if row.value is None else Decimal(row.value)


def exact_sum(value: Decimal) -> str:
    """A sum in kronor to the öre, in words."""
    return _("SEK {number}").format(number=numbers.exact_money(value))


def whole_sum(value: Decimal) -> str:
    """A sum in whole kronor, without rounding to millions, so that sums can be subtracted."""
    return _("SEK {number}").format(number=numbers.count(whole_kronor(value)))


def whole_kronor(value: Decimal) -> Decimal:
    """The sum to the nearest krona, as it is written."""
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def payer_name(code: object) -> str:
    """A payer as the reader knows it."""
    if code == OWNER:
        return _("The system owner")
    return _("Without a payer") if code == UNPLACED else labels.department(code)


def type_name(code: object) -> str:
    """A type of cost as the reader knows it; what no rule takes has none yet."""
    return _("without a type") if code in (None, UNSORTED) else labels.label("cost_type", code)


def category_name(code: str | None) -> str:
    """A category as the reader knows it."""
    return _("Without a category") if code in (None, UNSORTED) else str(code)
