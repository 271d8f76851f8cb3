"""The error of a file or sheet that cannot be read."""

from collections.abc import Mapping


class Unreadable(Exception):
    """The file, or a sheet, cannot be read. `code` names the sentence in `data.messages.templates`; `row` is the place."""

    def __init__(self, code: str, row: int | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.params: Mapping[str, object] = params
