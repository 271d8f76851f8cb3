"""Goal 1: what each service offers over time, who lacks an e-service, exemptions, breaches, and who left the denominator."""

import pandas as pd

from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.registers import e_services
from analytics.registers.services import service_statuses, services
from ui import database
from ui.components import headlines, metric_views, parts
from ui.components.cells import bar_cells
from ui.components.exemptions import exempt_address, exemption_rows
from ui.components.metric_views import ask, one
from ui.components.parts import Shade
from ui.components.service_cells import class_cells
from ui.components.tables import Marked, Table, service_table, whole_numbers
from ui.frame import address
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.frame.theme import Role
from ui.goals.sections import Fold
from ui.text import labels, numbers
from ui.text.i18n import _, ngettext

GOAL = GOALS[1]
LACKING = ("none", "form_only")


def _shades() -> list[Shade]:
    roles: tuple[Role, ...] = ("digital", "digital_soft", "grey_1", "pale", "grey_3", "unknown")
    names = labels.labels_of("service_class")
    return list(zip(names, names.values(), roles, strict=True))


def headline(scope: Scope) -> str:
    """The finding of the page."""
    return headlines.goal(GOAL, scope, _where)


def _where(scope: Scope) -> str:
    rows = [row for row in ask(GOAL, scope, "branch") if row.by["branch"] is not None and row.denominator]
    lacking = {row.by["branch"]: int(row.denominator or 0) - int(row.numerator or 0) for row in rows}
    top = max(lacking, key=lambda branch: lacking[branch], default=None)
    if top is None or scope.departments == (top,) or len(lacking) < 2 or list(lacking.values()).count(lacking[top]) > 1:
        return ""
    return _("most in {department}").format(department=labels.department(top))


def offers_heading(scope: Scope) -> str:
    """How many more services have an e-service than in the comparison, or how many have one."""
    before = scope.compared()
    now, then = one(GOAL, scope), one(GOAL, before) if before else None
    if now.value is None:
        return _("What the services offer")
    if then is None or then.value is None:
        told = {"part": numbers.count(now.numerator), "of": numbers.count(now.denominator)}
        return ngettext(
            "{part} of {of} service has an e-service",
            "{part} of {of} services have an e-service",
            int(now.denominator or 0),
        ).format(**told)
    more, period = int(now.numerator or 0) - int(then.numerator or 0), metric_views.compared_words(scope)
    if not more:
        return _("As many services have an e-service as {period}").format(period=period)
    if more > 0:
        return numbers.plural(
            "{n} more service has an e-service than {period}",
            "{n} more services have an e-service than {period}",
            more,
            period=period,
        )
    return numbers.plural(
        "{n} service fewer has an e-service than {period}",
        "{n} services fewer have an e-service than {period}",
        -more,
        period=period,
    )


def offers_reading(scope: Scope) -> str:
    """Of how many, what there is to begin with, and what is not counted."""
    offered, total = _offered(scope), int(one(GOAL, scope).denominator or 0)
    forms, outside = int(offered.get("form_only", 0)), int(offered.get("not_applicable", 0))
    month = numbers.month(scope.month_to)
    texts = (
        [
            numbers.plural(
                "{n} service is counted in {month}.", "{n} services are counted in {month}.", total, month=month
            )
        ]
        if total
        else []
    )
    if forms:
        texts.append(
            numbers.plural("{n} has a form to begin with.", "{n} have a form to begin with.", forms),
        )
    if outside:
        texts.append(
            numbers.plural(
                "{n} more needs no e-service and is not counted.",
                "{n} more need no e-service and are not counted.",
                outside,
            )
        )
    return " ".join(texts)


@cached_block
def offers(scope: Scope) -> None:
    """What the services offer, now and before."""
    parts.draw(_counted(), _offered(scope), _offered(scope.compared()), scope)


def _counted() -> list[Shade]:
    """The parts that the goal counts."""
    return [shade for shade in _shades() if shade[0] != "not_applicable"]


def _offered(scope: Scope | None) -> dict[object, float]:
    """The services by what they offer when the period ends."""
    return parts.sums("services", "class", scope)


def offers_by_month(scope: Scope) -> Table:
    """The services of each month by what they offer."""
    rows = ask("services", scope, "month", "class")
    values = {(row.by["month"], row.by["class"]): float(row.value) for row in rows if row.value}
    return parts.months(_("What the services offer, month by month"), _shades(), values, scope, ("services",))


