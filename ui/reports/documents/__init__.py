"""The files of a frozen report: one outline, and a writer for each kind."""
