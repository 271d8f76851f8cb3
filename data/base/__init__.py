"""Foundations of `data`: errors, faults, translations, atomic files, the import lock, temporary files."""
