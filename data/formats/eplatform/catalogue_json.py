"""The catalogue in JSON, as the platform writes it: backslashes not escaped, and names like 007 without quotation marks.

Neither `json` nor a streaming library takes such text, so it is cut into tokens here, mended, and put together flow by
flow; at no time is more than one flow held.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from data.readers.decoding import Repairs, text_pieces
from data.readers.errors import Unreadable

LONGEST = 4 << 20  # characters of a token
DEPTH = 30
_TOKEN = re.compile(r'[\s\ufeff\0]*(?:([{}\[\],:])|"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s{}\[\],:"]+))', re.S)
_AHEAD = 200  # characters that must be there behind a token, so that a string's end can be told for certain
_ESCAPE = re.compile(r'\\(["\\/nrt]|u[0-9a-fA-F]{4})|\\')
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ENDED = re.compile(r'\\"\s*(?:,\s*"\w+"\s*:|\}\s*(?:,\s*\{\s*"\w+"\s*:|\]\s*\}))')


class Unquoted(str):
    """A value that stands without quotation marks: a number, or a name that looks like one. Kept as it is written."""


class Punctuation(str):
    """A sign of punctuation."""


Value = str | bool | None | list["Value"] | dict[str, "Value"]


class Tokens:
    """The tokens of a file: punctuation as `Punctuation`, everything else as a value. Follows the line."""

    def __init__(self, path: Path, encoding: str, repairs: Repairs) -> None:
        self._pieces = text_pieces(path, encoding)
        self._repairs = repairs
        self._text, self._at, self._done = "", 0, False
        self.line = 1

    def _more(self) -> bool:
        """Have more text behind what is left. False at the end of the file."""
        piece = next(self._pieces, None)
        self._done = piece is None
        self._text, self._at = self._text[self._at :] + (piece or ""), 0
        if len(self._text) > LONGEST:
            raise Unreadable("platform_broken", row=self.line)
        return not self._done

    def next(self) -> Punctuation | str:
        """The next token; a `Punctuation` for punctuation. Unreadable at the end of the file."""
        token = self.next_or_end()
        if token is None:
            raise Unreadable("platform_cut", row=self.line)
        return token

    def next_or_end(self) -> Punctuation | str | None:
        """The next token, or None at the end of the file."""
        while True:
            found = _TOKEN.match(self._text, self._at)
            if found and (found.end() + _AHEAD < len(self._text) or self._done):
                return self._taken(found)
            if self._done:
                self._end()
                return None
            self._more()

    def _end(self) -> None:
        """Nothing but white space may be left. Unreadable when a token is cut."""
        rest = self._text[self._at :]
        if rest.strip("\ufeff\0 \t\r\n"):
            raise Unreadable("platform_cut", row=self.line + rest.count("\n"))

    def _taken(self, found: re.Match[str]) -> Punctuation | str:
        end, text = found.end(), found[2]
        if text is not None and "\\" in text:
            end, text = self._string(found.start(2), end, text)
        self.line += self._text.count("\n", self._at, end)
        self._at = end
        if found[1]:
            return Punctuation(found[1])
        return Unquoted(found[3]) if text is None else self._mended(text)

    def _string(self, start: int, end: int, text: str) -> tuple[int, str]:
        """Where a string really ends: at a `\\"` that is followed by the next key, which no text can hold."""
        for found in _ENDED.finditer(self._text, start, min(len(self._text), end + _AHEAD)):
            before = self._text[start : found.start()]
            if found.start() < end and not (len(before) - len(before.rstrip("\\"))) % 2:
                return found.start() + 2, before + "\\"
        return end, text

    def _mended(self, text: str) -> str:
        """The text that a string means. A backslash that escapes nothing is a backslash."""
        text, controls = _CONTROL.subn("", text)
        self._repairs.controls += controls
        if "\\" not in text:
            return text
        text = _ESCAPE.sub(self._escape, text)
        said: str = json.loads(f'"{text}"', strict=False)
        return _CONTROL.sub("", said).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _escape(self, found: re.Match[str]) -> str:
        if found[1]:
            return found[0]
        self._repairs.backslashes += 1
        return "\\\\"


def _is_sign(token: Punctuation | str, sign: str) -> bool:
    return isinstance(token, Punctuation) and token == sign


def _value(tokens: Tokens, token: Punctuation | str, depth: int = 0) -> Value:
    """The value that begins with a token."""
    if depth > DEPTH:
        raise Unreadable("platform_broken", row=tokens.line)
    if isinstance(token, Unquoted):
        return {"true": True, "false": False, "null": None}.get(token, token)
    if not isinstance(token, Punctuation):
        return token
    if token == "[":
        return [_value(tokens, item, depth + 1) for item in _items(tokens, "]")]
    if token == "{":
        return {key: _value(tokens, tokens.next(), depth + 1) for key in _keys(tokens)}
    raise Unreadable("platform_broken", row=tokens.line)


def _items(tokens: Tokens, end: str) -> Iterator[Punctuation | str]:
    """The first token of each item up to the end mark; the caller reads the rest of each item."""
    token = tokens.next()
    if _is_sign(token, end):
        return
    while True:
        yield token
        between = tokens.next()
        if _is_sign(between, end):
            return
        if not _is_sign(between, ","):
            raise Unreadable("platform_broken", row=tokens.line)
        token = tokens.next()


def _keys(tokens: Tokens) -> Iterator[str]:
    """Each key of an object, in lower case, when its value is next."""
    for key in _items(tokens, "}"):
        if isinstance(key, Punctuation | Unquoted) or not _is_sign(tokens.next(), ":"):
            raise Unreadable("platform_broken", row=tokens.line)
        yield key.lower()


def read_flows(path: Path, encoding: str, repairs: Repairs) -> Iterator[tuple[int, dict[str, Value]]]:
    """(line, fields by name in lower case) of every flow. Unreadable where the text breaks off or makes no sense."""
    tokens = Tokens(path, encoding, repairs)
    if not _is_sign(tokens.next(), "{"):
        raise Unreadable("platform_broken", row=tokens.line)
    for key in _keys(tokens):
        token = tokens.next()
        if key == "flows" and _is_sign(token, "["):
            yield from _flows(tokens)
        else:
            _value(tokens, token)
    if tokens.next_or_end() is not None:
        raise Unreadable("platform_broken", row=tokens.line)


def _flows(tokens: Tokens) -> Iterator[tuple[int, dict[str, Value]]]:
    for token in _items(tokens, "]"):
        line = tokens.line
        found = _value(tokens, token)
        if not isinstance(found, dict):
            raise Unreadable("platform_broken", row=line)
        yield line, found
