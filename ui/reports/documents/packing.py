"""The zip that an Office file is, with one date in it and what it is: the same report gives the same bytes."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ui.reports.outline import Outline

LONGEST = 255  # characters of a property
STAMPED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def packed(file: bytes, at: datetime) -> bytes:
    """The file with the moment in place of that of its writing, in workbooks inside it too."""
    out = BytesIO()
    with ZipFile(BytesIO(file)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            add(new, name, _stamped(name, old.read(name), at), at)
    return out.getvalue()


def described(properties: Any, told: Outline) -> None:
    """Say in an Office file's properties what it is, as far as they hold it."""
    report = told.report
    properties.title, properties.subject = report.title[:LONGEST], report.headline[:LONGEST]
    properties.author, properties.keywords = told.who[:LONGEST], told.checksum
    properties.language, properties.comments = report.language, ""


def add(archive: ZipFile, name: str, content: bytes, at: datetime) -> None:
    """Put a file of this moment into an archive."""
    archive.writestr(ZipInfo(name, at.timetuple()[:6]), content, ZIP_DEFLATED)


def _stamped(name: str, content: bytes, at: datetime) -> bytes:
    if name.endswith(".xlsx"):
        return packed(content, at)
    if name == "docProps/core.xml":
        return STAMPED.sub(rb"\g<1>" + f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".encode(), content)
    return content
