"""What a process that reads untrusted files may not do."""

import subprocess
import sys
from pathlib import Path

import pytest

from data.base import confinement
from data.base.confinement import unlimited

SETUP = """
import os, socket, sys
from pathlib import Path
from data.base.confinement import limit_resources, limit_rights
own = Path(sys.argv[1])
secret, readable = own.parent / "secret", own.parent / "readable"
limit_resources(200 * 1024 * 1024, 20, 1000)
limit_rights([readable, own.parent / "missing", *map(Path, ("/usr", "/lib", sys.prefix, sys.base_prefix))], own)
"""


def attempt(folder: Path, code: str) -> str:
    """What a limited process says of an attempt: the name of the error, or what it printed."""
    own = folder / "own"
    own.mkdir()
    (folder / "secret").write_text("secret")
    (folder / "readable").write_text("readable")
    script = f"{SETUP}\ntry:\n    print({code})\nexcept BaseException as error:\n    print(type(error).__name__)"
    run = [sys.executable, "-c", script, str(own)]
    return subprocess.run(run, capture_output=True, text=True, check=False, timeout=60).stdout.strip()


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("readable.read_text()", "readable"),
        ("(own / 'a').write_text('abc')", "3"),
        ("secret.read_text()", "PermissionError"),
        ("os.truncate(secret, 0)", "PermissionError"),
        ("secret.unlink()", "PermissionError"),
        ("secret.rename(own / 'a')", "PermissionError"),
        ("secret.write_text('a')", "PermissionError"),
        ("readable.write_text('a')", "PermissionError"),
        ("list(own.parent.iterdir())", "PermissionError"),
        ("socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
        ("socket.socket().bind(('127.0.0.1', 0))", "PermissionError"),
        ("os.execv('/usr/bin/env', ['env'])", "PermissionError"),
        ("os.kill(os.getppid(), 0)", "PermissionError"),
        ("len(bytearray(300_000_000))", "MemoryError"),
        ("(own / 'a').write_bytes(bytes(2000))", "OSError"),
    ],
)
def test_what_a_limited_process_may_do(tmp_path: Path, code: str, answer: str) -> None:
    assert attempt(tmp_path, code) == answer


def test_a_limited_process_ends_when_its_time_is_up(tmp_path: Path) -> None:
    script = f"{SETUP}\nimport signal\nsignal.alarm(1)\nwhile True: pass".replace(" 20, ", " 1, ")
    run = [sys.executable, "-c", script, str(tmp_path)]
    assert subprocess.run(run, check=False, timeout=60).returncode < 0


def test_what_a_system_does_not_limit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unlimited() == ()
    monkeypatch.setattr(confinement, "_landlock_version", lambda libc: -1)
    assert unlimited() == ("files", "network")
    monkeypatch.setattr(confinement, "_landlock_version", lambda libc: 3)
    assert unlimited() == ("network",)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert unlimited() == ("memory", "files", "network")
