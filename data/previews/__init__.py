"""What a change of the store would do, before it is made: what becomes of the goals, and what undoing an import loses."""
