"""Files packed with gzip, as sitemaps often are."""

import gzip
import zlib
from pathlib import Path

from data.readers.errors import Unreadable
from data.readers.limits import CHUNK, INFLATED_BYTES, MEBI

GZIP = b"\x1f\x8b"


def unpack_gzip(path: Path, work: Path) -> Path:
    """The file unpacked into the folder `work`. Unreadable when it is damaged, or larger than any file may be."""
    copy, size = work / "unpacked", 0
    try:
        with gzip.open(path) as packed, copy.open("wb") as out:
            while chunk := packed.read(CHUNK):
                size += out.write(chunk)
                if size > INFLATED_BYTES:
                    raise Unreadable("bomb", limit=INFLATED_BYTES // MEBI)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Unreadable("damaged_gzip") from None
    return copy
