"""Answers in XML as a stream of elements. No entity is ever expanded, and only fields that are asked for are kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from data.formats.eplatform.xml_repair import XmlRepair
from data.readers.decoding import Repairs, text_pieces
from data.readers.errors import Unreadable

DEPTH = 100  # elements inside elements
LONGEST = 4 << 20  # characters without a single tag, and of a tag
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
    """One element of an answer: its name, its fields by their path ("status/contenttype"), all in lower case."""

    name: str
    fields: Fields
    line: int


@dataclass(frozen=True)
class RecordShape:
    """Which elements are records, which of their fields are kept, and which words anywhere inside are marks.

    A mark is kept as the field "@word" when an element, an attribute, or a pair of a name and a value says it.
    """

    records: frozenset[str]
    fields: frozenset[str]
    marks: frozenset[str] = frozenset()


@lru_cache(1024)
def local_name(name: str) -> str:
    """The name of an element as it is compared: without a prefix, in lower case."""
    return name.rpartition(":")[2].lower()


class XmlReader:
    """Reads an answer once. `roots` are the names of its outermost elements, filled in on the way."""

    def __init__(self, path: Path, encoding: str, shape: RecordShape, repairs: Repairs) -> None:
        self._path, self._encoding, self._shape, self._repairs = path, encoding, shape, repairs
        self.roots: list[str] = []
        self.errors: list[str] = []  # keys of <ValidationErrors>
        self._stack: list[str] = []
        self._base = self._line = 0  # depth and line of the record that is open; depth 0 when none is
        self._fields: dict[str, str] = {}
        self._text: list[str] | None = None
        self._pair: dict[str, str] = {}
        self._ready: list[Element] = []
        self._skipped = 0  # lines before the first element

    def elements(self) -> Iterator[Element]:
        """The records, one by one. Unreadable where the answer breaks off or makes no sense."""
        parser = self._parser()
        for piece in self._whole_tags():
            self._feed(parser, piece, False)
            yield from self._ready
            self._ready = []
        self._feed(parser, "", True)
        if self.errors or "validationerrors" in self.roots:
            raise Unreadable("platform_validation", names=self.errors or ["ValidationErrors"])

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._declared
        parser.EntityDeclHandler = self._declared
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        self._at = parser
        return parser

    def _feed(self, parser: expat.XMLParserType, piece: str, last: bool) -> None:
        try:
            parser.Parse(piece, last)
        except expat.ExpatError as error:
            code = "platform_cut" if last or error.code in _TRUNCATED else "platform_broken"
            raise Unreadable(code, row=error.lineno + self._skipped) from None  # its text may hold what was read

    def _declared(self, *_: object) -> None:
        raise Unreadable("platform_declarations", row=self._at.CurrentLineNumber + self._skipped)

    def _whole_tags(self) -> Iterator[str]:
        """The text in pieces that end with a tag, mended, from the first element's `<` on."""
        left, begun, mend = "", False, XmlRepair(self._repairs)
        for piece in text_pieces(self._path, self._encoding):
            left += piece
            if not begun:
                bare = left.lstrip("\ufeff\0 \t\r\n")
                self._skipped += left[: len(left) - len(bare)].count("\n")
                left, begun = bare, bool(bare)
            cut = left.rfind(">") + 1
            if cut:
                yield mend(left[:cut])
                left = left[cut:]
            if len(left) > LONGEST:
                raise Unreadable("platform_broken", row=self._at.CurrentLineNumber + self._skipped)
        if left.strip():
            yield mend(left)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name, depth = local_name(name), len(self._stack) + 1
        self._stack.append(name)
        if depth > DEPTH:
            raise Unreadable("platform_broken", row=self._at.CurrentLineNumber + self._skipped)
        if depth <= 2 and name not in self.roots and len(self.roots) < DEPTH:
            self.roots.append(name)
        if not self._base and 2 <= depth <= 3 and name in self._shape.records:
            self._base, self._fields = depth, {}
            self._line = self._at.CurrentLineNumber + self._skipped
        if self._base:
            self._attributes(attributes)
            wanted = self._path_of() in self._shape.fields or self._may_mark(name)
            self._text = [] if wanted else None
        else:
            self._text = [] if name == "messagekey" else None

    def _path_of(self) -> str:
        """The path of the element that is open, inside its record; fields lie at most two deep."""
        path = self._stack[self._base :]
        if len(path) == 2:
            return "aliases/alias" if path[0] == "aliases" else f"{path[0]}/{path[1]}"
        return path[0] if len(path) == 1 else ""

    def _may_mark(self, name: str) -> bool:
        return bool(self._shape.marks) and (name in self._shape.marks or name in ("name", "value", "attribute"))

    def _attributes(self, attributes: dict[str, str]) -> None:
        """Marks among an element's attributes: `addedByManager="true"`, or `name="addedByManager" value="true"`."""
        if not self._shape.marks or not (attributes or self._pair):
            return
        told = {local_name(name): value for name, value in attributes.items()}
        for word in self._shape.marks & set(told):
            self._mark(word, told[word])
        if self._stack[-1] not in ("name", "value"):
            self._pair = {key: told[key] for key in ("name", "value") if key in told}
            self._paired()

    def _paired(self) -> None:
        word = self._pair.get("name", "").strip().lower()
        if word in self._shape.marks and "value" in self._pair:
            self._mark(word, self._pair["value"])

    def _mark(self, word: str, value: str) -> None:
        """A mark holds when anything says so."""
        if value.strip().lower() not in ("", "false", "0", "no", "nej", "null"):
            self._fields[f"@{word}"] = "true"

    def _said(self, text: str) -> None:
        if self._text is not None and len(self._text) < MAX_FIELD:
            self._text.append(text[:MAX_FIELD])

    def _end(self, name: str) -> None:
        name = local_name(name)
        text, self._text = "".join(self._text or ())[:MAX_FIELD], None
        if self._base:
            self._keep(name, text)
        elif name == "messagekey":
            self._error(text.strip())
        if len(self._stack) == self._base:
            self._ready.append(Element(name, self._fields, self._line))
            self._base = 0
        self._stack.pop()

    def _keep(self, name: str, text: str) -> None:
        path = self._path_of()
        if path in self._shape.fields and text.strip():
            self._fields.setdefault(path, text)
        if not self._shape.marks:
            return
        if name in self._shape.marks:
            self._mark(name, text)
        elif name in ("name", "value") and text.strip():
            self._pair[name] = text
            self._paired()
        elif name == "attribute":
            self._pair.setdefault("value", text)
            self._paired()
            self._pair = {}

    def _error(self, key: str) -> None:
        """Keep the key of an error; what is no key (a text that somebody wrote) is passed over."""
        if re.fullmatch(r"[A-Za-z][A-Za-z_.]{0,60}", key) and len(self.errors) < 5 and key not in self.errors:
            self.errors.append(key)
