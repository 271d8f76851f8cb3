"""Suggested links between services and e-services: similarity, candidates and reasons."""
