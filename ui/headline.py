"""Headlines: the finding of a page as one sentence, built from the numbers in view."""

from analytics.findings import FEW, GOALS
from analytics.query import Row
from analytics.scope import Scope
from ui import numbers
from ui.goals import one
from ui.text import _, ngettext

MOVED = 0.01  # a goal that moved less than a point did not move
MOSTLY = 0.5  # below this coverage a change is not told as one
REPORTING_MOVED = 0.05  # when coverage moved more, the change in value may be nothing but that


def _rising() -> dict[str, str]:
    return {
        "e_service_coverage": _("More services have an e-service"),
        "digital_submission": _("Digital cases are increasing"),
        "digital_handling": _("Digital handling is increasing"),
    }


def _falling() -> dict[str, str]:
    return {
        "e_service_coverage": _("Fewer services have an e-service"),
        "digital_submission": _("Digital cases are decreasing"),
        "digital_handling": _("Digital handling is decreasing"),
    }


def _unsure() -> dict[str, str]:
    return {
        "e_service_coverage": _("Too little is known to say whether more services have an e-service"),
        "digital_submission": _("Too little is reported to say whether digital cases increase"),
        "digital_handling": _("Too little is reported to say whether digital handling increases"),
    }


def _every(nth: int) -> dict[str, str]:
    services = {
        2: _("every second service"),
        3: _("every third service"),
        4: _("every fourth service"),
        5: _("every fifth service"),
        10: _("every tenth service"),
    }
    cases = {
        2: _("one case in two"),
        3: _("one case in three"),
        4: _("one case in four"),
        5: _("one case in five"),
        10: _("one case in ten"),
    }
    return {
        "e_service_coverage": _("{every_nth} lacks an e-service").format(every_nth=services[nth]),
        "digital_submission": _("{one_in_n} comes in some other way than an e-service").format(one_in_n=cases[nth]),
        "digital_handling": _("{one_in_n} cannot be handled digitally all the way").format(one_in_n=cases[nth]),
    }


def _part(share: str) -> dict[str, str]:
    return {
        "e_service_coverage": _("{share} of the services lack an e-service").format(share=share),
        "digital_submission": _("{share} of the cases come in some other way than an e-service").format(share=share),
        "digital_handling": _("{share} of the cases cannot be handled digitally all the way").format(share=share),
    }


def _few(part: str) -> dict[str, str]:
    return {
        "e_service_coverage": _("{part} services lack an e-service").format(part=part),
        "digital_submission": _("{part} cases come in some other way than an e-service").format(part=part),
        "digital_handling": _("{part} cases cannot be handled digitally all the way").format(part=part),
    }


def _nth(share: float) -> int | None:
    """A share as people say it: 4 is one in four. None where no such fraction lies within two points."""
    near = min((2, 3, 4, 5, 10), key=lambda n: abs(1 / n - share))
    return near if abs(1 / near - share) <= 0.02 else None


def gap(code: str, row: Row) -> str | None:
    """What is left of a goal, as a clause: "var fjärde tjänst saknar e-tjänst". None when it is met or not known."""
    if row.value is None or row.value == 1 or not row.denominator:
        return None
    missing = 1 - float(row.value)
    if row.denominator < FEW:
        left = int(row.denominator) - int(row.numerator or 0)
        return _few(numbers.out_of(left, int(row.denominator)))[code]
    nth = _nth(missing)
    return _every(nth)[code] if nth else _part(numbers.percent(missing))[code]


def _moved(scope: Scope, now: dict[str, Row]) -> tuple[str, float, float, float] | None:
    """The goal that moved most: its code, its change, the change of its coverage, and its coverage (0–1)."""
    before = scope.compared()
    if before is None:
        return None
    moves = []
    for code, row in now.items():
        then = one(code, before)
        if row.value is None or then.value is None or min(row.denominator or 0, then.denominator or 0) < FEW:
            continue
        change = float(row.value) - float(then.value)
        moves.append((code, change, (row.coverage or 0) - (then.coverage or 0), row.coverage or 0))
    most = max(moves, key=lambda move: abs(move[1]), default=None)
    return most if most and abs(most[1]) >= MOVED else None


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def _with_change(moved: tuple[str, float, float, float], left: str | None) -> str:
    code, change, coverage, known = moved
    if known < MOSTLY:
        return _unsure()[code]
    said = (_rising() if change > 0 else _falling())[code]
    if coverage <= -REPORTING_MOVED:
        return _("{change}, but less is reported than before").format(change=said)
    if coverage >= REPORTING_MOVED:
        return _("{change}, and more is reported than before").format(change=said)
    if left is None:
        return said
    joined = _("{change}, but {gap}") if change > 0 else _("{change}, and {gap}")
    return joined.format(change=said, gap=left)


def overview(scope: Scope) -> str:
    """The headline of the overview, true also when nothing moved, little is known or nothing is."""
    now = {code: one(code, scope) for code in GOALS}
    known = {code: row for code, row in now.items() if row.value is not None}
    if not known:
        return _nothing_known(now)
    furthest = min(known, key=lambda code: float(known[code].value or 0))
    left = gap(furthest, known[furthest])
    moved = _moved(scope, known)
    if moved:
        return _with_change(moved, left)
    if left is None:
        return _("Every goal that can be measured is met")
    before = scope.compared()
    stood = before and any(one(code, before).value is not None for code in known)
    return _("The goals have hardly moved: {gap}").format(gap=left) if stood else _sentence(left)


def _nothing_known(now: dict[str, Row]) -> str:
    services = now["e_service_coverage"].population
    if not services:
        return _("There are no services in what you have chosen")
    told = ngettext(
        "{n} service is published, but too little is reported to say where the goals stand",
        "{n} services are published, but too little is reported to say where the goals stand",
        int(services),
    )
    return told.format(n=numbers.count(services))
