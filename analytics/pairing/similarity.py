"""How like each other names are, every one of one list with every one of another, in a few seconds for thousands.

A word of one name is found in another name whole, in another form, or as a part of a compound. How much of each name is found in
the other, counted by how much its words say, is the likeness: words that few names have say more. What one does (to apply, to end)
is compared by itself, and lowers the likeness where it differs.
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
INSIDE, HEAD = (
    0.5,
    0.8,
)  # the least that a part of a compound gives; what is left when it is the last part, which many share
BEGINNING, END = 0.8, 0.5  # what two compounds share: the beginning tells more
PART, SHARED, LONG = 4, 6, 6  # the fewest letters of a part, of what two compounds share, of words that may be misspelt
MISSPELT = 90  # per cent of the letters that are the same, at least
MIN_FOUND = 0.5  # from here on a name is one that has the word
BLOCK_ROWS = 100  # compared at a time: what fits near the processor
SAME_ACTION, BOTH_START, ONE_UNKNOWN, DIFFERENT = (
    1.0,
    0.97,
    0.85,
    0.6,
)  # what is left where one does the same, nearly the same, or something else


class NameList:
    """The names of one list: their different stems in order, and the place of each name's words among these."""

    def __init__(self, names: Sequence[ParsedName]) -> None:
        self.names = names
        self.stems = sorted({word.stem for name in names for word in name.words})
        place = {stem: i for i, stem in enumerate(self.stems)}
        self.words = np.array([place[word.stem] for name in names for word in name.words], np.intp)
        self.counts = np.array([word.weight for name in names for word in name.words], np.float32)
        sizes = np.array([len(name.words) for name in names], np.intp)
        self.starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.intp)


def name_similarity(ours: Sequence[ParsedName], theirs: Sequence[ParsedName]) -> Floats:
    """How like each of our names is to each of theirs, 0–1: one row for each of ours."""
    if not ours or not theirs:
        return np.zeros((len(ours), len(theirs)), np.float32)
    one, two = NameList(ours), NameList(theirs)
    found: Floats = np.sqrt(_found(one, two) * _found(two, one).T) * _doing(ours, theirs)
    return found


def matching_words(own: ParsedName, other: ParsedName) -> list[tuple[Word, Word, float]]:
    """For each word of a name the one in another name that is likest, and how much of either is found in the other, 0–1."""
    stems, others = ([word.stem for word in name.words] for name in (own, other))
    much = np.maximum(_alone(_parts(stems, others)), _alone(_parts(others, stems)).T)
    return [(word, other.words[int(row.argmax())], float(row.max())) for word, row in zip(own.words, much, strict=True)]


def _alone(parts: Parts) -> Floats:
    return np.maximum(parts[0], np.maximum(parts[1], parts[2]))


def _parts(stems: Sequence[str], others: Sequence[str]) -> Parts:
    """How much of each word is found in each of the others: as a whole, as its beginning, as its end."""
    first: Lengths = cdist(stems, others, scorer=Prefix.similarity, dtype=np.uint8)
    last: Lengths = cdist(stems, others, scorer=Postfix.similarity, dtype=np.uint8)
    alike: Lengths = cdist(stems, others, scorer=fuzz.ratio, score_cutoff=MISSPELT, dtype=np.uint8)
    own = np.array([len(stem) for stem in stems], np.float32)[:, None]
    other = np.array([len(stem) for stem in others], np.float32)[None, :]
    misspelt = np.where(np.minimum(own, other) >= LONG, alike / np.float32(100), ZERO)
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


def _found(one: NameList, two: NameList) -> Floats:
    """How much of each name of one side is found in each name of the other, counted by what its words say."""
    words = np.concatenate([_words(one.stems[i : i + BLOCK_ROWS], two) for i in range(0, len(one.stems), BLOCK_ROWS)])
    names = len(one.starts) + len(two.starts)
    times = np.bincount(one.words, minlength=len(one.stems)) + (words >= MIN_FOUND).sum(axis=1)
    weights = (one.counts * np.log1p(names / times)[one.words]).astype(np.float32)
    bounds = np.append(one.starts, len(one.words))
    rows = []
    for begin in range(0, len(one.starts), BLOCK_ROWS):
        part = slice(bounds[begin], bounds[min(begin + BLOCK_ROWS, len(one.starts))])
        weighed = words[one.words[part]] * weights[part, None]
        rows.append(np.add.reduceat(weighed, one.starts[begin : begin + BLOCK_ROWS] - bounds[begin], axis=0))
    found: Floats = (np.concatenate(rows) / np.add.reduceat(weights, one.starts)[:, None]).astype(np.float32)
    return found


def _words(stems: Sequence[str], two: NameList) -> Floats:
    """How much of each word is found in each name: the most that any of its words gives, or two that a compound is made of."""
    whole, begins, ends = (
        np.maximum.reduceat(np.ascontiguousarray(part.T)[two.words], two.starts).T for part in _parts(stems, two.stems)
    )
    alone = np.where(begins > 0, ONE, np.float32(HEAD))
    found: Floats = np.maximum(whole, np.minimum(begins + ends * alone, ONE))
    return found


def _doing(ours: Sequence[ParsedName], theirs: Sequence[ParsedName]) -> Floats:
    """What is left of the likeness of each pair when what one does is compared."""
    own, other = (list(dict.fromkeys(name.actions for name in names)) for names in (ours, theirs))
    table = np.array([[action_similarity(a, b) for b in other] for a in own], np.float32)
    rows, columns = ({kind: i for i, kind in enumerate(kinds)} for kinds in (own, other))
    return table[np.ix_([rows[name.actions] for name in ours], [columns[name.actions] for name in theirs])]


def action_similarity(own: frozenset[str], other: frozenset[str]) -> float:
    """What is left of a likeness when this is what one does in each; where nothing is said, one begins something."""
    if own & other or own == other:
        return SAME_ACTION
    mine, yours = own or start_actions(), other or start_actions()
    if mine & start_actions() and yours & start_actions():
        return BOTH_START if own and other else SAME_ACTION
    return DIFFERENT if own and other else ONE_UNKNOWN
