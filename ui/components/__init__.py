"""Parts that several pages share: goal rows, tables, exports, trends, the data basis."""
