"""Zipped workbooks and their parts."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from data.readers.errors import Unreadable
from data.readers.limits import CHUNK, INFLATED_BYTES, MEBI

_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    expat.ExpatError,
    EOFError,
    NotImplementedError,
    UnicodeDecodeError,
    OSError,
    ValueError,
    LookupError,
)


class Package:
    """The parts of a workbook by name. Some writers put backslashes in the names; they are compared without case."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._parts = {_folded(info.filename): info for info in package.infolist()}

    @property
    def packed_bytes(self) -> int:
        """The size of all parts as they are packed."""
        return sum(info.compress_size for info in self._parts.values())

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._parts

    def has_folder(self, *folders: str) -> bool:
        """Whether some part lies in one of the folders."""
        return any(name.startswith(tuple(f"{folder}/" for folder in folders)) for name in self._parts)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part's content in pieces. KeyError when it is missing, Unreadable past the limit."""
        with self._package.open(self._parts[_folded(name)]) as stream:
            size = 0
            while block := stream.read(CHUNK):
                size += len(block)
                if size > INFLATED_BYTES:
                    raise Unreadable("bomb", limit=INFLATED_BYTES // MEBI)
                yield block

    def read(self, name: str) -> bytes:
        """The part's content; KeyError when it is missing."""
        return b"".join(self.pieces(name))

    def xml(self, name: str) -> ElementTree.Element:
        """The parsed XML of a small part; an empty element when it is missing."""
        return ElementTree.fromstring(self.read(name)) if name in self else ElementTree.Element("none")

    def check(self) -> None:
        """Unreadable when a part is locked with a password."""
        if any(info.flag_bits & 1 for info in self._parts.values()):
            raise Unreadable("locked_workbook")


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """The checked package. Unreadable when it is damaged, also where that shows while its parts are read."""
    try:
        with zipfile.ZipFile(path) as opened:
            package = Package(opened)
            package.check()
            yield package
    except _ERRORS as error:
        raise Unreadable("damaged_workbook") from error
