"""The catalogue in the platform's JSON, which has unescaped backslashes, and names like 007 without quotation marks.

Since neither `json` nor a streaming parser accepts that, it is tokenised and repaired here, one flow in memory at a time.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from data.readers.decoding import Repairs, text_pieces
from data.readers.errors import Unreadable

MAX_TOKEN = 4 << 20  # characters of a token
DEPTH = 30
_TOKEN = re.compile(r'[\s\ufeff\0]*(?:([{}\[\],:])|"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s{}\[\],:"]+))', re.S)
_AHEAD = 200  # characters needed after a token to be certain where a string ends
_ESCAPE = re.compile(r'\\(["\\/nrt]|u[0-9a-fA-F]{4})|\\')
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ENDED = re.compile(r'\\"\s*(?:,\s*"\w+"\s*:|\}\s*(?:,\s*\{\s*"\w+"\s*:|\]\s*\}))')


class Unquoted(str):
    """A value without quotation marks, as it is written: a number, a constant, or a name that looks like a number."""


class Punctuation(str):
    """One of the characters `{}[],:`."""


Value = str | bool | None | list["Value"] | dict[str, "Value"]


class Tokens:
    """The tokens of a file, punctuation as `Punctuation`. `line` is the line of the latest token."""

    def __init__(self, path: Path, encoding: str, repairs: Repairs) -> None:
        self._pieces = text_pieces(path, encoding)
        self._repairs = repairs
        self._text, self._at, self._done = "", 0, False
        self.line = 1

    def _more(self) -> bool:
        """Append the next piece of the file to the unread text. False at the end of the file."""
        piece = next(self._pieces, None)
        self._done = piece is None
        self._text, self._at = self._text[self._at :] + (piece or ""), 0
        if len(self._text) > MAX_TOKEN:
            raise Unreadable("platform_broken", row=self.line)
        return not self._done

    def next(self) -> Punctuation | str:
        """The next token. Unreadable at the end of the file."""
        token = self.next_or_end()
        if token is None:
            raise Unreadable("platform_cut", row=self.line)
        return token

    def next_or_end(self) -> Punctuation | str | None:
        """The next token, or None at the end of the file."""
        while True:
            match = _TOKEN.match(self._text, self._at)
            if match and (match.end() + _AHEAD < len(self._text) or self._done):
                return self._token(match)
            if self._done:
                self._end()
                return None
            self._more()

    def _end(self) -> None:
        """Unreadable when anything but white space remains: a token that is cut off."""
        rest = self._text[self._at :]
        if rest.strip("\ufeff\0 \t\r\n"):
            raise Unreadable("platform_cut", row=self.line + rest.count("\n"))

    def _token(self, match: re.Match[str]) -> Punctuation | str:
        end, text = match.end(), match[2]
        if text is not None and "\\" in text:
            end, text = self._string(match.start(2), end, text)
        self.line += self._text.count("\n", self._at, end)
        self._at = end
        if match[1]:
            return Punctuation(match[1])
        return Unquoted(match[3]) if text is None else self._repaired(text)

    def _string(self, start: int, end: int, text: str) -> tuple[int, str]:
        r"""The real end of a string, which may be a `\"` with the next key after it, and its text."""
        for match in _ENDED.finditer(self._text, start, min(len(self._text), end + _AHEAD)):
            before = self._text[start : match.start()]
            if match.start() < end and not (len(before) - len(before.rstrip("\\"))) % 2:
                return match.start() + 2, before + "\\"
        return end, text

    def _repaired(self, text: str) -> str:
        """The string's text, with escapes resolved; a backslash that escapes nothing stays a backslash."""
        text, controls = _CONTROL.subn("", text)
        self._repairs.controls += controls
        if "\\" not in text:
            return text
        text = _ESCAPE.sub(self._escape, text)
        unescaped: str = json.loads(f'"{text}"', strict=False)
        return _CONTROL.sub("", unescaped).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _escape(self, match: re.Match[str]) -> str:
        if match[1]:
            return match[0]
        self._repairs.backslashes += 1
        return "\\\\"


def _is_sign(token: Punctuation | str, sign: str) -> bool:
    return isinstance(token, Punctuation) and token == sign


def _value(tokens: Tokens, token: Punctuation | str, depth: int = 0) -> Value:
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
    """The first token of each item up to the token `end`; the caller reads the rest of each item."""
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
    """The keys of an object in lower case; the caller reads the value after each."""
    for key in _items(tokens, "}"):
        if isinstance(key, Punctuation | Unquoted) or not _is_sign(tokens.next(), ":"):
            raise Unreadable("platform_broken", row=tokens.line)
        yield key.lower()


def read_flows(path: Path, encoding: str, repairs: Repairs) -> Iterator[tuple[int, dict[str, Value]]]:
    """(line, fields by lower-case name) of every flow. Unreadable where the text is cut off or malformed."""
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
        flow = _value(tokens, token)
        if not isinstance(flow, dict):
            raise Unreadable("platform_broken", row=line)
        yield line, flow
