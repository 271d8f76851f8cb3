"""Parts that several pages share: goal cards, tables, exports, trends, the data basis."""
