"""A tolerant tokeniser of HTML, in one pass and linear time, without loading anything."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(r"/?([a-z][^\s/>]*)", re.I)
_CLOSING = re.compile(r"</([a-z]+)\b", re.I)
_STOP = re.compile("[>\"']")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_RAW = frozenset(("script", "style", "textarea", "xmp", "iframe"))
MAX_TAG = 1 << 16  # characters of a tag that are read


@dataclass(frozen=True)
class Tag:
    """A tag. `content` is the text after its name; a comment is a tag named `!--` whose content is its text."""

    name: str
    content: str
    line: int
    closing: bool = False

    def attributes(self) -> dict[str, str]:
        """The attributes by lower-case name; the first of equal names."""
        attributes: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.content[:MAX_TAG]):
            value = next((part for part in match.groups()[1:] if part is not None), "")
            attributes.setdefault(match[1].lower(), html.unescape(value))
        return attributes


def read_tokens(text: str) -> Iterator[str | Tag]:
    """The texts (with their entities) and tags of a page, which ends at a tag that is never closed."""
    reader = _Reader(text)
    at = 0
    while (start := text.find("<", at)) >= 0:
        if start > at:
            yield text[at:start]
        tag, at = reader.tag(start)
        if tag:
            yield tag
            if tag.name in _RAW and not tag.closing:
                at = reader.raw_end(tag.name, at)
        elif tag is None and at == start + 1:
            yield "<"
    if at < len(text):
        yield text[at:]


class _Reader:
    """Reads one tag at a time. Delimiters that do not occur again are not searched for twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [match.start() for match in re.finditer("\n", text)]
        self._missing: set[str] = set()

    def _find(self, delimiter: str, at: int) -> int:
        """The next position of a delimiter; the text's length when there is none."""
        position = -1 if delimiter in self._missing else self._text.find(delimiter, at)
        if position < 0:
            self._missing.add(delimiter)
        return position if position >= 0 else len(self._text)

    def tag(self, start: int) -> tuple[Tag | None, int]:
        """The tag at `start`, and the position after it; None for a `<` that is text, or a declaration."""
        text = self._text
        if text.startswith("<!--", start):
            end = self._find("-->", start + 4)
            return Tag("!--", text[start + 4 : end], 0), end + 3
        if text.startswith(("<!", "<?"), start):
            return None, self._find(">", start) + 1
        name = _NAME.match(text, start + 1)
        if name is None:
            return None, start + 1
        end = self._tag_end(name.end())
        closing = text[start + 1] == "/"
        content = "" if closing else text[name.end() : min(end, name.end() + MAX_TAG)]
        return Tag(name[1].lower(), content, bisect_right(self._lines, start) + 1, closing), end + 1

    def _tag_end(self, at: int) -> int:
        """The position of the first `>` outside quotation marks."""
        while match := _STOP.search(self._text, at):
            if match[0] == ">":
                return match.start()
            closing = self._find(match[0], match.end())
            at = match.end() if closing == len(self._text) else closing + 1
        return len(self._text)

    def raw_end(self, name: str, at: int) -> int:
        """The position of the closing tag of an element whose text is not markup, such as a script."""
        closing = (match.start() for match in _CLOSING.finditer(self._text, at) if match[1].lower() == name)
        return next(closing, len(self._text))
