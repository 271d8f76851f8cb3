"""Postings, their split by payer, budget, unit costs, allocation by usage and break-even."""
