"""What a name says: the words of its subject, how much each counts, and what one does."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

TOKEN = re.compile(r"[^\W\d_]+|[/()]")
E_SERVICE = re.compile(r"\be-tjänst\w*", re.IGNORECASE)
ENDINGS = re.compile(r"(?<=\w{3})(?:heterna|heten|heter|arna|erna|orna|en|et|er|ar|or|an|na|a|e)$")
ACTION_WEIGHT, BRACKET_WEIGHT = (
    0.3,
    0.5,
)  # how much what one does counts beside the subject, and what stands in brackets
ACTION_STEM = "\x00"  # begins the stem of a word that is an action: it can be like no other


@dataclass(frozen=True)
class Word:
    """A word of a name: as it is compared, as the reader knows it, and how much it counts before its rarity does."""

    stem: str
    text: str
    weight: float


@dataclass(frozen=True)
class ParsedName:
    """A name taken apart: never without words. `actions` are what one does, by their codes."""

    words: tuple[Word, ...]
    actions: frozenset[str]

    @property
    def has_subject(self) -> bool:
        """Whether it says more than what one does."""
        return not all(word.stem.startswith(ACTION_STEM) for word in self.words)


def folded(text: str) -> str:
    """Without case and å/ä/ö."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def stem(word: str) -> str:
    """A folded word without its inflection, the same for every form of most words."""
    bare = ENDINGS.sub("", word)
    return bare[:-1] if len(bare) > 4 and bare.endswith("s") else bare


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("pairing_words.toml").read_text("utf-8"))


@cache
def _actions() -> dict[str, str]:
    return {folded(word): code for code, words in _lists()["actions"].items() for word in words}


@cache
def _list(name: str) -> tuple[str, ...]:
    return tuple(folded(word) for word in _lists()["words"][name])


@cache
def start_actions() -> frozenset[str]:
    """The actions that one begins with."""
    return frozenset(_lists()["start"])


@cache
def parse_name(name: str) -> ParsedName:
    """The words and actions of a name; a name of nothing but stop words is one word."""
    found, acts = [], []
    for word, counts in _tokens(E_SERVICE.sub(" ", name)):
        action, subject = _acted(folded(word))
        if action:
            acts.append(action)
            found.append(Word(ACTION_STEM + action, word, ACTION_WEIGHT * counts))
        if folded(word) in _list("either"):
            acts.append("/")
        if subject and subject not in _list("stop") and len(subject) > 1:
            found.append(Word(stem(subject), word, counts))
    if all(word.stem.startswith(ACTION_STEM) for word in found):
        found = [Word(word.stem, word.text, 1.0) for word in found]
    return ParsedName(tuple(_once(found)) or (Word(folded(name), name, 1.0),), _meant(acts))


def _tokens(name: str) -> Iterator[tuple[str, float]]:
    """Each word, or two that together are an action, with how much it counts."""
    tokens, depth, skip = TOKEN.findall(name), 0, False
    for word, after in zip_longest(tokens, tokens[1:], fillvalue=""):
        depth += (word == "(") - (word == ")")
        both = f"{word} {after}"
        if not skip and word not in "()":
            together = folded(both) in _actions()
            yield both if together else word, BRACKET_WEIGHT if depth > 0 else 1.0
            skip = together
        else:
            skip = False


def _acted(word: str) -> tuple[str | None, str | None]:
    """The action in a word, if it is one or ends in one, and the subject that is left of it."""
    if word in _actions():
        return _actions()[word], None
    for tail in _list("tails"):
        if word.endswith(tail) and len(word) - len(tail) >= 3:
            return _actions()[tail], word.removesuffix(tail).rstrip("s")
    return None, word


def _once(words: Iterable[Word]) -> list[Word]:
    """Each word once, as it counts most."""
    best: dict[str, Word] = {}
    for word in words:
        if word.stem not in best or best[word.stem].weight < word.weight:
            best[word.stem] = word
    return list(best.values())


def _meant(acts: list[str]) -> frozenset[str]:
    """Which of the actions a name means: a special one rather than the one it begins with, unless one may do either."""
    named = {act for act in acts if act != "/"}
    special = named - start_actions()
    either = {act for i, act in enumerate(acts) if "/" in acts[max(i - 1, 0) : i + 2]}
    return frozenset(special | (named & start_actions() & either) if special else named)
