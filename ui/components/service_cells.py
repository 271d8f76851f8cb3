"""Cells that tell of services: what each offers, and its handling steps."""

from collections.abc import Sequence

from analytics.metrics.scope import Scope
from analytics.registers.service_history import STEPS
from analytics.registers.services import ServiceStatus
from ui.components.cells import Cell, Square, state_cell, steps_cell
from ui.components.metric_views import ask, part_of
from ui.text import labels

CLASS_SQUARES: dict[str, Square] = {
    "e_service": "digital",
    "e_service_elsewhere": "digital-soft",
    "form_only": "grey-1",
    "none": "pale",
    "not_applicable": "grey-2",
    "unknown": "unknown",
}


def class_cells(classes: Sequence[str]) -> list[Cell]:
    """What services offer, each behind the square of its colour."""
    return [state_cell(labels.label("service_class", code), CLASS_SQUARES[code]) for code in classes]


def steps_cells(scope: Scope, found: Sequence[ServiceStatus]) -> list[Cell]:
    """The steps of services at the end of the period as squares, with how many are digital."""
    states: dict[object, dict[object, str]] = {}
    for row in ask("digital_steps", scope, "service", "state", "step"):
        states.setdefault(row.by["service"], {})[row.by["step"]] = str(row.by["state"])
    return [_steps_cell(states.get(status.service_id, {}), status) for status in found]


def _steps_cell(states: dict[object, str], status: ServiceStatus) -> Cell:
    ordered = [(labels.label("step", step), states[step]) for step in STEPS if step in states]
    value = status.steps.value
    counted = part_of(status.steps) if status.steps.denominator else labels.label("service_class", "unknown")
    return steps_cell(ordered, counted, None if value is None else float(value))
