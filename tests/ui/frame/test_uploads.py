"""Uploads are bounded, for a session and in all, and what no page claims is removed."""

import asyncio
import gc
import shutil
import subprocess
import sys
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import integers, sampled_from
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from data.base.scratch import FOLDER, UploadCount
from tests import coroutines
from tests.browser.harness import ROOT, serve
from tests.sessions import open_session
from ui.frame import upload_bounds, uploads
from ui.frame.upload_bounds import ALL_SHARE, SESSION_FILES, SESSION_SHARE, UNCLAIMED_SECONDS, Uploads, largest_file
from ui.frame.uploads import UploadGate

MB = 1024 * 1024
DOOR = "/_stcore/upload_file/session/"
WORKER = """
import sys
from pathlib import Path
from data import UploadCount
from ui.frame.upload_bounds import Uploads
uploads = Uploads(shared=UploadCount(Path(sys.argv[1])))
print([uploads.begin((f"session-{n}", "x"), 200 * 1024 * 1024) for n in range(3)], flush=True)
sys.stdin.read()
"""


@dataclass
class Clock:
    """A clock that a test turns."""

    time: float = 0.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Server:
    """Takes what the gate lets through, slowly if it must."""

    status: int = 204
    seconds: float = 0.0
    taken: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self.seconds)
        self.taken.append(scope["path"])
        await Response(status_code=self.status)(scope, receive, send)


def put(server: Server, known: Uploads, name: str, size: int | None, method: str = "PUT") -> int:
    """The status of an upload whose head says this size."""

    async def body() -> AsyncIterator[bytes]:
        yield b""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(UploadGate(server, known))
        headers = {} if size is None else {"content-length": str(size)}
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, DOOR + name, content=body(), headers=headers)

    return coroutines.run(send()).status_code


def test_a_file_is_taken_up_to_the_largest_size() -> None:
    server, known = Server(), Uploads()
    assert put(server, known, "a", 200 * MB) == 204
    assert put(server, known, "b", 200 * MB + 1) == 413
    assert put(server, known, "c", None) == 411
    assert server.taken == [DOOR + "a"]


def test_a_session_and_all_sessions_have_their_share() -> None:
    server, known = Server(), Uploads()
    assert [put(server, known, name, 200 * MB) for name in "abc"] == [204, 204, 429]
    assert put(server, known, "a", 0, "DELETE") == 204
    assert put(server, known, "c", 200 * MB) == 204
    assert [known.begin((f"other-{n}", "x"), 200 * MB) for n in range(ALL_SHARE)] == [None, None, 429, 429]


def test_a_session_has_only_so_many_files() -> None:
    known = Uploads()
    assert [known.begin(("one", str(n)), 1) for n in range(SESSION_FILES + 1)] == [None] * SESSION_FILES + [429]
    assert known.begin(("another", "x"), 1) is None


def test_what_is_under_way_is_counted_until_it_is_over() -> None:
    known = Uploads()
    assert [known.begin(("one", "x"), 200 * MB) for _ in range(2)] == [None, 429], "the same file, sent twice at once"
    known.remove(("one", "x"))  # while it is sent
    assert [known.begin(("one", name), 200 * MB) for name in "yz"] == [None, 429]
    known.end(("one", "x"), is_stored=True)
    known.remove(("one", "x"))
    assert known.begin(("one", "z"), 200 * MB) is None


