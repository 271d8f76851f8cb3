"""Reasons for and against pairing a service with an e-service."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analytics.pairing.addresses import address_matches
from analytics.pairing.candidates import EServiceCandidate, ServiceCandidate
from analytics.pairing.similarity import DIFFERENT, ONE_UNKNOWN, action_similarity, matching_words
from analytics.pairing.tokens import ACTION_STEM, ParsedName, Word, folded, parse_name

ReasonKind = Literal[
    "same_address", "same_ending", "same_words", "similar_words", "same_area", "same_department",
    "only_service", "only_e_service", "other_action", "other_audience", "service_has_one", "e_service_taken",
]  # fmt: skip
MIN_SIMILAR = 0.3  # lowest similarity (0–1) of two words that are similar


@dataclass(frozen=True)
class Reason:
    """A reason for or against a pair, with its words.

    `words` are those in both names or in one only, pairs of similar words, or the action of each (blank where none).
    """

    kind: ReasonKind
    words: tuple[str | tuple[str, str], ...] = ()


def reasons(service: ServiceCandidate, e_service: EServiceCandidate) -> tuple[Reason, ...]:
    """The reasons for the pair first, then those against it."""
    ours, theirs = parse_name(service.name), parse_name(e_service.name)
    return (
        *_addresses(service, e_service),
        *_names(ours, theirs),
        *_same_place(service, e_service),
        *_against(service, e_service, ours, theirs),
    )


def _addresses(service: ServiceCandidate, e_service: EServiceCandidate) -> Iterator[Reason]:
    for kind in address_matches([service.url], [e_service.addresses]).values():
        yield Reason(kind)


def _names(ours: ParsedName, theirs: ParsedName) -> Iterator[Reason]:
    pairs = [(a, b) for a, b, similarity in matching_words(ours, theirs) if similarity >= MIN_SIMILAR]
    pairs = [(a, b) for a, b in pairs if not _is_action(ours, a) or not theirs.has_subject]
    same = tuple(a.text.casefold() for a, b in pairs if a.stem == b.stem)
    similar = tuple((a.text.casefold(), b.text.casefold()) for a, b in pairs if a.stem != b.stem)
    if same:
        yield Reason("same_words", same)
    if similar:
        yield Reason("similar_words", similar)


def _is_action(name: ParsedName, word: Word) -> bool:
    """Whether the word is an action, in a name that has a subject too."""
    return name.has_subject and word.stem.startswith(ACTION_STEM)


def _same_place(service: ServiceCandidate, e_service: EServiceCandidate) -> Iterator[Reason]:
    if same_text(service.area, e_service.area):
        yield Reason("same_area")
    if same_text(service.department_id, e_service.department_id):
        yield Reason("same_department")


def _actions(name: ParsedName) -> str:
    """The actions of a name, in its own words."""
    return ", ".join(word.text.casefold() for word in name.words if word.stem.startswith(ACTION_STEM))


def same_text(first: str | None, second: str | None) -> bool:
    """Whether both are known and the same, without case and å/ä/ö."""
    return first is not None and second is not None and folded(first) == folded(second)


def _against(
    service: ServiceCandidate, e_service: EServiceCandidate, ours: ParsedName, theirs: ParsedName
) -> Iterator[Reason]:
    sides: tuple[tuple[ReasonKind, ParsedName, ParsedName], ...] = (
        ("only_service", ours, theirs),
        ("only_e_service", theirs, ours),
    )
    for kind, name, other in sides:
        rest = [word for word, _, similarity in matching_words(name, other) if similarity < MIN_SIMILAR]
        words = tuple(word.text.casefold() for word in rest if not _is_action(name, word))
        if words:
            yield Reason(kind, words)
    if action_similarity(ours.actions, theirs.actions) in (DIFFERENT, ONE_UNKNOWN):
        yield Reason("other_action", (_actions(ours), _actions(theirs)))
    if service.audience and e_service.audience and service.audience != e_service.audience:
        yield Reason("other_audience")
    if not service.unpaired:
        yield Reason("service_has_one")
    if not e_service.unpaired:
        yield Reason("e_service_taken")
