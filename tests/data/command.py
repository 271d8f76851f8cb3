"""`python -m data` asked in a test, and what it answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from data.__main__ import main


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]


def run_command(capsys: pytest.CaptureFixture[str], *arguments: object) -> Answer:
    """Run a command and read its answer."""
    code = main([str(a) for a in arguments])
    sentences = capsys.readouterr()
    return Answer(code, sentences.out, sentences.err)