def test_all_workers_of_a_store_have_one_share_and_what_a_dead_one_held_is_free(tmp_path: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", WORKER, tmp_path], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout and other.stdout.readline() == "[None, None, None]\n"
    known = Uploads(shared=UploadCount(tmp_path))
    assert [known.begin(("one", name), 200 * MB) for name in "ab"] == [None, 429]
    known.end(("one", "a"), is_stored=False)
    assert known.begin(("one", "b"), 200 * MB) is None, "what was refused, or did not come, holds nothing"
    other.kill()
    other.communicate()
    assert known.begin(("one", "c"), 200 * MB) is None
    for name in "bc":
        known.end(("one", name), is_stored=True)
        known.remove(("one", name))
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_where_nothing_can_be_written_a_worker_is_bounded_by_itself(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    known = Uploads(shared=UploadCount(tmp_path / "store"))
    assert [known.begin((f"session-{n}", "x"), 200 * MB) for n in range(ALL_SHARE + 1)] == [None] * ALL_SHARE + [429]


def test_what_streamlit_refuses_or_takes_too_long_leaves_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SECONDS", 0.01)
    known = Uploads()
    assert put(Server(status=400), known, "a", 200 * MB) == 400
    assert put(Server(seconds=10.0), known, "b", 200 * MB) == 408
    assert [put(Server(), known, name, 200 * MB) for name in "cd"] == [204, 204]


def test_what_no_page_claims_is_gone_in_a_minute() -> None:
    clock = Clock()
    known = Uploads(clock)
    for name in ("claimed", "left"):
        known.begin(("open", name), 1)
        known.end(("open", name), is_stored=True)
    known.claim("open", ["claimed"])
    clock.time = UNCLAIMED_SECONDS - 1
    assert known.expired(lambda session: True) == []
    known.begin(("open", "more"), 1)  # the rest of the same drop: the page claims them when all are there
    clock.time = 2 * UNCLAIMED_SECONDS
    assert known.expired(lambda session: True) == []
    known.end(("open", "more"), is_stored=True)
    clock.time += UNCLAIMED_SECONDS
    assert known.expired(lambda session: True) == [("open", "left"), ("open", "more")]
    assert known.expired(lambda session: False) == []  # the socket is closed: its page may come back for a while
    clock.time += UNCLAIMED_SECONDS
    assert known.expired(lambda session: False) == [("open", "claimed")]
    assert UNCLAIMED_SECONDS + uploads.SWEEP_SECONDS < 60


def test_what_sessions_left_is_collected_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SWEEP_SECONDS", 0.001)
    ended = Server()
    ended.taken.append(ended)  # type: ignore[arg-type]  # a circle, as of a session and what it holds
    left = weakref.ref(ended)
    del ended

    async def sweep() -> None:
        async with uploads.sweeping(UploadCount(tmp_path), Uploads()), asyncio.timeout(60):
            while left():
                await asyncio.sleep(0.001)

    gc.disable()
    try:
        assert left()
        coroutines.run(sweep())
    finally:
        gc.enable()
    assert left() is None


def test_a_refused_upload_is_answered_and_the_page_says_why(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a real server, where an answer before the end of what is sent would be a broken connection to the browser."""
    monkeypatch.setenv("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "1")  # MB

    async def uploads_to(server: str) -> None:
        async with open_session(server, "importera") as session, httpx.AsyncClient(timeout=60) as client:
            await session.rerun()
            assert "kom inte med" not in session.words()
            assert (await session.upload(client, "large.csv", b"x" * 1_900_000))[0] == 413
            await session.run_by_itself()
            assert "En fil kom inte med: den är större än 1 MB. Dela upp den och ladda upp delarna." in session.words()
            elsewhere = others.add(ALL_SHARE * MB)  # at another worker
            assert elsewhere and (await session.upload(client, "one.csv", b"x"))[0] == 429
            await session.run_by_itself()
            others.remove(elsewhere)
            statuses = [(await session.upload(client, f"{n}.csv", b"x" * 900_000))[0] for n in range(3)]
            assert statuses == [204, 204, 429]
            await session.run_by_itself()
            assert "En fil kom inte med: filerna här är för många" in session.words()

    store = shutil.copytree(example, tmp_path / "store")
    others = UploadCount(store)
    with serve(store) as server:
        coroutines.run(uploads_to(server))


def test_a_refusal_is_told_for_a_minute() -> None:
    clock = Clock()
    known = Uploads(clock)
    known.refuse("one", 413)
    assert (known.refusal("one"), known.refusal("another")) == (413, None)
    clock.time = upload_bounds.TOLD_SECONDS
    assert known.refusal("one") is None


class AnyUploads(RuleBasedStateMachine):
    """Whatever order things come in, the bounds hold, and what is forgotten leaves room."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.known = Uploads(self.clock)
        self.sizes: dict[upload_bounds.Key, int] = {}

    @rule(session=sampled_from("abcd"), file=sampled_from("xyz"), size=integers(0, 300 * MB))
    def upload(self, session: str, file: str, size: int) -> None:
        if self.known.begin((session, file), size) is None:
            self.known.end((session, file), is_stored=True)
            self.sizes[session, file] = size

    @rule(session=sampled_from("abcd"), files=sampled_from(["", "x", "xyz"]))
    def claim(self, session: str, files: str) -> None:
        self.known.claim(session, [*files])

    @rule(seconds=integers(0, 60), active=sampled_from(["", "ab", "abcd"]))
    def sweep(self, seconds: int, active: str) -> None:
        self.clock.time += seconds
        for key in self.known.expired(lambda session: session in active):
            del self.sizes[key]

    @invariant()
    def bounded(self) -> None:
        by_session = [sum(size for (one, _), size in self.sizes.items() if one == session) for session in "abcd"]
        assert max(by_session) <= SESSION_SHARE * largest_file()
        assert sum(by_session) <= ALL_SHARE * largest_file()


TestAnyUploads = AnyUploads.TestCase
