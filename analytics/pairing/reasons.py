"""Why a service and an e-service may belong together, and what speaks against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analytics.pairing.addresses import near
from analytics.pairing.candidates import EService, Service
from analytics.pairing.similarity import APART, UNSAID, doing, shared
from analytics.pairing.tokens import ACTED, Word, Words, folded, taken_apart

Kind = Literal[
    "same_address", "same_ending", "same_words", "like_words", "same_area", "same_department",
    "only_service", "only_e_service", "other_action", "other_audience", "service_has_one", "e_service_taken",
]  # fmt: skip
LIKE = 0.3  # how much of a word is found in one that is like it, at least


@dataclass(frozen=True)
class Reason:
    """What speaks for a pair, or against it. `words` are those that are the same, or that stand in one name only, or pairs of
    words that are like each other, or what one does in each (blank where the name does not say).
    """

    kind: Kind
    words: tuple[str | tuple[str, str], ...] = ()


def reasons(service: Service, e_service: EService) -> tuple[Reason, ...]:
    """What speaks for the pair first, then what speaks against it."""
    own, other = taken_apart(service.name), taken_apart(e_service.name)
    return (
        *_addresses(service, e_service),
        *_names(own, other),
        *_belonging(service, e_service),
        *_against(service, e_service, own, other),
    )


def _addresses(service: Service, e_service: EService) -> Iterator[Reason]:
    for how in near([service.url], [e_service.addresses]).values():
        yield Reason(how)


def _names(own: Words, other: Words) -> Iterator[Reason]:
    alike = [(mine, yours, much) for mine, yours, much in shared(own, other) if much >= LIKE]
    found = [one for one in alike if not _acts(own, one[0]) or not other.subject]
    same = tuple(mine.shown.casefold() for mine, yours, _ in found if mine.stem == yours.stem)
    like = tuple((mine.shown.casefold(), yours.shown.casefold()) for mine, yours, _ in found if mine.stem != yours.stem)
    if same:
        yield Reason("same_words", same)
    if like:
        yield Reason("like_words", like)


def _acts(name: Words, word: Word) -> bool:
    """Whether the word is what one does, in a name that says more than that."""
    return name.subject and word.stem.startswith(ACTED)


def _belonging(service: Service, e_service: EService) -> Iterator[Reason]:
    if same(service.area, e_service.area):
        yield Reason("same_area")
    if same(service.department_id, e_service.department_id):
        yield Reason("same_department")


def _doings(name: Words) -> str:
    """What the name says that one does, in its own words."""
    return ", ".join(word.shown.casefold() for word in name.words if word.stem.startswith(ACTED))


def same(one: str | None, other: str | None) -> bool:
    """Whether both are known and the same, without case and å/ä/ö."""
    return one is not None and other is not None and folded(one) == folded(other)


def _against(service: Service, e_service: EService, own: Words, other: Words) -> Iterator[Reason]:
    sides: tuple[tuple[Kind, Words, Words], ...] = (("only_service", own, other), ("only_e_service", other, own))
    for kind, mine, yours in sides:
        lone = [word for word, _, much in shared(mine, yours) if much < LIKE and not _acts(mine, word)]
        if lone:
            yield Reason(kind, tuple(word.shown.casefold() for word in lone))
    if doing(own.actions, other.actions) in (APART, UNSAID):
        yield Reason("other_action", (_doings(own), _doings(other)))
    if service.audience and e_service.audience and service.audience != e_service.audience:
        yield Reason("other_audience")
    if not service.lacking:
        yield Reason("service_has_one")
    if not e_service.free:
        yield Reason("e_service_taken")
