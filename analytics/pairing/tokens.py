"""Parses a name: the words of its subject, their weights, and its actions."""

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
)  # weight of an action relative to the subject, and of words in brackets
ACTION_STEM = "\x00"  # prefix of an action's stem, so that it is similar to no word


@dataclass(frozen=True)
class Word:
    """A word of a name: as compared, as written, and its weight before rarity."""

    stem: str
    text: str
    weight: float


@dataclass(frozen=True)
class ParsedName:
    """The words of a name, at least one, and the codes of its actions."""

    words: tuple[Word, ...]
    actions: frozenset[str]

    @property
    def has_subject(self) -> bool:
        """Whether it has words other than actions."""
        return not all(word.stem.startswith(ACTION_STEM) for word in self.words)


def folded(text: str) -> str:
    """Without case and å/ä/ö."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


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
    """The codes of the actions that start something."""
    return frozenset(_lists()["start"])


@cache
def parse_name(name: str) -> ParsedName:
    """The words and actions of a name; a name of stop words only is one word."""
    words, actions = [], []
    for word, weight in _tokens(E_SERVICE.sub(" ", name)):
        action, subject = _split_action(folded(word))
        if action:
            actions.append(action)
            words.append(Word(ACTION_STEM + action, word, ACTION_WEIGHT * weight))
        if folded(word) in _list("either"):
            actions.append("/")
        if subject and subject not in _list("stop") and len(subject) > 1:
            words.append(Word(stem(subject), word, weight))
    if all(w.stem.startswith(ACTION_STEM) for w in words):
        words = [Word(w.stem, w.text, 1.0) for w in words]
    return ParsedName(tuple(_unique(words)) or (Word(folded(name), name, 1.0),), _intended(actions))


def _tokens(name: str) -> Iterator[tuple[str, float]]:
    """Each word, or two words that together are an action, with its weight."""
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


def _split_action(word: str) -> tuple[str | None, str | None]:
    """The action of a word that is one or ends in one, and the subject that remains."""
    if word in _actions():
        return _actions()[word], None
    for tail in _list("tails"):
        if word.endswith(tail) and len(word) - len(tail) >= 3:
            return _actions()[tail], word.removesuffix(tail).rstrip("s")
    return None, word


def _unique(words: Iterable[Word]) -> list[Word]:
    """Each stem once, with its highest weight."""
    best: dict[str, Word] = {}
    for word in words:
        if word.stem not in best or best[word.stem].weight < word.weight:
            best[word.stem] = word
    return list(best.values())


def _intended(actions: list[str]) -> frozenset[str]:
    """The actions that a name means: not the starting one beside another, unless they are alternatives ("/")."""
    named = {action for action in actions if action != "/"}
    special = named - start_actions()
    either = {action for i, action in enumerate(actions) if "/" in actions[max(i - 1, 0) : i + 2]}
    return frozenset(special | (named & start_actions() & either) if special else named)
