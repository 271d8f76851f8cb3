"""The numbers behind a report: each as it is measured, and counted once more by another engine."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from analytics.metrics.catalogue import GOAL_CODES, metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.metrics.versions import definition_version
from ui import database
from ui.components.metric_views import ask
from ui.costs.labels import payer_name
from ui.reports.model import Figure, Report
from ui.text import labels
from ui.text.i18n import words

MEASURED = (*GOAL_CODES, "reporting")  # of the whole and of each department
Count = Callable[..., Sequence[Row]]
Key = tuple[str, str, bool]


def figures(scope: Scope, count: Count = ask) -> tuple[Figure, ...]:
    """Every number of the report, as it is measured now: of the whole, each department and payer, and what is compared with."""
    whole = [_figure(code, "", count(code, scope)[0]) for code in (*MEASURED, "cost")]
    paid = [_figure("cost", str(row.by["payer"]), row) for row in count("cost", scope, "payer")]
    then = scope.compared()
    before = [_figure(code, "", count(code, then)[0], before=True) for code in GOAL_CODES] if then else []
    before += _by_department(GOAL_CODES, then, count, before=True) if then else []
    return (*whole, *_by_department(MEASURED, scope, count), *paid, *before)


def _by_department(codes: Iterable[str], scope: Scope, count: Count, *, before: bool = False) -> list[Figure]:
    rows = [(code, str(row.by["branch"] or ""), row) for code in codes for row in count(code, scope, "branch")]
    return [_figure(code, of, row, before=before) for code, of, row in rows if of]


def _figure(code: str, of: str, row: Row, *, before: bool = False) -> Figure:
    value, numerator, denominator = (
        None if n is None else float(n) for n in (row.value, row.numerator, row.denominator)
    )
    version = database.answer(definition_version, code)
    whose = (payer_name(of) if code == "cost" else labels.department(of)) if of else ""
    title = words(metrics()[code].title)
    counted = (value, numerator, denominator, row.coverage, row.silent, row.state)
    return Figure(code, of, *counted, version, title, whose, before)


def by_key(of: Iterable[Figure]) -> dict[Key, Figure]:
    """The numbers by what they are."""
    return {one.key: one for one in of}


def miscounted(made: Report, scope: Scope) -> list[str]:
    """The numbers of a report that come out otherwise by the other engine: SQL, where they are counted from columns."""
    with database.database().cursor() as cursor:  # which has no columns, and remembers nothing
        again = by_key(figures(scope, partial(measure, cursor)))
    told = by_key(made.figures)
    return [(told.get(key) or again[key]).name for key in {**told, **again} if told.get(key) != again.get(key)]
