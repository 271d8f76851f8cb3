"""Each section of the guideline: what it asks for, whether it is followed, and what remains."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analytics.metrics.catalogue import GOAL_CODES, metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.registers.benefit import totals
from ui import database
from ui.components.cells import Square, state_cell
from ui.components.metric_views import counted, one
from ui.components.tables import Marked, Table
from ui.frame import address
from ui.text import labels, numbers
from ui.text.i18n import _, ngettext

State = Literal["followed", "partly", "not_followed", "unknown"]
SQUARES: dict[State, Square] = {
    "followed": "digital",
    "partly": "digital-soft",
    "not_followed": "pale",
    "unknown": "unknown",
}
METRICS = (
    "hours_freed",
    "other_way_in",
    *GOAL_CODES,
    "guideline_breaches",
    "analysed_exemptions",
    "answered_for",
    "followed_up",
    "criteria_met",
    "cost",
)


@dataclass(frozen=True)
class Section:
    """A section: its number, what it asks for, whether that is so, what remains, and where more of it is."""

    number: str
    asks: str
    state: State
    left: str
    href: str


def sections(scope: Scope) -> list[Section]:
    """The sections that ask for something that can be followed up, in the guideline's order."""
    goals = (
        ("3.2.1", _("Every published service has an e-service"), "e_service_coverage", "mal-1"),
        ("3.2.2", _("All cases are sent in digitally"), "digital_submission", "mal-2"),
        ("3.2.3", _("All cases are handled digitally"), "digital_handling", "mal-3"),
    )
    ways = _of_share("3.2", _("Nobody is left out: there is another way in too"), "other_way_in", "#ways", scope)
    lists = (
        ("5", _("Somebody answers for every service"), "answered_for", "answers"),
        ("6", _("E-services are followed up when they are in use"), "followed_up", "process"),
        ("7", _("E-services are easy, safe, lawful and open"), "criteria_met", "criteria"),
    )
    shares = [_of_share(number, asks, code, address.link(page), scope) for number, asks, code, page in goals]
    own = [_of_share(number, asks, code, f"#{anchor}", scope) for number, asks, code, anchor in lists]
    return [_benefit(scope), ways, *shares, _exemptions(scope), *own, _costs(scope)]


def headline(scope: Scope) -> str:
    """How many sections are followed to the full, of those that it is known of."""
    states = [section.state for section in sections(scope)]
    known, followed = len(states) - states.count("unknown"), states.count("followed")
    counts = {"part": numbers.count(followed), "n": numbers.count(known)}
    if not known:
        return _("Nothing of the guideline can be followed up yet")
    if followed == len(states):
        return _("The guideline is followed in every section")
    if known == len(states) and not followed:
        return _("No section of the guideline is followed to the full yet")
    if known == len(states):
        return ngettext(
            "{part} of {n} section of the guideline is followed to the full",
            "{part} of {n} sections of the guideline are followed to the full",
            known,
        ).format(**counts)
    return ngettext(
        "{part} of {n} known section of the guideline is followed to the full",
        "{part} of {n} known sections of the guideline are followed to the full",
        known,
    ).format(**counts)


def _state(row: Row) -> State:
    if row.value is None:
        return "unknown"
    if row.value == 1 and row.all_known:
        return "followed"
    return "not_followed" if row.value == 0 else "partly"


def _of_share(number: str, asks: str, code: str, href: str, scope: Scope) -> Section:
    row = one(code, scope)
    left = ""
    if row.value is not None:
        n = int(row.denominator or 0) - int(row.numerator or 0)
        whole = counted(metrics()[code], "denominator", row.denominator)
        left = _("{n} of {whole} remain").format(n=numbers.count(n), whole=whole) if n else ""
        if row.coverage is not None and row.coverage < 1:
            known = _("{share} is known").format(share=numbers.percent(row.coverage))
            left = f"{left}, {known}" if left else known
    return Section(number, asks, _state(row), left, href)


def _benefit(scope: Scope) -> Section:
    """What the e-services give; nothing is left only where every case that could free time does."""
    known = database.answer(totals, scope)
    left = ""
    state: State = "unknown"
    if known is not None:
        realised, possible = known
        n = round(possible.hours)
        left = numbers.plural("{n} hour more is possible", "{n} hours more are possible", n) if n else ""
        state = "followed" if not n else "partly" if realised.hours > 0 else "not_followed"
    return Section("3.1", _("E-services make everyday life easier and free time"), state, left, address.link("nytta"))


def _exemptions(scope: Scope) -> Section:
    broken, analysed = one("guideline_breaches", scope), one("analysed_exemptions", scope)
    missing = int(analysed.denominator or 0) - int(analysed.numerator or 0)
    n = int(broken.value or 0)
    remains = [
        (n, numbers.plural("{n} e-service without an exemption", "{n} e-services without an exemption", n)),
        (missing, numbers.plural("{n} exemption without an analysis", "{n} exemptions without an analysis", missing)),
    ]
    state: State = "unknown" if broken.value is None else "partly" if n or missing else "followed"
    left = ", ".join(text for count, text in remains if count)
    return Section("4", _("E-services are in Open ePlatform, or are exempt by decision"), state, left, "#exemptions")


def _costs(scope: Scope) -> Section:
    known, left = one("cost", scope).coverage, ""
    if known is not None and known < 1:
        left = _("{share} of the costs have no payer").format(share=numbers.percent(1 - known))
    state: State = "unknown" if known is None else "followed" if known == 1 else "partly" if known else "not_followed"
    return Section("8", _("Every cost has the payer that the cost model says"), state, left, address.link("kostnader"))


def table(scope: Scope) -> Table:
    """A row a section."""
    every = sections(scope)
    states = [labels.label("section_state", section.state) for section in every]
    columns = {
        _("What it asks for"): [section.asks for section in every],
        _("Section"): [f"§ {section.number}" for section in every],
        _("Status"): states,
        _("What remains"): [section.left for section in every],
    }
    cells = [state_cell(text, SQUARES[section.state]) for text, section in zip(states, every, strict=True)]
    title, links = _("The guideline, section by section"), tuple(section.href for section in every)
    marks = {_("Status"): Marked("state", cells)}
    return Table(title, pd.DataFrame(columns), METRICS, links=links, marks=marks)
