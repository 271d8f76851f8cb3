"""The register: find a row, correct it by a form, see what was said of it."""
