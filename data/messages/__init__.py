"""The sentences that describe faults, notes and errors to a reader, and their rendering in a language."""
