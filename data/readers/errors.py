"""What stops a file from being read at all."""

from collections.abc import Mapping


class Unreadable(Exception):
    """The file, or a sheet, cannot be read. `code` names the sentence in `data.messages.templates`; `row` is where, if known."""

    def __init__(self, code: str, row: int | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.params: Mapping[str, object] = params
