"""Readers of files that are not plain tables, one package per source, which give sheets of the input tables."""
