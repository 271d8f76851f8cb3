"""How much a file may hold. Beyond this a clear sentence is better than a stopped server."""

MEBI = 1024 * 1024
FILE_BYTES = 1024 * MEBI  # a file as it lies on the disk
INFLATED_BYTES = 1024 * MEBI  # a workbook when it is unpacked
INFLATED_RATIO = 400  # unpacked against packed, when the former is more than…
RATIO_FREE_BYTES = 64 * MEBI
MEMBERS = 5_000  # files inside a workbook
WORKBOOK_CELLS = 20_000_000  # rows × columns of a sheet, from its first cell to its last filled one
HEAD_BYTES = 256 * 1024  # of a text file, looked at for delimiter and header
HEAD_ROWS = 30  # among these the header is looked for
CHUNK = 4 * MEBI
COLUMNS = 16_384  # of a table
LINE_BYTES = 128 * MEBI  # of a row, when it is loaded
