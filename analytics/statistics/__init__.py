"""Significance, confidence intervals and control charts."""
