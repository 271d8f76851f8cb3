"""The tags of an HTML page, however it is written, in one pass: no input makes it slow, and nothing is looked up."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(r"/?([a-z][^\s/>]*)", re.I)
_STOP = re.compile("[>\"']")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_RAW = frozenset(("script", "style", "textarea", "xmp", "iframe"))
LONGEST = 1 << 16  # characters of a tag that are looked at


@dataclass(frozen=True)
class Tag:
    """A tag. `inside` is what stands after its name; of a comment, named `!--`, all of it."""

    name: str
    inside: str
    line: int
    closing: bool = False

    def attributes(self) -> dict[str, str]:
        """The attributes by name in lower case; the first of a name counts."""
        told: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(self.inside[:LONGEST]):
            value = next((part for part in found.groups()[1:] if part is not None), "")
            told.setdefault(found[1].lower(), html.unescape(value))
        return told


def read_tokens(text: str) -> Iterator[str | Tag]:
    """The page as texts (as they are written) and tags. What is opened and never closed ends the page."""
    reader = _Reader(text)
    at = 0
    while (start := text.find("<", at)) >= 0:
        if start > at:
            yield text[at:start]
        tag, at = reader.tag(start)
        if tag:
            yield tag
            if tag.name in _RAW and not tag.closing:
                at = reader.end_of(tag.name, at)
        elif tag is None and at == start + 1:
            yield "<"
    if at < len(text):
        yield text[at:]


class _Reader:
    """Reads one tag at a time, and remembers what does not come any more."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [found.start() for found in re.finditer("\n", text)]
        self._missing: set[str] = set()

    def _find(self, mark: str, at: int) -> int:
        """Where a mark comes next; beyond the end when it does not."""
        found = -1 if mark in self._missing else self._text.find(mark, at)
        if found < 0:
            self._missing.add(mark)
        return found if found >= 0 else len(self._text)

    def tag(self, start: int) -> tuple[Tag | None, int]:
        """The tag that begins here, and where the text goes on; no tag for a sign `<` that is text, or a declaration."""
        text = self._text
        if text.startswith("<!--", start):
            end = self._find("-->", start + 4)
            return Tag("!--", text[start + 4 : end], 0), end + 3
        if text.startswith(("<!", "<?"), start):
            return None, self._find(">", start) + 1
        named = _NAME.match(text, start + 1)
        if named is None:
            return None, start + 1
        end = self._close(named.end())
        closing = text[start + 1] == "/"
        inside = "" if closing else text[named.end() : min(end, named.end() + LONGEST)]
        return Tag(named[1].lower(), inside, bisect_right(self._lines, start) + 1, closing), end + 1

    def _close(self, at: int) -> int:
        """Where the tag ends: at the first `>` that no quotation marks stand around."""
        while found := _STOP.search(self._text, at):
            if found[0] == ">":
                return found.start()
            shut = self._find(found[0], found.end())
            at = found.end() if shut == len(self._text) else shut + 1
        return len(self._text)

    def end_of(self, name: str, at: int) -> int:
        """Where the text that is no markup ends: at the closing tag of a script, a style and the like."""
        found = re.compile(rf"</{name}\b", re.I).search(self._text, at)
        return found.start() if found else len(self._text)
