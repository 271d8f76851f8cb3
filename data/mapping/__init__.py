"""The columns of any table mapped to the columns of an input table: model, suggestions, saved mappings."""
