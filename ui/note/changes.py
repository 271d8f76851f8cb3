"""What is unusual in a month, in words: what is new, what lasts, and what cannot be judged."""

from collections.abc import Iterator, Sequence

from babel.lists import format_list

from analytics.insights.month_changes import MonthChange, MonthReview, month_review
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope
from analytics.statistics.control_charts import Refusal
from ui import database
from ui.components import headlines, variation
from ui.frame import address
from ui.frame.sitemap import page_specs
from ui.note.model import Item, Part
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized, language

MOST = 3  # changes that are told
PLACES = {"abandonment": ("nytta", "use")}  # the page and place of a metric; a goal has its own page


def review(scope: Scope) -> MonthReview:
    """What is beyond normal variation in the last month of the scope."""
    found: MonthReview = database.answer(month_review, scope)
    return found


def finding(scope: Scope) -> str:
    """What is unusual as a clause; that nothing is, or that it cannot be seen."""
    found = review(scope)
    if not found.new:
        return _nothing(found)
    first, more = _clause(found.new[0], scope), len(found.new) - 1
    both = numbers.plural("{first}, and {n} thing more", "{first}, and {n} things more", more, first=first)
    return headlines.fitting(both, first) if more else first


def _nothing(found: MonthReview) -> str:
    if not found.judged:
        return _("it cannot be seen whether anything is unusual")
    return _("nothing new is unusual") if found.lasting else _("nothing is unusual")


def part(scope: Scope) -> Part:
    """At most three things that have become unusual, each beside what is usual; in a sentence that nothing has."""
    found = review(scope)
    return Part(
        _("Unusual this month"),
        tuple(_item(one, scope) for one in found.new[:MOST]),
        tuple(_sentences(found, scope)),
    )


def _item(one: MonthChange, scope: Scope) -> Item:
    sentence = variation.judged(one.metric, one.point)
    if one.mostly:
        sentence += " " + _("Most of it is in {department}.").format(department=labels.branch(one.mostly, scope))
    path, anchor = PLACES.get(one.metric, (f"mal-{metrics()[one.metric].goal}", ""))
    title = next(spec.title for spec in page_specs() if spec.path == path)
    narrowed = {"department": [one.department_id]} if one.department_id else {}
    href = address.link(path, anchor, **narrowed)
    return Item(capitalized(_clause(one, scope)), capitalized(sentence), _("See {page}").format(page=title), href)


def _clause(one: MonthChange, scope: Scope) -> str:
    """What has happened: "andelen digitala ärenden är högre än vanligt i Bygg och miljö"."""
    share, above = _share(one.metric), one.point.side == "above"
    if metrics()[one.metric].time == "stock":
        text = _stock(above, one.change or 0.0).format(share=share)
    else:
        template = _("{share} is higher than usual") if above else _("{share} is lower than usual")
        text = template.format(share=share)
    if one.department_id:
        text = _("{finding} in {department}").format(finding=text, department=labels.branch(one.department_id, scope))
    return text


def _stock(above: bool, change: float) -> str:
    """What is unusual of a stock is its change in the month."""
    if above:
        return _("{share} rose more than usual") if change > 0 else _("{share} fell less than usual")
    return _("{share} fell more than usual") if change < 0 else _("{share} rose less than usual")


def _sentences(found: MonthReview, scope: Scope) -> Iterator[str]:
    """That nothing is new, what is left out, what has been unusual since before, and what cannot be judged."""
    if not found.new:
        yield f"{capitalized(_nothing(found))}."
    if (more := len(found.new) - MOST) > 0:
        yield numbers.plural("{n} thing more is unusual.", "{n} things more are unusual.", more)
    if found.lasting:
        yield _("As the month before: {what}.").format(what=_listed([_clause(one, scope) for one in found.lasting]))
    if refused := [_refused(code, chart.refusal) for code, chart in found.refused if _is_expected(code, chart.refusal)]:
        yield _("What cannot be judged: {what}.").format(what=_listed(refused))


def _share(code: str) -> str:
    return labels.label("share_in_sentence" if metrics()[code].goal else "watched_in_sentence", code)


def _listed(clauses: Sequence[str]) -> str:
    return format_list(clauses, locale=language())


def _is_expected(code: str, refusal: Refusal | None) -> bool:
    """Whether it is to be told that a metric cannot be judged: not of a table that is not imported at all, but for a goal."""
    return bool(metrics()[code].goal) or refusal != "unknown"


def _refused(code: str, refusal: Refusal | None) -> str:
    """What cannot be judged and why: "andelen tjänster med e-tjänst (färre än 20 räknas)"."""
    return _("{what} ({why})").format(what=_share(code), why=labels.label("month_refused", refusal))
