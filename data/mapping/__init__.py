"""Mappings from a file's columns to those of an input table: model, recognition, suggestions, saved mappings."""
