"""One service's changes: what they add to the goals, and why something asked for moves nothing."""

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

    `value` is the digital share of its cases (0–1) that an e-service or an uptake brings; None is that of services like it.
    `steps` are those that become digital; none named is every one.
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


def highest_uptake(changes: Sequence[Change], like: PeerShare | None) -> tuple[Fraction, bool] | None:
    """The highest uptake asked for, and whether it is that of services like it; None when none can be told."""
    stated = [(c.value, False) for c in changes if c.kind != "steps" and c.value is not None]
    if like and any(c.kind != "steps" and c.value is None for c in changes):
        stated.append((like.share, True))
    return max(stated, key=lambda pair: (pair[0], not pair[1]), default=None)


def steps_made_digital(fact: ServiceBaseline, changes: Sequence[Change]) -> tuple[str, ...]:
    """The steps of the service that become digital, in their order."""
    asked = [change.steps for change in changes if change.kind == "steps"]
    return tuple(step for step in fact.missing_steps if any(not steps or step in steps for steps in asked))


def all_steps_digital(fact: ServiceBaseline, changes: Sequence[Change]) -> bool:
    """Whether every step is digital with the changes: all are asked for, or those named are all that is lacking."""
    asked = [change for change in changes if change.kind == "steps"]
    named = fact.handling != "not_reported" and steps_made_digital(fact, changes) == fact.missing_steps
    return any(not change.steps for change in asked) or bool(asked) and named


def gains(fact: ServiceBaseline, changes: Sequence[Change], like: PeerShare | None) -> Gains:
    """What the changes that hold add to the numerators, as if they held for the whole year."""
    kinds = {c.kind for c in changes}
    (has, could), (digital, cases), (handled, known) = fact.counts
    first = could - has if "e_service" in kinds else 0
    asked = highest_uptake(changes, like)
    second = Fraction(0)
    if asked and can_be_digital(fact, kinds):
        second = max(second, asked[0] * cases - digital)
    third = known - handled if all_steps_digital(fact, changes) else 0
    return Fraction(first), second, Fraction(third)


def can_be_digital(fact: ServiceBaseline, kinds: Collection[Kind]) -> bool:
    """Whether cases can come in digitally: there is an e-service, it gets one, or nobody knows that there is none."""
    return "e_service" in kinds or fact.class_ in (*WITH_E_SERVICE, "unknown")


def notes(fact: ServiceBaseline, changes: Sequence[Change], uptake: Fraction | None) -> tuple[str, ...]:
    """Why something asked for moves nothing, as codes."""
    said, kinds = [], {change.kind for change in changes}
    digital, cases = fact.counts[1]
    if "e_service" in kinds and not fact.counts[0][1]:
        said.append("not_applicable" if fact.class_ == "not_applicable" else "class_unknown")
    elif "e_service" in kinds and fact.class_ in WITH_E_SERVICE:
        said.append("has_one")
    if "e_service" in kinds or "uptake" in kinds:
        if not can_be_digital(fact, kinds):
            said.append("no_e_service")
        elif not cases:
            said.append("no_cases" if fact.reported else "cases_unknown")
        elif uptake is None:
            said.append("nothing_like_it")
        elif uptake * cases <= digital:
            said.append("above")
    if "steps" in kinds:
        if fact.handling == "digital":
            said.append("digital_already")
        elif not fact.counts[2][1]:
            said.append("steps_unknown" if fact.handling == "not_reported" else "nothing_to_handle")
        elif not all_steps_digital(fact, changes):
            said.append("steps_unknown" if fact.handling == "not_reported" else "steps_left")
    return tuple(said)
