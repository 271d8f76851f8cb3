"""The reader's names for codes: departments, services, fixed values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from analytics.metrics.dimensions import department_names, service_names
from analytics.metrics.scope import Scope
from analytics.registers import e_services as registers_e_services
from analytics.registers import services as registers_services
from analytics.registers.e_services import DenominatorChange
from ui import database
from ui.text import numbers
from ui.text.i18n import _, load_words, words

LABELS = Path(__file__).with_name("labels.toml")


def department(code: object) -> str:
    """A department's name; what is in no register says so."""
    if code is None:
        return _("Without a department")
    return database.answer(department_names).get(str(code), str(code))


def branch(code: object, scope: Scope, alone: bool = False) -> str:
    """A part of the scope's departments; what stands at the one that is chosen, beside its units, is without a unit."""
    if alone or scope.departments != (code,):
        return department(code)
    return _("{department} (without a unit)").format(department=department(code))


def branches(codes: Sequence[object], scope: Scope) -> list[str]:
    """The names of all parts side by side."""
    return [branch(code, scope, alone=len(codes) == 1) for code in codes]


def departments_of(scope: Scope, services: Sequence[object]) -> list[str]:
    """The name of each service's department in the scope."""
    known = database.answer(registers_services.departments_of, scope)
    return [department(known.get(str(code))) for code in services]


def service(code: object) -> str:
    """A service's name; what is in no register says so."""
    if code is None:
        return _("Without a service")
    return database.answer(service_names).get(str(code), str(code))


def e_services() -> Mapping[str, str]:
    """The names of the e-services by id, in order of name."""
    return {code: e_service.name for code, e_service in database.answer(registers_e_services.e_services).items()}


def e_service(code: str) -> str:
    """An e-service's name; what is in no register is called by its id."""
    return e_services().get(code, code)


def label(values: str, code: object) -> str:
    """A fixed value in the reader's words: ("channel", "phone") is "telefon". A missing one is "–".

    `values` is a set of labels.toml, or a value list of the input tables.
    """
    if values in load_words(LABELS):
        return words(load_words(LABELS)[values][code])
    pair = _values(values).get(str(code))
    return words(pair) if pair else "–"


def labels_of(name: str) -> dict[str, str]:
    """Fixed values in the reader's words, by code: a set of labels.toml, or a value list of the input tables."""
    of = load_words(LABELS)[name] if name in load_words(LABELS) else _values(name)
    return {code: words(pair) for code, pair in of.items()}


@cache
def _values(name: str) -> Mapping[str, Mapping[str, str]]:
    """A value list of the input tables by code, each value in both languages."""
    return {value.code: value.labels for value in database.value_lists()[name]}


def data_names() -> tuple[str, ...]:
    """The names of departments, services and e-services, which are Swedish whatever the reader's language."""
    names = (d.name for d in database.departments()), database.answer(service_names).values(), e_services().values()
    return tuple(name for each in names for name in each)


def rule_set(code: str) -> str:
    """A rule set by when it was saved; a file may have called it something else."""
    try:
        return numbers.moment(datetime.fromisoformat(code))
    except ValueError:
        return code


def move_reason(move: DenominatorChange) -> str:
    """Why a service came into the denominator or left it, with the reason that was decided."""
    text = label("denominator_change", move.cause)
    return f"{text}: {move.reason}" if move.reason else text