def without_e_service(scope: Scope) -> Table:
    """The services without an e-service, the longest published first; those without a date last."""
    register = database.answer(services)
    found = [s for s in database.answer(service_statuses, scope) if s.class_ in LACKING]
    found.sort(key=lambda s: (register[s.service_id].published_from is None, register[s.service_id].published_from))
    own = [register[s.service_id] for s in found]
    columns = {
        _("Department"): labels.departments_of(scope, [s.service_id for s in found]),
        _("Audience"): [labels.label("audience", s.audience) for s in own],
        _("Offers"): [labels.label("service_class", s.class_) for s in found],
        _("Published from"): [s.published_from for s in own],
        _("Cases"): whole_numbers([s.cases.value for s in found]),
    }
    title, ids = _("Services without an e-service"), [s.service_id for s in own]
    nothing = _("All services that we have figures for have an e-service, or need none by decision.")
    nothing = describe_unknown(scope) if _is_unknown(scope) else nothing
    marks = {
        _("Offers"): Marked("state", class_cells([s.class_ for s in found])),
        _("Cases"): Marked("bar", bar_cells([s.cases.value for s in found])),
    }
    shown = (_("Department"), _("Offers"), _("Published from"), _("Cases"))
    return service_table(title, ids, columns, (GOAL, "cases"), nothing=nothing, shown=shown, marks=marks)


def _is_unknown(scope: Scope) -> bool:
    """Whether it is not known of any service whether it has an e-service: then none can be said to lack one, or to have one."""
    return one(GOAL, scope).state == "not_reported"


def lacking_heading(scope: Scope) -> str:
    """How many services lack an e-service; no number where that is known of none."""
    if _is_unknown(scope):
        return _("Services without an e-service")
    n = len(without_e_service(scope))
    return numbers.plural("{n} service without an e-service", "{n} services without an e-service", n)


def describe_rest(scope: Scope) -> str:
    """How many services it is not known of, beside those that lack one; blank where that is all of them, as the table says."""
    return "" if _is_unknown(scope) else describe_unknown(scope)


def describe_unknown(scope: Scope) -> str:
    """How many services have an unknown class; blank where none has."""
    n = sum(s.class_ == "unknown" for s in database.answer(service_statuses, scope))
    text = numbers.plural(
        "We do not know whether {n} service has an e-service.",
        "We do not know whether {n} services have an e-service.",
        n,
    )
    return text if n else ""


def breaches(scope: Scope) -> Table:
    """The e-services outside Open ePlatform without an exemption in force."""
    found = database.answer(e_services.breaches, scope)
    columns = {
        _("E-service"): [e.name for e in found],
        _("Platform"): [e.platform or "" for e in found],
        _("Service"): [", ".join(labels.service(s) for s in e.services) or _("Without a service") for e in found],
        _("Live from"): [e.live_from for e in found],
        _("E-service id"): [e.e_service_id for e in found],
    }
    links = tuple(service_link(e.services[0]) if e.services else address.link("datakvalitet") for e in found)
    nothing = _("No e-service lies outside Open ePlatform without a valid exemption.")
    rows, shown = pd.DataFrame(columns), (_("E-service"), _("Platform"), _("Service"), _("Live from"))
    return Table(_("Breaches of § 4"), rows, ("guideline_breaches",), links=links, nothing=nothing, shown=shown)


def exemptions(scope: Scope, kind: str) -> Table:
    """The exemptions of a kind that are in force at the end of the period."""
    found = [x for x in database.answer(e_services.exemptions_in_force, scope) if x.kind == kind]
    titles = {
        "other_platform": _("Valid exemptions from § 4"),
        "not_applicable": _("Services that need no e-service"),
    }
    links, nothing = tuple(map(exempt_address, found)), _("Nothing in the selection.")
    return Table(titles[kind], exemption_rows(found), ("exemptions",), links=links, nothing=nothing)


def denominator_changes(scope: Scope) -> Table:
    """The services that entered or left the denominator since the comparison, with the reason."""
    found = database.answer(e_services.denominator_changes, scope)
    columns = {
        _("Service"): [labels.service(m.service_id) for m in found],
        _("What happened"): [_("now counted") if m.joined else _("no longer counted") for m in found],
        _("Why"): [labels.move_reason(m) for m in found],
        _("When"): [m.changed_on for m in found],
    }
    title = _("Services that have begun or ceased to count")
    nothing = _("The same services are counted in both periods.")
    links = tuple(service_link(m.service_id) for m in found)
    return Table(title, pd.DataFrame(columns), (GOAL,), links=links, nothing=nothing)


def folded() -> tuple[Fold, ...]:
    """What is decided besides the goal, each behind its count."""
    return (
        Fold(
            "breaches",
            _("Breaches of § 4"),
            _("e-services outside Open ePlatform without a valid exemption"),
            breaches,
        ),
        Fold("exemptions", _("Valid exemptions from § 4"), _("decided"), exemptions, ("other_platform",)),
        Fold(
            "not-applicable",
            _("Services that need no e-service"),
            _("decided, with a reason, and not counted in goal 1"),
            exemptions,
            ("not_applicable",),
        ),
        Fold(
            "moves",
            _("Services that have begun or ceased to count"),
            _("since the comparison period"),
            denominator_changes,
        ),
    )
