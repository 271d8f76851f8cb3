"""Numbers, money and dates as the reader writes them. A missing value is "–", never 0."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from analytics.forecast.model import NEARLY_ALL
from analytics.forecast.target_path import Target
from analytics.quality.missing_reports import month_spans
from analytics.statistics.significance import MIN_DENOMINATOR
from ui.text.i18n import _, language, ngettext

MISSING = "–"
NBSP = "\u00a0"
KEPT = 8192  # written numbers and months remembered
Number = int | float | Decimal


def _decimal(value: Number, decimals: int) -> str:
    """The number with exactly so many decimals, spaces that do not break, and never a minus zero."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return _written(exact if exact else abs(exact), decimals, _locale())


@lru_cache(KEPT)
def _written(exact: Decimal, decimals: int, locale: str) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(exact, pattern, locale=locale).replace("\u202f", NBSP).replace("-", "−")


def _locale() -> str:
    return {"sv": "sv_SE", "en": "en_GB"}[language()]


def count(value: Number | None) -> str:
    """A whole number: "12 500"."""
    return MISSING if value is None else _decimal(value, 0)


def plural(one: str, many: str, n: int, **values: object) -> str:
    """The message for one or for many, by `n`, with `n` written as a whole number and the values in their places."""
    return ngettext(one, many, n).format(n=count(n), **values)


def number(value: Number | None, decimals: int = 1) -> str:
    """A number with decimals: "3,5"."""
    return MISSING if value is None else _decimal(value, decimals)


def percent(share: Number | None, decimals: int = 0) -> str:
    """A share 0–1 as "76 %". Only the whole is "100 %" and only nothing is "0 %"."""
    if share is None:
        return MISSING
    text = _decimal(_guarded(Decimal(str(share)) * 100, decimals), decimals)
    return _("{number}%").format(number=text)


def _guarded(hundredths: Decimal, decimals: int) -> Decimal:
    """The percentage, kept from rounding to 0 or to 100 where it is not."""
    step = Decimal(1).scaleb(-decimals)
    if 0 < hundredths < 100:
        return min(max(hundredths.quantize(step, ROUND_HALF_UP), step), 100 - step)
    return hundredths


def points(difference: Number | None, decimals: int = 0, *, signed: bool = False) -> str:
    """A difference of shares as "5 procentenheter"; with a sign when asked ("+5", "−2")."""
    if difference is None:
        return MISSING
    size = (abs(Decimal(str(difference))) * 100).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    sign = ("+" if difference > 0 else "−") if signed and size else ""
    words = ngettext("{n} percentage point", "{n} percentage points", 1 if size == 1 else 2)
    return words.format(n=sign + _decimal(size, decimals))


def percents(first: Number | None, second: Number | None) -> tuple[str, str]:
    """Two shares beside each other: whole per cents, with one decimal where the two would look equal."""
    equal = first is not None and second is not None and first != second and percent(first) == percent(second)
    return percent(first, int(equal)), percent(second, int(equal))


def span(first: Number, last: Number, decimals: int = 0) -> str:
    """Two shares as a span: "64–78 %"; as one where they are written alike."""
    low, high = percent(first, decimals), percent(last, decimals)
    return high if low == high else f"{low.rstrip('%').rstrip(NBSP)}–{high}"


def out_of(part: int | None, whole: int | None) -> str:
    """A part of a whole: "3 av 3"."""
    return _("{part} of {whole}").format(part=count(part), whole=count(whole))


def share(value: Number | None, numerator: int | None, denominator: int | None, decimals: int = 0) -> str:
    """A share as a reader may trust it: "76 %", or "3 av 3" where fewer than twenty are counted."""
    if value is None or denominator is None or denominator >= MIN_DENOMINATOR:
        return percent(value, decimals)
    return out_of(numerator, denominator)


def forecast_percent(share: float) -> str:
    """A forecast share; from `NEARLY_ALL` it counts as reached and is written as the whole, "100 %"."""
    return percent(1.0 if share >= NEARLY_ALL else share)


def target_percent(target: Target) -> str:
    """A target's share as it was set, with a decimal only where it has one: "98,6 %"."""
    return percent(target.share, int(round(target.share * 1000) % 10 != 0))


def days(value: Number | None) -> str:
    """A number of days: "8 dagar", "1,5 dagar"."""
    if value is None:
        return MISSING
    exact = Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    written = _decimal(exact, 0 if exact == exact.to_integral() else 1)
    return ngettext("{n} day", "{n} days", 1 if exact == 1 else 2).format(n=written)


def money(amount: Number | None) -> str:
    """Kronor, short: "1,84 mnkr" from a million, "12 500 kr" below it."""
    if amount is None:
        return MISSING
    exact = Decimal(str(amount))
    if abs(exact) >= 999_500:
        return _("SEK {number} million").format(number=_decimal(exact / 1_000_000, 2))
    return _("SEK {number}").format(number=_decimal(amount, 0))


def exact_money(amount: Number | None) -> str:
    """Kronor to the öre for tables: "12 500,00"."""
    return MISSING if amount is None else _decimal(amount, 2)


def month(day: date | None) -> str:
    """A month: "okt 2026"."""
    return MISSING if day is None else _month(day, _locale())


@lru_cache(KEPT)
def _month(day: date, locale: str) -> str:
    return format_skeleton("yMMM", day, locale=locale).replace(".", "")


def months(first: date, last: date) -> str:
    """A span of months: "nov 2025–okt 2026", or one month."""
    return month(first) if (first.year, first.month) == (last.year, last.month) else f"{month(first)}–{month(last)}"


def month_list(each: tuple[date, ...]) -> str:
    """Months in order, consecutive ones as a span: "jan 2026–mar 2026, maj 2026"."""
    return ", ".join(months(*span) for span in month_spans(each))


def day(value: date | None) -> str:
    """A date in words: "31 oktober 2026"."""
    return MISSING if value is None else format_date(value, "long", locale=_locale())


def week_number(monday: date) -> str:
    """The number of a week, by its Monday."""
    return str(monday.isocalendar().week)


def week(monday: date) -> str:
    """A week by its Monday: "vecka 6, 2 feb–8 feb 2026"."""
    first, last = (
        format_skeleton("MMMd", each, locale=_locale()).replace(".", "") for each in (monday, monday + timedelta(6))
    )
    year = (monday + timedelta(3)).year
    return _("week {n}, {first}–{last} {year}").format(n=week_number(monday), first=first, last=last, year=year)


def moment(value: datetime) -> str:
    """A date and a time of day in words: "31 oktober 2026 06:15"."""
    return f"{day(value.date())} {value:%H:%M}"
