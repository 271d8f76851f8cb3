"""Why a service and an e-service may belong together, and what speaks against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analytics.pairing.addresses import address_matches
from analytics.pairing.candidates import EServiceCandidate, ServiceCandidate
from analytics.pairing.similarity import DIFFERENT, ONE_UNKNOWN, action_similarity, matching_words
from analytics.pairing.tokens import ACTION_STEM, ParsedName, Word, folded, parse_name

ReasonKind = Literal[
    "same_address", "same_ending", "same_words", "like_words", "same_area", "same_department",
    "only_service", "only_e_service", "other_action", "other_audience", "service_has_one", "e_service_taken",
]  # fmt: skip
MIN_SIMILAR = 0.3  # how much of a word is found in one that is like it, at least


@dataclass(frozen=True)
class Reason:
    """What speaks for a pair, or against it. `words` are those that are the same, or that stand in one name only, or pairs of
    words that are like each other, or what one does in each (blank where the name does not say).
    """

    kind: ReasonKind
    words: tuple[str | tuple[str, str], ...] = ()


def reasons(service: ServiceCandidate, e_service: EServiceCandidate) -> tuple[Reason, ...]:
    """What speaks for the pair first, then what speaks against it."""
    own, other = parse_name(service.name), parse_name(e_service.name)
    return (
        *_addresses(service, e_service),
        *_names(own, other),
        *_belonging(service, e_service),
        *_against(service, e_service, own, other),
    )


def _addresses(service: ServiceCandidate, e_service: EServiceCandidate) -> Iterator[Reason]:
    for how in address_matches([service.url], [e_service.addresses]).values():
        yield Reason(how)


def _names(own: ParsedName, other: ParsedName) -> Iterator[Reason]:
    alike = [(mine, yours, much) for mine, yours, much in matching_words(own, other) if much >= MIN_SIMILAR]
    found = [one for one in alike if not _acts(own, one[0]) or not other.has_subject]
    same = tuple(mine.text.casefold() for mine, yours, _ in found if mine.stem == yours.stem)
    like = tuple((mine.text.casefold(), yours.text.casefold()) for mine, yours, _ in found if mine.stem != yours.stem)
    if same:
        yield Reason("same_words", same)
    if like:
        yield Reason("like_words", like)


def _acts(name: ParsedName, word: Word) -> bool:
    """Whether the word is what one does, in a name that says more than that."""
    return name.has_subject and word.stem.startswith(ACTION_STEM)


def _belonging(service: ServiceCandidate, e_service: EServiceCandidate) -> Iterator[Reason]:
    if same_text(service.area, e_service.area):
        yield Reason("same_area")
    if same_text(service.department_id, e_service.department_id):
        yield Reason("same_department")


def _doings(name: ParsedName) -> str:
    """What the name says that one does, in its own words."""
    return ", ".join(word.text.casefold() for word in name.words if word.stem.startswith(ACTION_STEM))


def same_text(one: str | None, other: str | None) -> bool:
    """Whether both are known and the same, without case and å/ä/ö."""
    return one is not None and other is not None and folded(one) == folded(other)


def _against(
    service: ServiceCandidate, e_service: EServiceCandidate, own: ParsedName, other: ParsedName
) -> Iterator[Reason]:
    sides: tuple[tuple[ReasonKind, ParsedName, ParsedName], ...] = (
        ("only_service", own, other),
        ("only_e_service", other, own),
    )
    for kind, mine, yours in sides:
        lone = [word for word, _, much in matching_words(mine, yours) if much < MIN_SIMILAR and not _acts(mine, word)]
        if lone:
            yield Reason(kind, tuple(word.text.casefold() for word in lone))
    if action_similarity(own.actions, other.actions) in (DIFFERENT, ONE_UNKNOWN):
        yield Reason("other_action", (_doings(own), _doings(other)))
    if service.audience and e_service.audience and service.audience != e_service.audience:
        yield Reason("other_audience")
    if not service.unpaired:
        yield Reason("service_has_one")
    if not e_service.unpaired:
        yield Reason("e_service_taken")
