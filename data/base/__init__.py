"""What every package of `data` stands on: errors, faults, translations, atomic files, locks, temporary files."""
