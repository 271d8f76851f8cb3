"""Data quality: contradictions, missing reports, and the register against the website."""
