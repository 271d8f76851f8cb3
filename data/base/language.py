"""Translations of the texts that a reader sees: English msgids, looked up in `locales/`."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("sv", "en")
LOCALES = Path(__file__).parents[2] / "locales"


def N_(msgid: str) -> str:
    """Mark a msgid that is translated where it is used."""
    return msgid


@cache
def translations(language: str) -> NullTranslations:
    """The translations of a language ("sv"); the English msgids where it has none."""
    source = LOCALES / language / "LC_MESSAGES" / "messages.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
