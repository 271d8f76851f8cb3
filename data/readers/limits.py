"""Size limits of files. A file beyond a limit is refused with a sentence; `data.intake.isolated` limits memory and time."""

MEBI = 1024 * 1024
FILE_BYTES = 1024 * MEBI  # of a file on the disk
INFLATED_BYTES = 1024 * MEBI  # of an unpacked file, or part of a workbook
WORKBOOK_CELLS = 20_000_000  # rows × columns of a sheet, up to its last filled cell
FEW_CELLS, CELLS_PER_BYTE = 2_000_000, 4  # of a workbook, however small its file, and for each packed byte
HEAD_BYTES = 256 * 1024  # of a text file, searched for the delimiter and the header
HEAD_ROWS = 30  # first rows that are searched for the header
CHUNK = 4 * MEBI  # read at a time
COLUMNS = 16_384  # of a sheet, in any program
TABLE_COLUMNS = 2_000  # of a table: each takes 32 kB of every step that DuckDB has under way, however few its rows
LINE_BYTES = 128 * MEBI  # of a row, when it is loaded
