"""Repair of XML: bare ampersands are escaped, and characters that XML forbids are removed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from data.readers.decoding import Repairs

_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_NUMBERED = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_OPEN, _CLOSE = "<![CDATA[", "]]>"


@dataclass
class XmlRepair:
    """Repairs a text given in pieces, counting in `repairs`. In CDATA sections ampersands are left as they are."""

    repairs: Repairs
    inside: bool = field(default=False)

    def __call__(self, text: str) -> str:
        """The text repaired."""
        clean, count = _CONTROL.subn("", text)
        self.repairs.controls += count
        if "&" not in clean and _OPEN not in clean and not self.inside:
            return clean
        return "".join(self._parts(clean))

    def _parts(self, text: str) -> Iterator[str]:
        at = 0
        while at < len(text):
            delimiter = _CLOSE if self.inside else _OPEN
            position = text.find(delimiter, at)
            end = len(text) if position < 0 else position + len(delimiter)
            yield text[at:end] if self.inside else self._entities(text[at:end])
            self.inside ^= position >= 0
            at = end

    def _entities(self, text: str) -> str:
        text, bare = _BARE.subn("&amp;", text)
        text, numbered = _NUMBERED.subn("", text)
        self.repairs.ampersands += bare
        self.repairs.controls += numbered
        return text
