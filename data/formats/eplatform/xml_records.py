"""A streaming reader of answers in XML. Entities are never expanded, and only requested fields are read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from data.formats.eplatform.xml_repair import XmlRepair
from data.readers.decoding import Repairs, text_pieces
from data.readers.errors import Unreadable

DEPTH = 100  # of nested elements
MAX_TEXT = 4 << 20  # characters of a tag, or between two tags
MAX_FIELD = 20_000  # characters of a field
Fields = Mapping[str, str]

_TRUNCATED = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


@dataclass(frozen=True)
class Element:
    """One element of an answer: its name, and its fields by path ("status/contenttype"), all in lower case."""

    name: str
    fields: Fields
    line: int


@dataclass(frozen=True)
class RecordShape:
    """Which elements are records, which of their fields are read, and which words anywhere inside are marks.

    A mark becomes the field "@word" when an element, an attribute, or a pair of name and value has it and is not false.
    """

    records: frozenset[str]
    fields: frozenset[str]
    marks: frozenset[str] = frozenset()


@lru_cache(1024)
def local_name(name: str) -> str:
    """The name of an element in lower case, without namespace prefix."""
    return name.rpartition(":")[2].lower()


class XmlReader:
    """Reads one answer. `roots`, the names of its two outermost levels of elements, is filled while reading."""

    def __init__(self, path: Path, encoding: str, shape: RecordShape, repairs: Repairs) -> None:
        self._path, self._encoding, self._shape, self._repairs = path, encoding, shape, repairs
        self.roots: list[str] = []
        self.errors: list[str] = []  # keys of <ValidationErrors>
        self._stack: list[str] = []
        self._base = self._line = 0  # depth and line of the open record; depth 0 when none is open
        self._fields: dict[str, str] = {}
        self._text: list[str] | None = None
        self._pair: dict[str, str] = {}
        self._ready: list[Element] = []
        self._skipped = 0  # lines before the first element
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._declared
        self._parser.EntityDeclHandler = self._declared
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def elements(self) -> Iterator[Element]:
        """The records one by one. Unreadable where the answer is cut off or malformed."""
        for piece in self._whole_tags():
            self._feed(piece, False)
            yield from self._ready
            self._ready = []
        self._feed("", True)
        if self.errors or "validationerrors" in self.roots:
            raise Unreadable("platform_validation", names=self.errors or ["ValidationErrors"])

    def _current_line(self) -> int:
        return self._parser.CurrentLineNumber + self._skipped

    def _feed(self, piece: str, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            code = "platform_cut" if last or error.code in _TRUNCATED else "platform_broken"
            raise Unreadable(code, row=error.lineno + self._skipped) from None  # expat's message may quote the answer

    def _declared(self, *_: object) -> None:
        raise Unreadable("platform_declarations", row=self._current_line())

    def _whole_tags(self) -> Iterator[str]:
        """The text from the first `<`, repaired, in pieces that each end with a tag."""
        rest, begun, repair = "", False, XmlRepair(self._repairs)
        for piece in text_pieces(self._path, self._encoding):
            rest += piece
            if not begun:
                stripped = rest.lstrip("\ufeff\0 \t\r\n")
                self._skipped += rest[: len(rest) - len(stripped)].count("\n")
                rest, begun = stripped, bool(stripped)
            end = rest.rfind(">") + 1
            if end:
                yield repair(rest[:end])
                rest = rest[end:]
            if len(rest) > MAX_TEXT:
                raise Unreadable("platform_broken", row=self._current_line())
        if rest.strip():
            yield repair(rest)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name, depth = local_name(name), len(self._stack) + 1
        self._stack.append(name)
        if depth > DEPTH:
            raise Unreadable("platform_broken", row=self._current_line())
        if depth <= 2 and name not in self.roots and len(self.roots) < DEPTH:
            self.roots.append(name)
        if not self._base and 2 <= depth <= 3 and name in self._shape.records:
            self._base, self._fields = depth, {}
            self._line = self._current_line()
        if self._base:
            self._attributes(attributes)
            may_mark = self._shape.marks and (name in self._shape.marks or name in ("name", "value", "attribute"))
            self._text = [] if may_mark or self._field_path() in self._shape.fields else None
        else:
            self._text = [] if name == "messagekey" else None

    def _field_path(self) -> str:
        """The path of the open element inside its record; "" when it is deeper than two levels."""
        path = self._stack[self._base :]
        if len(path) == 2:
            return "aliases/alias" if path[0] == "aliases" else f"{path[0]}/{path[1]}"
        return path[0] if len(path) == 1 else ""

    def _attributes(self, attributes: dict[str, str]) -> None:
        """Read marks from attributes: `addedByManager="true"`, or `name="addedByManager" value="true"`."""
        if not self._shape.marks or not (attributes or self._pair):
            return
        values = {local_name(name): value for name, value in attributes.items()}
        for word in self._shape.marks & set(values):
            self._mark(word, values[word])
        if self._stack[-1] not in ("name", "value"):
            self._pair = {key: values[key] for key in ("name", "value") if key in values}
            self._mark_pair()

    def _mark_pair(self) -> None:
        """Set the mark that the pair of name and value has, if it is complete."""
        word = self._pair.get("name", "").strip().lower()
        if word in self._shape.marks and "value" in self._pair:
            self._mark(word, self._pair["value"])

    def _mark(self, word: str, value: str) -> None:
        """Set a mark, unless the value is false."""
        if value.strip().lower() not in ("", "false", "0", "no", "nej", "null"):
            self._fields[f"@{word}"] = "true"

    def _characters(self, text: str) -> None:
        if self._text is not None and len(self._text) < MAX_FIELD:
            self._text.append(text[:MAX_FIELD])

    def _end(self, name: str) -> None:
        name = local_name(name)
        text, self._text = "".join(self._text or ())[:MAX_FIELD], None
        if self._base:
            self._read(name, text)
        elif name == "messagekey":
            self._error(text.strip())
        if len(self._stack) == self._base:
            self._ready.append(Element(name, self._fields, self._line))
            self._base = 0
        self._stack.pop()

    def _read(self, name: str, text: str) -> None:
        """Read the text of an element in a record, as a field or a mark."""
        path = self._field_path()
        if path in self._shape.fields and text.strip():
            self._fields.setdefault(path, text)
        if not self._shape.marks:
            return
        if name in self._shape.marks:
            self._mark(name, text)
        elif name in ("name", "value") and text.strip():
            self._pair[name] = text
            self._mark_pair()
        elif name == "attribute":
            self._pair.setdefault("value", text)
            self._mark_pair()
            self._pair = {}

    def _error(self, key: str) -> None:
        """Save an error's key, and ignore anything else, which may be free text."""
        if re.fullmatch(r"[A-Za-z][A-Za-z_.]{0,60}", key) and len(self.errors) < 5 and key not in self.errors:
            self.errors.append(key)
