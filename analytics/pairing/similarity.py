"""The similarity of names, every one of one list with every one of another, in a few seconds for thousands.

A word of one name matches another name whole, in another form, or as part of a compound. The similarity is how much of each
name matches the other, weighted by how rare its words are. The actions (to apply, to end) are compared separately, and lower
the similarity where they differ.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Postfix, Prefix
from rapidfuzz.process import cdist

from analytics.pairing.tokens import ParsedName, Word, start_actions

Floats = NDArray[np.float32]
Lengths = NDArray[np.uint8]
Parts = tuple[Floats, Floats, Floats]
ZERO, ONE = np.float32(0), np.float32(1)
INSIDE = 0.5  # lowest match of a part of a compound
HEAD = 0.8  # factor for its last part, which many words share
BEGINNING, END = 0.8, 0.5  # match of two compounds with the same beginning or end
PART, SHARED, LONG = 4, 6, 6  # fewest letters of a part, of a shared beginning or end, of words that may be misspelt
MISSPELT = 90  # lowest per cent of equal letters
MIN_FOUND = 0.5  # lowest match for a name to count as having the word
BLOCK_ROWS = 100  # compared at a time, to fit the processor's cache
SAME_ACTION, BOTH_START, ONE_UNKNOWN, DIFFERENT = 1.0, 0.97, 0.85, 0.6  # factors by how two actions compare


class NameList:
    """The names of one list: their distinct stems, sorted, and the index of each name's words among these."""

    def __init__(self, names: Sequence[ParsedName]) -> None:
        self.stems = sorted({word.stem for name in names for word in name.words})
        index = {stem: i for i, stem in enumerate(self.stems)}
        self.words = np.array([index[word.stem] for name in names for word in name.words], np.intp)
        self.weights = np.array([word.weight for name in names for word in name.words], np.float32)
        sizes = np.array([len(name.words) for name in names], np.intp)
        self.starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.intp)


def name_similarity(ours: Sequence[ParsedName], theirs: Sequence[ParsedName]) -> Floats:
    """The similarity (0–1) of each of our names (rows) to each of theirs (columns)."""
    if not ours or not theirs:
        return np.zeros((len(ours), len(theirs)), np.float32)
    one, two = NameList(ours), NameList(theirs)
    result: Floats = np.sqrt(_coverage(one, two) * _coverage(two, one).T) * _actions(ours, theirs)
    return result


def matching_words(own: ParsedName, other: ParsedName) -> list[tuple[Word, Word, float]]:
    """For each word of a name, the most similar word of the other name and their similarity (0–1)."""
    stems, others = ([word.stem for word in name.words] for name in (own, other))
    table = np.maximum(_best(_parts(stems, others)), _best(_parts(others, stems)).T)
    return [
        (word, other.words[int(row.argmax())], float(row.max())) for word, row in zip(own.words, table, strict=True)
    ]


def _best(parts: Parts) -> Floats:
    return np.maximum(parts[0], np.maximum(parts[1], parts[2]))


def _parts(stems: Sequence[str], others: Sequence[str]) -> Parts:
    """How much of each word (rows) matches each of the others: as a whole, by its beginning, by its end."""
    first: Lengths = cdist(stems, others, scorer=Prefix.similarity, dtype=np.uint8)
    last: Lengths = cdist(stems, others, scorer=Postfix.similarity, dtype=np.uint8)
    ratio: Lengths = cdist(stems, others, scorer=fuzz.ratio, score_cutoff=MISSPELT, dtype=np.uint8)
    own = np.array([len(stem) for stem in stems], np.float32)[:, None]
    other = np.array([len(stem) for stem in others], np.float32)[None, :]
    misspelt = np.where(np.minimum(own, other) >= LONG, ratio / np.float32(100), ZERO)
    within = np.where((own >= PART) & (own < other), np.float32(INSIDE) + np.float32(1 - INSIDE) * own / other, ZERO)
    modifier = np.where(first == own, within, ZERO)
    head = np.where(last == own, within * np.float32(HEAD), ZERO)
    same = ((first == own) & (own == other)).astype(np.float32)
    whole = np.maximum(np.maximum(misspelt, same), np.maximum(modifier, head))
    compound = own > other
    begins = np.where(compound & (first == other), ONE, np.where(first >= SHARED, np.float32(BEGINNING), ZERO))
    ends = np.where(
        compound & (last == other) & (other >= PART),
        ONE,
        np.where((last >= SHARED) & (last >= own / 2), np.float32(END), ZERO),
    )
    parts: Parts = (whole, (begins * first / own).astype(np.float32), (ends * last / own).astype(np.float32))
    return parts


def _coverage(one: NameList, two: NameList) -> Floats:
    """How much of each name of one side (rows) matches each name of the other, weighted by the rarity of its words."""
    matches = np.concatenate(
        [_word_matches(one.stems[i : i + BLOCK_ROWS], two) for i in range(0, len(one.stems), BLOCK_ROWS)]
    )
    names = len(one.starts) + len(two.starts)
    frequency = np.bincount(one.words, minlength=len(one.stems)) + (matches >= MIN_FOUND).sum(axis=1)
    weights = (one.weights * np.log1p(names / frequency)[one.words]).astype(np.float32)
    bounds = np.append(one.starts, len(one.words))
    rows = []
    for begin in range(0, len(one.starts), BLOCK_ROWS):
        part = slice(bounds[begin], bounds[min(begin + BLOCK_ROWS, len(one.starts))])
        weighed = matches[one.words[part]] * weights[part, None]
        rows.append(np.add.reduceat(weighed, one.starts[begin : begin + BLOCK_ROWS] - bounds[begin], axis=0))
    coverage: Floats = (np.concatenate(rows) / np.add.reduceat(weights, one.starts)[:, None]).astype(np.float32)
    return coverage


def _word_matches(stems: Sequence[str], two: NameList) -> Floats:
    """How much of each word (rows) matches each name: the best of its words, or two that together form a compound."""
    whole, begins, ends = (
        np.maximum.reduceat(np.ascontiguousarray(part.T)[two.words], two.starts).T for part in _parts(stems, two.stems)
    )
    factor = np.where(begins > 0, ONE, np.float32(HEAD))
    matches: Floats = np.maximum(whole, np.minimum(begins + ends * factor, ONE))
    return matches


def _actions(ours: Sequence[ParsedName], theirs: Sequence[ParsedName]) -> Floats:
    """The factor of each pair from comparing the actions."""
    own, other = (list(dict.fromkeys(name.actions for name in names)) for names in (ours, theirs))
    table = np.array([[action_similarity(a, b) for b in other] for a in own], np.float32)
    rows, columns = ({kind: i for i, kind in enumerate(kinds)} for kinds in (own, other))
    return table[np.ix_([rows[name.actions] for name in ours], [columns[name.actions] for name in theirs])]


def action_similarity(own: frozenset[str], other: frozenset[str]) -> float:
    """The factor (0–1) for two sets of actions; a name without one is taken to start something."""
    if own & other or own == other:
        return SAME_ACTION
    first, second = own or start_actions(), other or start_actions()
    if first & start_actions() and second & start_actions():
        return BOTH_START if own and other else SAME_ACTION
    return DIFFERENT if own and other else ONE_UNKNOWN
