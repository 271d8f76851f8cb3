"""Readers of delimited text files and workbooks: sheets of text rows with row numbers."""

from data.readers.errors import Unreadable
from data.readers.file_scan import scan_file
from data.readers.sheet import Note, Sheet

__all__ = ["Note", "Sheet", "Unreadable", "scan_file"]
