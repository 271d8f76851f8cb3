"""What is behind the change of a share, in words: each part as a clause that stands by itself and after a colon."""

from dataclasses import replace

from analytics.decomposition.effects import MOVED, Cause
from analytics.metrics.catalogue import metrics
from ui.text import labels, numbers
from ui.text.i18n import _


def counts_cases(code: str) -> bool:
    """Whether a share is one of cases."""
    return bool(metrics()[code].counts["denominator"]["en"][0] == "case")


def describe_cause(code: str, cause: Cause, chosen: tuple[str, ...] = (), *, brief: bool = False) -> str:
    """A cause in words. Its department is named unless it is the only one chosen; then the services are."""
    if cause.kind == "rate":
        return RATES.get(code, _share)(replace(cause, dominant=cause.dominant and not brief))
    if cause.kind == "season":
        return _season(code, cause)
    if cause.kind in MOVED:
        return _moved(cause)
    if cause.kind == "mix" and code not in RATES:
        more = _("more of what is counted is in services with a higher share")
        return more if cause.points > 0 else _("more of what is counted is in services with a lower share")
    if cause.kind == "mix":
        more, less = (
            _("a larger part of the cases went to services that are more digital"),
            _("a larger part of the cases went to services that are less digital"),
        )
        return more if cause.points > 0 else less
    if code == "e_service_coverage" and cause.kind in ("began", "stopped", "more", "less"):
        return _known_again(cause)
    if cause.branch is None or cause.branch in chosen or count(cause) == 1:
        return _services(cause)
    return _department(cause)


def count(cause: Cause) -> int:
    """How many services it is about."""
    return len(cause.services) + len(cause.opposing)


def _e_services(cause: Cause) -> str:
    up = cause.points >= 0
    gained, lost = (cause.services, cause.opposing) if up else (cause.opposing, cause.services)
    told = []
    if gained:
        told.append(_counted(gained, _("{service} gained an e-service"), _("{n} services gained an e-service")))
    if lost:
        told.append(
            _counted(lost, _("{service} no longer has an e-service"), _("{n} services no longer have an e-service"))
        )
    first, *rest = told if up else told[::-1]
    return _("{first} and {second}").format(first=first, second=rest[0]) if rest else first


def _counted(services: tuple[str | None, ...], one: str, many: str, **more: str) -> str:
    """A single service by its name, several by their number."""
    if len(services) == 1:
        return one.format(service=labels.service(services[0]), **more)
    return many.format(n=numbers.count(len(services)), **more)


def _digital_cases(cause: Cause) -> str:
    more = cause.points > 0
    if count(cause) == 1:
        one, less = (
            _("{service} got a larger part of its cases digitally"),
            _("{service} got a smaller part of its cases digitally"),
        )
    elif cause.dominant:
        one, less = (
            _("the same services, {service} above all, got a larger part of their cases digitally"),
            _("the same services, {service} above all, got a smaller part of their cases digitally"),
        )
    else:
        one, less = (
            _("the same services got a larger part of their cases digitally"),
            _("the same services got a smaller part of their cases digitally"),
        )
    return (one if more else less).format(service=labels.service(cause.services[0]))


def _handling(cause: Cause) -> str:
    if cause.points > 0:
        one = _("a larger share of the cases to {service} could be handled digitally")
        many = _("a larger share of the cases to {n} services could be handled digitally")
    else:
        one = _("a smaller share of the cases to {service} could be handled digitally")
        many = _("a smaller share of the cases to {n} services could be handled digitally")
    return _counted(cause.services, one, many)


def _share(cause: Cause) -> str:
    """Any other share, where the same services are counted."""
    up = cause.points > 0
    if count(cause) == 1:
        said = _("the share rose in {service}") if up else _("the share fell in {service}")
    elif cause.dominant:
        rose = _("the share rose in the same services, most in {service}")
        said = rose if up else _("the share fell in the same services, most in {service}")
    else:
        said = _("the share rose in the same services") if up else _("the share fell in the same services")
    return said.format(service=labels.service(cause.services[0]))


