"""The monthly note as it is made once, in ready words, and written as a page, as a letter and as an entry of a feed."""

from dataclasses import dataclass

from ui.text.i18n import capitalized


@dataclass(frozen=True)
class Item:
    """One thing: what it is, a sentence of it, and the link to where it is seen; `href` is relative to the dashboard."""

    title: str
    sentence: str
    link: str
    href: str


@dataclass(frozen=True)
class Part:
    """A heading with its things; `sentences` say what stands where there is none, and what is not known."""

    heading: str
    items: tuple[Item, ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """The note of a month ("oktober 2026", in the address `code`), of the departments of one choice in one language.

    `finding` is its headline as a clause; `facts` say what the figures are of; `href` is the address of its page.
    """

    whose: str
    month: str
    code: str
    language: str
    finding: str
    facts: tuple[str, ...]
    parts: tuple[Part, ...]
    href: str

    @property
    def headline(self) -> str:
        """The finding with its month: "Oktober 2026: inget är ovanligt"."""
        return f"{capitalized(self.month)}: {self.finding}"

    @property
    def subject(self) -> str:
        """The finding with whose it is and its month, as the subject of a letter."""
        return f"{self.whose}, {self.month}: {self.finding}"
