"""Bytes in, text rows with row numbers out. The content decides the format, not the file's name."""

from data.readers.errors import Unreadable
from data.readers.open import Opened, open_file, surveyed
from data.readers.sheet import Remark, Sheet

__all__ = ["Opened", "Remark", "Sheet", "Unreadable", "open_file", "surveyed"]