RATES = {"e_service_coverage": _e_services, "digital_submission": _digital_cases, "digital_handling": _handling}


def _season(code: str, cause: Cause) -> str:
    """The same services' cases came in other months of the year."""
    if counts_cases(code):
        one = _("more of the cases to {service} came in months when a larger share of them is digital")
        many = _("more of the cases to the same services came in months when a larger share of them is digital")
        less_one = _("more of the cases to {service} came in months when a smaller share of them is digital")
        less_many = _("more of the cases to the same services came in months when a smaller share of them is digital")
    else:
        one = _("more of what is counted of {service} lay in months with a larger share")
        many = _("more of what is counted of the same services lay in months with a larger share")
        less_one = _("more of what is counted of {service} lay in months with a smaller share")
        less_many = _("more of what is counted of the same services lay in months with a smaller share")
    single, several = (one, many) if cause.points > 0 else (less_one, less_many)
    return (single if count(cause) == 1 else several).format(service=labels.service(cause.services[0]))


def _moved(cause: Cause) -> str:
    """Services that moved from or to a department outside what is chosen."""
    services = (*cause.services, *cause.opposing)
    if cause.branch is None:
        others = {
            "moved_in": (_("{service} moved here"), _("{n} services moved here from other departments")),
            "moved_out": (_("{service} moved away"), _("{n} services moved to other departments")),
        }
        return _counted(services, *others[cause.kind])
    named = {
        "moved_in": (_("{service} moved here from {department}"), _("{n} services moved here from {department}")),
        "moved_out": (_("{service} moved to {department}"), _("{n} services moved to {department}")),
    }
    return _counted(services, *named[cause.kind], department=labels.department(cause.branch))


def _known_again(cause: Cause) -> str:
    """Goal 1: what a service offers became known, or is known no longer."""
    if cause.kind in ("began", "more"):
        one, many = _("we now know what {service} offers"), _("we now know what {n} services offer")
    else:
        one, many = _("it is no longer known what {service} offers"), _("it is no longer known what {n} services offer")
    return _counted((*cause.services, *cause.opposing), one, many)


def _services(cause: Cause) -> str:
    """Services that came or went."""
    one, many = {
        "published": (_("{service} was published"), _("{n} services were published")),
        "withdrawn": (_("{service} was withdrawn"), _("{n} services were withdrawn")),
        "applicable": (_("the goal began to apply to {service}"), _("the goal began to apply to {n} services")),
        "not_applicable": (_("the goal ceased to apply to {service}"), _("the goal ceased to apply to {n} services")),
        "began": (
            _("{service} began to be reported in full"),
            _("{n} services began to be reported in full"),
        ),
        "stopped": (
            _("{service} is no longer reported in full"),
            _("{n} services are no longer reported in full"),
        ),
        "more": (
            _("{service} was reported in full for more months"),
            _("{n} services were reported in full for more months"),
        ),
        "less": (
            _("{service} was reported in full for fewer months"),
            _("{n} services were reported in full for fewer months"),
        ),
    }[cause.kind]
    return _counted((*cause.services, *cause.opposing), one, many)


def _department(cause: Cause) -> str:
    """Several services of one department that came or went; all that it has, where no other is counted."""
    whole = {
        "began": _("{department} began reporting in full"),
        "stopped": _("{department} no longer reports in full"),
        "more": _("{department} reported more months in full"),
        "less": _("{department} reported fewer months in full"),
    }
    part = {
        "published": _("{department} published {n} services"),
        "withdrawn": _("{department} withdrew {n} services"),
        "applicable": _("the goal began to apply to {n} services in {department}"),
        "not_applicable": _("the goal ceased to apply to {n} services in {department}"),
        "began": _("{department} began reporting {n} services in full"),
        "stopped": _("{department} no longer reports {n} services in full"),
        "more": _("{department} reported more months of {n} services in full"),
        "less": _("{department} reported fewer months of {n} services in full"),
    }
    told = whole[cause.kind] if cause.whole_branch and cause.kind in whole else part[cause.kind]
    return told.format(department=labels.department(cause.branch), n=numbers.count(count(cause)))
