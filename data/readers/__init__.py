"""Readers of delimited text files and workbooks: sheets of text rows with row numbers."""
