"""§§ 1, 2 and 9: what the guideline rests on, and what its words count here. They ask for nothing that could be followed."""

import pandas as pd

from analytics.metrics.period import as_of
from analytics.metrics.scope import Scope
from analytics.registers.e_services import e_services
from analytics.registers.services import services
from ui import database
from ui.components.metric_views import ask
from ui.components.tables import Table
from ui.frame import address
from ui.text import numbers
from ui.text.i18n import _


def table(scope: Scope) -> Table:
    """A row a section, and a row a document that the guideline builds on."""
    documents = [(_("§ 9 builds on"), document, "", "") for document in related()]
    rows = [
        (_("§ 1 Introduction"), _("Revised when needed, or once per term of office"), "", address.link("definitioner")),
        (_("§ 2.1 Service"), _("Done for residents or employees, who need not do anything themselves"), *_services(scope)),
        (_("§ 2.2 E-service"), _("Open day and night, from anywhere, by oneself, not on paper"), *_e_services(scope)),
        *documents,
    ]  # fmt: skip
    names = (_("Section"), _("What it says"), _("How many"))
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    links = tuple(row[3] for row in rows)
    return Table(_("What the guideline rests on"), pd.DataFrame(columns), ("services",), links=links)


def related() -> tuple[str, ...]:
    """The documents of § 9."""
    return (
        _("The digitalisation strategy for Sweden"),
        _("The digitalisation strategy for Västmanland"),
        _("The digitalisation strategy for Sala kommun"),
        _("The vision, goals and values of Sala kommun"),
        _("The IT policy of Sala kommun"),
        _("The handbook for developing and managing the e-services of Sala kommun"),
    )


def _services(scope: Scope) -> tuple[str, str]:
    """How many services are external and internal, and in how many of them nobody need do anything."""
    rows = [row for row in ask("services", scope, "service", "audience") if row.value]
    register = database.answer(services)
    external = sum(row.by["audience"] == "external" for row in rows)
    passive = sum(register[str(row.by["service"])].active is False for row in rows if row.by["service"] in register)
    told = _("{external} external, {internal} internal. In {passive} of them nobody need do anything.")
    counts = (numbers.count(n) for n in (external, len(rows) - external, passive))
    return told.format(**dict(zip(("external", "internal", "passive"), counts, strict=True))), address.link("tjanster")


def _e_services(scope: Scope) -> tuple[str, str]:
    """How many e-services there are, and links to e-services of others; a form is none (§ 2.2)."""
    day = database.answer(as_of, scope.month_to)
    chosen = {row.by["service"] for row in ask("services", scope, "service") if row.value}
    live = [
        one
        for one in database.answer(e_services).values()
        if not (one.live_from and one.live_from > day)
        and not (one.live_to and one.live_to < day)
        and (not scope.narrowed or chosen & set(one.services))
    ]
    kinds = [sum(one.kind == kind for one in live) for kind in ("e_service", "link", "form")]
    told = _("{e_services} e-services and {links} links to others. {forms} forms do not count.")
    counts = map(numbers.count, kinds)
    return told.format(**dict(zip(("e_services", "links", "forms"), counts, strict=True))), address.link("mal-1")
