"""The reader's names for codes: departments, services, fixed values."""

from collections.abc import Mapping
from datetime import datetime

from analytics.metrics.dimensions import service_names
from analytics.registers import e_services as registers_e_services
from analytics.registers.e_services import DenominatorChange
from ui import database
from ui.text import numbers
from ui.text.i18n import _, words


def department(code: object) -> str:
    """A department's name; what is in no register says so."""
    if code is None:
        return _("Without a department")
    return next((d.name for d in database.departments() if d.department_id == code), str(code))


def service(code: object) -> str:
    """A service's name; what is in no register says so."""
    if code is None:
        return _("Without a service")
    return database.answer(service_names).get(str(code), str(code))


def e_services() -> Mapping[str, str]:
    """The names of the e-services by id, in order of name."""
    return {code: found.name for code, found in database.answer(registers_e_services.e_services).items()}


def e_service(code: str) -> str:
    """An e-service's name; what is in no register is called by its id."""
    return e_services().get(code, code)


def label(values: str, code: object) -> str:
    """A fixed value in the reader's words: ("channel", "phone") is "telefon". A missing one is "–"."""
    return next((words(v.labels) for v in database.value_lists()[values] if v.code == code), "–")


def rule_set(code: str) -> str:
    """A rule set by when it was saved; a file may have called it something else."""
    try:
        return numbers.moment(datetime.fromisoformat(code))
    except ValueError:
        return code


def service_classes() -> dict[str, str]:
    """What a service offers, in the reader's words, by class."""
    return {
        "e_service": _("e-service"),
        "e_service_elsewhere": _("e-service in another system"),
        "form_only": _("form only"),
        "none": _("none"),
        "not_applicable": _("not applicable"),
        "unknown": _("unknown"),
    }


def move_reason(move: DenominatorChange) -> str:
    """Why a service came into the denominator or left it, with the reason that was decided."""
    said = {
        "published": _("Published"),
        "applicable": _("An e-service applies again"),
        "known": _("What it offers has become known"),
        "unpublished": _("No longer published"),
        "not_applicable": _("Decided not to need an e-service"),
        "unknown": _("It is no longer known what it offers"),
    }[move.why]
    return f"{said}: {move.reason}" if move.reason else said


def step_name(code: object) -> str:
    """A step in the reader's words."""
    return label("step", code)
