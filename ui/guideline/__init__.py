"""The guideline's page: each section, whether it is followed, and what remains."""
