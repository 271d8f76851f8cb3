"""Bytes in, text rows with row numbers out. The content decides the format, not the file's name."""

from data.readers.errors import Unreadable
from data.readers.file_scan import surveyed
from data.readers.sheet import Remark, Sheet

__all__ = ["Remark", "Sheet", "Unreadable", "surveyed"]
