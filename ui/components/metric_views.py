"""A metric over a scope as what the blocks take: a share, a plain figure, a trust strip."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from analytics.metrics.catalogue import GOALS, Metric, metrics
from analytics.metrics.installations import Installation, installations
from analytics.metrics.measure import Row, measure
from analytics.metrics.period import as_of
from analytics.metrics.provenance import TableSource, sources
from analytics.metrics.scope import Scope
from analytics.metrics.versions import definition_version
from analytics.statistics.confidence import LARGE_DENOMINATOR, wilson
from analytics.statistics.significance import MIN_COVERAGE_CHANGE, MIN_DENOMINATOR
from analytics.statistics.week_estimates import SAMPLED, used
from ui import database
from ui.components.data_basis import DataBasis
from ui.components.figures import Figure
from ui.components.shares import Share, share_text
from ui.text import labels, numbers
from ui.text.i18n import _, language, ngettext, words


def ask(metric: str, scope: Scope, *by: str) -> Sequence[Row]:
    """The rows of a metric, remembered. Never change them."""
    return database.answer(measure, metric, scope, *by)


def one(metric: str, scope: Scope) -> Row:
    """The single row of a metric over the whole scope."""
    return ask(metric, scope)[0]


def lowest_goal(scope: Scope) -> int:
    """The goal with the lowest value in the scope; goal 2 where none is known."""
    values = {n: one(code, scope).value for n, code in GOALS.items()}
    known = {n: float(value) for n, value in values.items() if value is not None}
    return min(known, key=lambda n: known[n]) if known else 2


def share(row: Row) -> Share:
    """The row as a share; counts are whole numbers."""
    value = None if row.value is None else float(row.value)
    return Share(value, _whole(row.numerator), _whole(row.denominator), row.state, row.all_known)


def _whole(value: float | Decimal | None) -> int | None:
    return None if value is None else int(value)


def part_of(row: Row) -> str:
    """What a share counts, of how many: "7 av 9"; "–" where there is nothing to count."""
    return numbers.out_of(_whole(row.numerator), _whole(row.denominator)) if row.denominator else numbers.MISSING


def counted(metric: Metric, role: str, n: float | Decimal | None) -> str | None:
    """A count with its word: "82 tjänster med e-tjänst". None where the metric has no such role or the count is missing."""
    if n is None or role not in metric.counts:
        return None
    one_word, many = metric.counts[role][language()]
    return f"{numbers.count(n)} {one_word if n == 1 else many}"


def known(metric: Metric, row: Row, before: Row | None = None) -> str:
    """How much is known, in words: "Bygger på 83 % av 108 tjänster", how much it was where that changed, and what is not.

    Blank of a metric that is itself how much is known.
    """
    if metric.denominator == metric.population:
        return ""
    if row.population is None or (row.population == 0 and row.state == "not_reported"):
        return _("Nothing is reported yet")
    if row.coverage is None:
        return _("Nothing to measure in the selection")
    if row.population == 0:
        return _("Counted, though it need not be reported")
    population = counted(metric, "population", row.population)
    if row.all_known:
        return _("Based on {population}, all reported").format(population=population)
    text = _("Based on {share} of {population}").format(share=numbers.percent(row.coverage), population=population)
    if before and before.coverage is not None and abs(row.coverage - before.coverage) >= MIN_COVERAGE_CHANGE:
        text += _(" (comparison period: {share})").format(share=numbers.percent(before.coverage))
    return text + _of_known_cases(row) + _silent(row) + _span(metric, row)


def _of_known_cases(row: Row) -> str:
    """How much of the known cases is counted, where it is not all."""
    if row.counted is None or row.counted == 1:
        return ""
    return _(", with {share} of the reported cases").format(share=numbers.percent(row.counted))


def _silent(row: Row) -> str:
    """How many service-months are silent: how many cases they have is not known."""
    if not row.silent:
        return ""
    silent = ngettext(
        " · {n} of the services' months is not reported",
        " · {n} of the services' months are not reported",
        row.silent,
    )
    if database.period().protected:
        silent = ngettext(
            " · {n} of the services' months is not reported or not shown",
            " · {n} of the services' months are not reported or not shown",
            row.silent,
        )
    return silent.format(n=numbers.count(row.silent))


def _span(metric: Metric, row: Row) -> str:
    span = bounds(metric, row)
    if span is None:
        return ""
    low, high = (numbers.percent(end) for end in span)
    return _(" · {low} to {high} depending on the rest").format(low=low, high=high)


def bounds(metric: Metric, row: Row) -> tuple[float, float] | None:
    """The worst and best case where something is unknown; else None."""
    if not metric.bounds or row.value is None or row.worst is None or row.best is None or row.worst == row.best:
        return None
    return row.worst, row.best


def interval(metric: Metric, row: Row) -> tuple[float, float] | None:
    """Wilson's interval of a share of cases that are neither few nor many; of a stock nothing is left to chance."""
    n = float(row.denominator or 0)
    sampled = metric.kind == "share" and metric.unit == "share" and metric.time == "flow" and metric.code != "reporting"
    return wilson(float(row.numerator or 0), n) if sampled and MIN_DENOMINATOR <= n < LARGE_DENOMINATOR else None


