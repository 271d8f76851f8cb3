"""The glossary: its words in groups, each with what it means and the forms in which a page writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ui.text.i18n import language, load_words, words

GLOSSARY = Path(__file__).parents[1] / "glossary.toml"
ENDINGS = {"sv": "(?:e?ns?|e?ts?|s|a|nas?|[aeo]r(?:na)?s?)?", "en": "(?:e?s)?"}


@dataclass(frozen=True)
class Entry:
    """A word in the reader's language; `forms` is a regular expression for static/glossary.js.

    A `plain` one is known to everybody who reads a page.
    """

    code: str
    term: str
    meaning: str
    forms: str
    plain: bool


def word_groups() -> list[tuple[str, Sequence[Entry]]]:
    """The headings of the glossary, each with its words."""
    return [
        (words(group["title"]), [_entry(f"{name}-{code}", term) for code, term in group["terms"].items()])
        for name, group in load_words(GLOSSARY).items()
    ]


def _entry(code: str, term: Mapping[str, Any]) -> Entry:
    text = words(term["term"])
    forms = words(term["forms"]) if "forms" in term else text + ENDINGS[language()]
    return Entry(code, text, words(term["meaning"]), forms, term.get("plain", False))


def explained_words() -> list[Entry]:
    """The words that pages explain where they stand: of two with one name the first, no plain word, no bare number."""
    entries: dict[str, Entry] = {}
    for _title, group in word_groups():
        for entry in group:
            entries.setdefault(entry.term, entry)
    return [entry for entry in entries.values() if not entry.plain and not entry.term.isdecimal()]
