"""Signal or noise in words and as a band: does a month lie within what months usually vary by?"""

from datetime import date

import streamlit as st
from babel.dates import format_skeleton

from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.statistics.control_charts import MIN_BASELINE, RUN_LENGTH, ControlChart, ControlPoint, control_chart
from ui import database
from ui.charts.share_line import Month, share_line
from ui.components import data_basis, events
from ui.components.metric_views import ask, share
from ui.frame import page
from ui.text import numbers
from ui.text.i18n import _, capitalized, language, ngettext, words

WIDE = 440  # pixels of the plot, about


def load_chart(code: str, scope: Scope) -> ControlChart:
    """The latest month of a metric beside the months before it."""
    answer: ControlChart = database.answer(control_chart, code, scope)
    return answer


def block(code: str, scope: Scope) -> None:
    """A share month by month on the band of what is usual, and in words whether the latest is a signal.

    What happened is marked; the page lists it.
    """
    result = load_chart(code, scope)
    points = {point.month: point for point in result.points}
    rows = [_month(row, points) for row in ask(code, scope, "month")]
    marks = events.marks(scope, register=metrics()[code].time == "stock")
    title = words(metrics()[code].title)
    st.html(share_line(rows, name=title, usual=_("usual"), marks=marks, width=WIDE))
    page.reading(" ".join(filter(None, (reading(code, scope), _others(result, scope), _basis(code, result)))))
    data_basis.definitions_of("control_limits")


def _month(row: Row, points: dict[date, ControlPoint]) -> Month:
    value, day = share(row), row.by["month"]
    assert isinstance(day, date)
    point = points.get(day)
    few = numbers.out_of(value.numerator, value.denominator) if value.few and value.value is not None else ""
    usual = (point.lower, point.upper) if point else None
    middle = point.centre if point else None
    return Month(day, value.value, text=few, usual=usual, middle=middle, signal=bool(point and point.signal))


def month(day: date) -> str:
    """A month in full: "oktober 2026"."""
    return format_skeleton("yMMMM", day, locale=language())


def reading(code: str, scope: Scope) -> str:
    """Whether the latest month is within the usual variation, or why that cannot be told; blank where no month is known."""
    return verdict(code, load_chart(code, scope))


def verdict(code: str, result: ControlChart) -> str:
    """The same of an answer."""
    return capitalized(_refused(result) if result.refusal else judged(code, result.points[-1]))


def judged(code: str, point: ControlPoint) -> str:
    """A month beside what is usual, as a clause: "oktober 2026 ligger högre än vanligt: 72 % mot 48–70 %."."""
    ends = {numbers.percent(end) for end in (point.lower, point.upper)}
    decimals = int(len(ends) == 1 or bool(point.outside and numbers.percent(point.value) in ends))
    values = {
        "month": month(point.month),
        "value": numbers.percent(point.value, decimals),
        "span": numbers.span(point.lower, point.upper, decimals),
        "n": numbers.count(point.run),
        "centre": numbers.percent(point.centre),
    }
    if point.outside == "above":
        return _("{month} is higher than usual: {value} against {span}.").format(**values)
    if point.outside == "below":
        return _("{month} is lower than usual: {value} against {span}.").format(**values)
    if point.run >= RUN_LENGTH:
        return _run(code, point).format(**values)
    if point.upper - point.lower < 1e-9:
        return _("{month} is the same as every month before: {value}.").format(**values)
    return _("{month} is within the usual, {span}.").format(**values)


def _run(code: str, point: ControlPoint) -> str:
    above = point.side == "above"
    if metrics()[code].time == "stock":
        more = _("Up to {month} the rise has been larger than usual for {n} months in a row.")
        return more if above else _("Up to {month} the rise has been smaller than usual for {n} months in a row.")
    over = _(
        "Up to {month} the share has been above the usual {centre} for {n} months in a row. That is hardly chance."
    )
    return (
        over
        if above
        else _(
            "Up to {month} the share has been below the usual {centre} for {n} months in a row. That is hardly chance."
        )
    )


def _refused(result: ControlChart) -> str:
    if result.month is None or result.refusal == "unknown":
        return ""
    values = {
        "month": month(result.month),
        "n": numbers.count(result.baseline_months),
        "needed": numbers.count(MIN_BASELINE),
    }
    if result.refusal == "few":
        return _("{month} has fewer than 20. That is too few to see whether anything has changed.").format(**values)
    if result.refusal == "short":
        return ngettext(
            "We cannot say yet what is usual. {n} month before {month} can be compared, and {needed} are needed.",
            "We cannot say yet what is usual. {n} months before {month} can be compared, and {needed} are needed.",
            result.baseline_months,
        ).format(**values)
    return _reporting(result, values)


def _reporting(result: ControlChart, values: dict[str, str]) -> str:
    """What is reported changed, so that too few months are alike."""
    assert result.changed_in is not None
    before, after = numbers.percents(result.coverage_before, result.coverage_after)
    values |= {"since": month(result.changed_in), "before": before, "after": after}
    if result.changed_in == result.month:
        alone = _(
            "{month} cannot be compared with the months before. The part that is reported changed from "
            "{before} to {after}."
        )
        return alone.format(**values)
    return ngettext(
        "We cannot say what is usual. In {since} the part that is reported changed from {before} to "
        "{after}, and {n} month is too little to compare with.",
        "We cannot say what is usual. In {since} the part that is reported changed from {before} to "
        "{after}, and {n} months are too few to compare with.",
        result.baseline_months + 1,
    ).format(**values | {"n": numbers.count(result.baseline_months + 1)})


def _others(result: ControlChart, scope: Scope) -> str:
    """The other months of the period that are signals by themselves, those beyond the limits."""
    beyond = [point.month for point in result.points[:-1] if point.outside and point.month >= scope.month_from]
    if not beyond:
        return ""
    also = bool(result.points[-1].outside)
    n, months = len(beyond), ", ".join(map(numbers.month, beyond))
    values = {"n": numbers.count(n)}
    if n > 3:
        return (_("{n} more months are unusual.") if also else _("{n} other months are unusual.")).format(**values)
    if also:
        return numbers.plural("Another unusual month: {months}.", "Other unusual months: {months}.", n, months=months)
    return numbers.plural("Unusual month: {months}.", "Unusual months: {months}.", n, months=months)


def _basis(code: str, result: ControlChart) -> str:
    """Which months the limits come from, and how."""
    if not result.points:
        return ""
    how = _("Counted on the {n} months {span}, as the change from month to month.")
    template = how if metrics()[code].time == "stock" else _("Counted on the {n} months {span}.")
    return template.format(n=numbers.count(result.baseline_months), span=numbers.months(*result.baseline))
