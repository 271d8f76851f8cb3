"""Bytes in, text rows with row numbers out. The content decides the format, not the file's name."""

from data.readers.errors import Unreadable
from data.readers.file_scan import scan_file
from data.readers.sheet import Note, Sheet

__all__ = ["Note", "Sheet", "Unreadable", "scan_file"]
