"""One service's changes: what they add to the goals, and why a requested change has no effect."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from analytics.priorities.peers import PeerShare
from analytics.registers.services import WITH_E_SERVICE
from analytics.scenario.baseline import ServiceBaseline

Kind = Literal["e_service", "steps", "uptake"]
KINDS: tuple[Kind, ...] = ("e_service", "steps", "uptake")
Gains = tuple[Fraction, Fraction, Fraction]  # added to the numerator of each goal


@dataclass(frozen=True)
class Change:
    """A service gets an e-service, digital steps, or a higher uptake, from the first day of a month.

    `value` is the digital share of its cases (0–1) that an e-service or an uptake brings; None is its peers' share.
    `steps` are those that become digital; none named is every one. Raises ValueError for another share or day.
    """

    service_id: str
    kind: Kind
    value: Fraction | None
    since: date
    steps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.value is not None and not 0 <= self.value <= 1:
            raise ValueError("a share lies in 0–1")
        if self.since.day != 1:
            raise ValueError("a change holds from the first day of a month")


def highest_uptake(changes: Sequence[Change], peers: PeerShare | None) -> tuple[Fraction, bool] | None:
    """The highest uptake requested (0–1), and whether it is the peers' share; None when none is known."""
    stated = [(c.value, False) for c in changes if c.kind != "steps" and c.value is not None]
    if peers and any(c.kind != "steps" and c.value is None for c in changes):
        stated.append((peers.share, True))
    return max(stated, key=lambda pair: (pair[0], not pair[1]), default=None)


def steps_made_digital(service: ServiceBaseline, changes: Sequence[Change]) -> tuple[str, ...]:
    """The steps of the service that become digital, in the order of `STEPS`."""
    requested = [change.steps for change in changes if change.kind == "steps"]
    return tuple(step for step in service.missing_steps if any(not steps or step in steps for steps in requested))


def all_steps_digital(service: ServiceBaseline, changes: Sequence[Change]) -> bool:
    """Whether every step is digital with the changes: all are requested, or those named are all that are missing."""
    requested = [change for change in changes if change.kind == "steps"]
    named = service.handling != "not_reported" and steps_made_digital(service, changes) == service.missing_steps
    return any(not change.steps for change in requested) or bool(requested) and named


def gains(service: ServiceBaseline, changes: Sequence[Change], peers: PeerShare | None) -> Gains:
    """What the changes add to the numerator of each goal when they hold for the whole year."""
    kinds = {c.kind for c in changes}
    (with_one, applicable), (digital, cases), (handled, handled_known) = service.counts
    first = applicable - with_one if "e_service" in kinds else 0
    uptake = highest_uptake(changes, peers)
    second = Fraction(0)
    if uptake and can_be_digital(service, kinds):
        second = max(second, uptake[0] * cases - digital)
    third = handled_known - handled if all_steps_digital(service, changes) else 0
    return Fraction(first), second, Fraction(third)


def can_be_digital(service: ServiceBaseline, kinds: Collection[Kind]) -> bool:
    """Whether cases can come in digitally: the service has an e-service, gets one, or its class is unknown."""
    return "e_service" in kinds or service.class_ in (*WITH_E_SERVICE, "unknown")


def notes(service: ServiceBaseline, changes: Sequence[Change], uptake: Fraction | None) -> tuple[str, ...]:
    """Codes for why a requested change has no effect on the goals."""
    codes, kinds = [], {change.kind for change in changes}
    digital, cases = service.counts[1]
    if "e_service" in kinds and not service.counts[0][1]:
        codes.append("not_applicable" if service.class_ == "not_applicable" else "class_unknown")
    elif "e_service" in kinds and service.class_ in WITH_E_SERVICE:
        codes.append("has_one")
    if "e_service" in kinds or "uptake" in kinds:
        if not can_be_digital(service, kinds):
            codes.append("no_e_service")
        elif not cases:
            codes.append("no_cases" if service.reported else "cases_unknown")
        elif uptake is None:
            codes.append("no_peers")
        elif uptake * cases <= digital:
            codes.append("above")
    if "steps" in kinds:
        if service.handling == "digital":
            codes.append("digital_already")
        elif not service.counts[2][1]:
            codes.append("steps_unknown" if service.handling == "not_reported" else "nothing_to_handle")
        elif not all_steps_digital(service, changes):
            codes.append("steps_unknown" if service.handling == "not_reported" else "steps_left")
    return tuple(codes)
