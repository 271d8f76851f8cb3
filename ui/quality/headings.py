"""The findings over what is reported and what does not add up."""

from collections.abc import Sequence

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components.metric_views import share
from ui.components.tables import Table
from ui.text import labels, numbers
from ui.text.i18n import _


def reported(rows: Sequence[Row], scope: Scope) -> str:
    """Which department has reported least, where one has; `rows` are the reported shares by department."""
    known = [row for row in rows if row.denominator and row.value is not None]
    behind = sorted((row for row in known if row.value != 1), key=lambda row: float(row.value or 0))
    if not behind:
        return _("Every department has reported all months") if len(known) > 1 else _("Month by month")
    if len(known) == 1 or (len(behind) > 1 and behind[0].value == behind[1].value):
        return _("Month by month")
    least, name = share(behind[0]), labels.branch(behind[0].by["branch"], scope)
    if least.few:
        part = numbers.out_of(least.numerator, least.denominator)
        return _("Least is reported in {department}: {part} months").format(department=name, part=part)
    part = numbers.percent(float(least.value or 0))
    return _("Least is reported in {department}: {share} of the months").format(department=name, share=part)


def unmatched(table: Table) -> str:
    """How many ids no register knows."""
    return numbers.plural("{n} id is in no register", "{n} ids are in no register", len(table))


def contradictions(table: Table) -> str:
    """How many things cannot all be true."""
    return numbers.plural("{n} thing does not add up", "{n} things do not add up", len(table))


def figures(missing: float, whole: float) -> str:
    """How many figures are not reported, of all that there are."""
    if not missing:
        return _("Every figure is reported")
    return numbers.plural(
        "{part} of {n} figure is not reported", "{part} of {n} figures are not reported", int(whole),
        part=numbers.count(missing),
    )  # fmt: skip
