"""A goal counted by other definitions beside the one that was adopted, and one of them month by month."""

import pandas as pd
import streamlit as st

from analytics.metrics.catalogue import metrics, variants
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.charts.share_line import Month, share_line
from ui.components import courses, tables
from ui.components.cells import coverage_cell, share_cell, text_cell
from ui.components.metric_views import ask, counted, one, share
from ui.components.shares import Share
from ui.components.tables import Marked, Table, amounts, percentage
from ui.frame import address, page
from ui.frame.cached_blocks import cached, cached_block
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, words

DEFINITION, ANCHOR = "definition", "other-definitions"  # the parameter that names the definition that is looked into


def draw(goal: int, scope: Scope) -> None:
    """The ways of counting the goal, folded; open where the address names one, which is shown beside the adopted one."""
    chosen = address.read_one(DEFINITION, variants(goal)[1:], "")
    with st.expander(cached(heading, scope, goal), expanded=bool(chosen)):
        reading = _("The first row is how the goal is counted. The others answer: what if it were counted otherwise?")
        st.html(tag("p", reading, class_="reading", id=ANCHOR))
        tables.draw(f"{ANCHOR}-{goal}", table, scope, goal)
        if chosen:
            _line(scope, variants(goal)[0], chosen)
            tables.folded(f"months-{chosen}", courses.months, scope, (variants(goal)[0], chosen))


def heading(scope: Scope, goal: int) -> str:
    """Between which shares the goal lies by its other definitions."""
    shares = [share(one(code, scope)) for code in variants(goal)[1:]]
    values = [s.value for s in shares if s.value is not None and not s.few]
    if not values:
        return _("Other ways of counting the goal")
    return _("Counted in other ways the goal would be {span}").format(span=numbers.span(min(values), max(values)))


def table(scope: Scope, goal: int) -> Table:
    """A row a definition: its share, of what, how much is known, and the difference to the adopted one in points."""
    codes = variants(goal)
    rows = [one(code, scope) for code in codes]
    first = share(rows[0])
    differences = [_difference(share(row), first) for row in rows]
    columns = {
        _("Counted so"): [_name(code) for code in codes],
        _("Share, %"): [percentage(row) for row in rows],
        _("Counted on"): [_counted(code, row) for code, row in zip(codes, rows, strict=True)],
        _("Difference, points"): amounts([None if d is None else 100 * d for d in differences]),
        _("Reported, %"): amounts([None if row.coverage is None else 100 * row.coverage for row in rows]),
        _("Definition"): list(codes),
    }
    marks = {
        _("Share, %"): Marked("share", [share_cell(share(row)) for row in rows]),
        _("Difference, points"): Marked("text", [text_cell(_points(d, i == 0)) for i, d in enumerate(differences)]),
        _("Reported, %"): Marked("coverage", [coverage_cell(row.coverage, low=False) for row in rows]),
    }
    links = tuple(address.link_here(ANCHOR, **{DEFINITION: code if i else None}) for i, code in enumerate(codes))
    shown = tuple(columns)[:-1]
    return Table(
        _("The goal by other definitions"), pd.DataFrame(columns), codes, 1, links=links, shown=shown, marks=marks
    )


def _name(code: str) -> str:
    return words(metrics()[code].variant) if metrics()[code].variant else _("As the goal is counted")


def _counted(code: str, row: Row) -> str:
    return (counted(metrics()[code], "denominator", row.denominator) or "") if row.denominator else ""


def _difference(other: Share, adopted: Share) -> float | None:
    """In shares; None where one is not known, or of fewer than twenty."""
    if other.value is None or adopted.value is None or other.few or adopted.few:
        return None
    return other.value - adopted.value


def _points(difference: float | None, adopted: bool) -> str:
    if adopted:
        return _("adopted")
    return numbers.points(difference, 1, signed=True)


@cached_block
def _line(scope: Scope, adopted: str, chosen: str) -> None:
    """The months by the chosen definition, those of the adopted one in grey."""
    pairs = zip(ask(chosen, scope, "month"), ask(adopted, scope, "month"), strict=True)
    title = words(metrics()[chosen].title)
    st.html(share_line([_month(row, other) for row, other in pairs], name=title, before=_("adopted")))
    page.reading(f"{title}. {words(metrics()[chosen].definition)}")


def _month(row: Row, other: Row) -> Month:
    now, then = share(row), share(other)
    return Month(row.by["month"], now.value, then.value, courses.few_words(now), courses.few_words(then))