def counting(metric: Metric, scope: Scope) -> str | None:
    """The ways in which the cases behind a share were counted, largest first: "räknat 82 %, skattat 18 %"."""
    parts = [(labels.label("method", method), part) for method, part in _ways(metric, scope).items()]
    return ", ".join(f"{name} {numbers.percent(part)}" if len(parts) > 1 else name for name, part in parts) or None


def _ways(metric: Metric, scope: Scope) -> dict[str, float]:
    """How much of the cases behind a share was counted in each way, 0–1, largest first; nothing of other metrics."""
    if metric.unit != "share" or metric.time != "flow":
        return {}
    fully = metric.goal == 2 or "fully_reported" in metric.denominator
    rows = ask("fully_reported_cases" if fully else "cases", scope, "method")
    ways = {str(row.by["method"]): float(row.value) for row in rows if row.value and row.by["method"]}
    total = sum(ways.values())
    return {method: ways[method] / total for method in sorted(ways, key=lambda method: -ways[method])}


def from_weeks(metric: str, scope: Scope, by: str) -> dict[object, float]:
    """How many of a metric's cases are scaled up from counting weeks, by a dimension; those that have none are left out."""
    rows = ask(metric, scope, by, "method")
    return {row.by[by]: float(row.value) for row in rows if row.value and row.by["method"] == SAMPLED}


def _between(metric: Metric, scope: Scope) -> tuple[float, float] | None:
    """Between which shares a goal lies by the interval of what is scaled up from counting weeks."""
    found = database.answer(used, metric.code, scope)
    return found.shares if found else None


def data_basis(metric: Metric, row: Row, scope: Scope) -> DataBasis:
    """What the figure is based on; of a metric that is itself how much is known, only what it counts."""
    tells_coverage = metric.denominator != metric.population
    return DataBasis(
        metric=metric.code,
        numerator=counted(metric, "numerator", row.numerator) if row.denominator != 0 else None,
        denominator=counted(metric, "denominator", row.denominator or None),
        coverage=row.coverage if tells_coverage else None,
        counted=row.counted,
        silent=row.silent if tells_coverage else 0,
        protected=database.period().protected,
        counting=counting(metric, scope),
        sampled=_ways(metric, scope).get(SAMPLED, 0.0),
        weeks=_between(metric, scope),
        when=_when(metric, scope),
        version=database.answer(definition_version, metric.code),
        bounds=bounds(metric, row),
        interval=interval(metric, row),
        known=words(metric.counts["known"]) if "known" in metric.counts else _("reported"),
        whole=words(metric.counts["whole"]) if "whole" in metric.counts else "",
        source=source(metric),
        beside=("counting_weeks",) if SAMPLED in _ways(metric, scope) else (),
    )


def _when(metric: Metric, scope: Scope) -> str:
    """The day that a stock is measured, or the months that a flow is summed over."""
    if metric.time == "stock":
        return _("on {day}").format(day=numbers.day(database.answer(as_of, scope.month_to)))
    return numbers.months(scope.month_from, scope.month_to)


def source(metric: Metric) -> str:
    """The installations that the e-services come from, each with when it was read and what it held, and the files imported."""
    read = [_installation(i) for i in database.answer(installations)] if metric.goal in (1, 2) else []
    return "; ".join(read + [_files(one) for one in database.answer(sources, metric.tables)])


def _files(one: TableSource) -> str:
    """A table, and the file that it comes from, or how many files and the latest of them."""
    n = len(one.files)
    values = {
        "table": words(database.datasets()[one.table].title),
        "file": one.files[0],
        "n": numbers.count(n),
        "day": numbers.day(one.imported_at.date()),
    }
    if n == 1:
        return _("{table}: {file}, imported {day}").format(**values)
    return _("{table}: {n} files, the latest {file}, imported {day}").format(**values)


def _installation(one: Installation) -> str:
    values = {
        "name": one.name,
        "day": numbers.day(database.last_fetched_on(one.name, one.seen_on)),
        "n": numbers.count(one.flows),
    }
    return ngettext(
        "Open ePlatform {name}, fetched {day}, {n} e-service",
        "Open ePlatform {name}, fetched {day}, {n} e-services",
        one.flows,
    ).format(**values)


def figure(code: str, scope: Scope, detail: str) -> Figure:
    """A share as a plain figure; `detail` stands under the number."""
    metric, row = metrics()[code], one(code, scope)
    return Figure(words(metric.title), share_text(share(row)), detail, data_basis=data_basis(metric, row, scope))


def compared_words(scope: Scope) -> str:
    """The comparison as it stands in a sentence: "samma period året före", or its months."""
    if isinstance(scope.comparison, date) and (compared := scope.compared()):
        return numbers.months(compared.month_from, compared.month_to)
    return _("the same period a year earlier") if scope.comparison == "last_year" else _("the previous period")


def compared_label(scope: Scope) -> str:
    """The comparison as it stands after its value: "65 % året före", or its months."""
    if isinstance(scope.comparison, date) and (compared := scope.compared()):
        return numbers.months(compared.month_from, compared.month_to)
    return _("the year before") if scope.comparison == "last_year" else _("the period before")
