"""Several workers behind the proxy, as `make run WORKERS=2` serves them: a session stays with one, and all show the same."""

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from data.store import Store
from serve import find_proxy
from tests.browser.conftest import Visit
from tests.browser.harness import ROOT, await_health, headline, settle
from tests.test_serve import free_ports

EVENTS = "datum;rubrik\n2026-03-01;Ny blankett\n2026-04-01;Kampanj\n"
WORKERS = 2


@pytest.fixture
def server(example: Path, tmp_path: Path) -> Iterator[str]:
    """Two workers on an installation of one's own; gives the proxy's address."""
    if find_proxy() is None:
        pytest.skip("haproxy is not installed")
    store, port, log = shutil.copytree(example, tmp_path / "store"), free_ports(WORKERS), tmp_path / "log"
    command = [sys.executable, "serve.py", "--workers", str(WORKERS), "--port", str(port)]
    environment = {**os.environ, "DASHBOARD_STORE": str(store)}
    with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out) as process:
        try:
            for at in (port + 1, port + WORKERS, port):
                await_health(f"http://127.0.0.1:{at}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def worker_of(cookies: list[dict[str, str]]) -> str:
    return next(cookie["value"] for cookie in cookies if cookie["name"] == "dashboard_worker")


def test_a_file_is_imported_at_one_worker_and_readers_of_the_other_see_it(
    welcome: Visit, server: str, tmp_path: Path
) -> None:
    importer, *readers = (welcome(server, width=1440 + n) for n in range(1 + WORKERS))  # none shares a cookie
    for visitor in (importer, *readers):
        visitor.go("importera")
    at = [worker_of(visitor.page.context.cookies()) for visitor in (importer, *readers)]  # type: ignore[arg-type]
    assert set(at) == {"1", "2"}, "each in turn"
    file = tmp_path / "händelser.csv"
    file.write_text(EVENTS, "utf-8")
    importer.page.locator("input[type='file']").set_input_files(file)
    importer.page.get_by_role("button", name="Importera 1 fil").click()
    importer.page.get_by_text("2 rader från 1 fil är importerade").first.wait_for()
    assert [batch.rows for batch in Store(tmp_path / "store").history()] == [2]
    for reader in readers:
        reader.go("importera")
        settle(reader.page)
        assert headline(reader.page).startswith("1 fil är importerad")


def test_metrics_are_each_workers_own_and_cookies_are_secure_behind_https(server: str) -> None:
    port = int(server.rpartition(":")[2])
    for at in (port + 1, port + WORKERS):
        with urllib.request.urlopen(f"http://127.0.0.1:{at}/_stcore/metrics", timeout=10) as answer:
            assert answer.status == 200
    with pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(f"{server}/_stcore/metrics", timeout=10)
    https = urllib.request.Request(f"{server}/_stcore/health", headers={"X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(https, timeout=10) as answer:
        assert answer.read() == b"ok"
        cookies = answer.headers.get_all("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"_streamlit_xsrf", "dashboard_worker"}
    assert all("SameSite=Lax" in cookie and "; Secure" in cookie for cookie in cookies)
