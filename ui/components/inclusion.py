"""Digital inclusion (§ 3.2) beside each 100 %: the other way in that remains, what staff typed in, and what was given up."""

from collections.abc import Mapping, Sequence

from analytics.metrics.catalogue import GOAL_CODES, metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.registers.services import services
from ui import database
from ui.components.cells import Cell, share_cell
from ui.components.metric_views import ask, one, part_of, share
from ui.components.tables import percentage
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, words

METRICS = ("other_way_in", "assisted_share", "abandonment")


def beside(scope: Scope) -> str:
    """The other way in that remains, what staff typed in and what was given up; "not known" where that is so."""
    way, staff, left = (one(code, scope) for code in METRICS)
    return _("Another way in: {way}. Typed in by staff: {staff}. Given up: {left}.").format(
        way=_way(scope, way), staff=_typed_in(staff), left=_given_up(left)
    )


def _way(scope: Scope, row: Row) -> str:
    """In how many services there is one; of a service alone which."""
    if not row.denominator:
        return _("not known")
    if len(scope.services) != 1:
        return _in_how_many(row)
    if not row.numerator:
        return _("none is known")
    known = database.answer(services).get(scope.services[0])
    return (known.other_way if known else None) or _("known by its cases")


def _in_how_many(row: Row | None) -> str:
    if row is None or not row.denominator:
        return _("not known")
    return numbers.plural("{part} service", "{part} services", int(row.denominator), part=part_of(row))


def _typed_in(row: Row | None) -> str:
    if row is None or row.value is None:
        return _("not known")
    return _("{share} of the cases").format(share=numbers.percent(row.value))


def _given_up(row: Row | None) -> str:
    if row is None or row.value is None:
        return _("not known")
    return _("{share} of those begun").format(share=numbers.percent(row.value))


def note(row: Row, scope: Scope) -> str:
    """What stands with a goal of 100 %: a breach where there is no other way in, and what is beside it; "" of one that is less."""
    if row.value != 1:
        return ""
    n = _without(one("other_way_in", scope))
    if not n:
        return beside(scope)
    breach = _("100% and no other way in breaks with digital inclusion (§ 3.2).")
    if len(scope.services) != 1:
        breach = numbers.plural(
            "100%, but {n} service has no other way in: that breaks with digital inclusion (§ 3.2).",
            "100%, but {n} services have no other way in: that breaks with digital inclusion (§ 3.2).",
            n,
        )
    return f"{breach} {beside(scope)}"


def _without(row: Row) -> int:
    return int(row.denominator or 0) - int(row.numerator or 0)


def departments(scope: Scope, codes: Sequence[str] = GOAL_CODES) -> str:
    """The same of the departments of a table that have 100 %, by name; "" where none has, or where it is one alone."""
    ways, staff, left = ({row.by["branch"]: row for row in ask(code, scope, "branch")} for code in METRICS)
    sentences = []
    for code in codes:
        rows = ask(code, scope, "branch")
        for branch in [row.by["branch"] for row in rows if row.value == 1 and len(rows) > 1]:
            values = {
                "department": labels.department(branch),
                "goal": words(metrics()[code].title),
                "way": _in_how_many(ways.get(branch)),
                "staff": _typed_in(staff.get(branch)),
                "left": _given_up(left.get(branch)),
            }
            told = _(
                "{department} has 100% in {goal}. Another way in: {way}. Typed in by staff: {staff}. Given up: {left}."
            )
            sentences.append(told.format(**values))
            if branch in ways and _without(ways[branch]):
                sentences.append(_("100% and no other way in breaks with digital inclusion (§ 3.2)."))
    return " ".join(sentences)


def columns(scope: Scope, ids: Sequence[str]) -> dict[str, list[object]]:
    """The columns of a list of services: whether there is another way in, what staff typed in, and what was given up."""
    ways, staff, left = (_by_service(code, scope) for code in METRICS)
    return {
        _("Another way in"): [_known_way(ways.get(key)) for key in ids],
        _("Typed in by staff, %"): [percentage(staff.get(key)) for key in ids],
        _("Given up, %"): [percentage(left.get(key)) for key in ids],
    }


def _by_service(code: str, scope: Scope) -> Mapping[str, Row]:
    return {str(row.by["service"]): row for row in ask(code, scope, "service")}


def _known_way(row: Row | None) -> str | None:
    if row is None or not row.denominator:
        return None
    return _("yes") if row.numerator else _("none is known")


def cells(scope: Scope, ids: Sequence[str], rows: Sequence[Row]) -> list[Cell]:
    """The digital share of each service; 100 % without another way in is marked as the breach that it is."""
    ways = _by_service("other_way_in", scope)
    return [_cell(row, ways.get(key)) for key, row in zip(ids, rows, strict=True)]


def _cell(row: Row, way: Row | None) -> Cell:
    cell = share_cell(share(row))
    if row.value != 1 or way is None or not _without(way):
        return cell
    return Cell(tag("span", cell.content, " ", tag("small", _("no other way in"), class_="low")), cell.sort)
