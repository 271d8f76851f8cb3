"""What the server adds to an answer: headers, the page's language, compressed files; and a store that does not open."""

import logging
import re
from pathlib import Path

import httpx
import pytest
import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

import asgi
from tests import coroutines


async def site(scope: Scope, receive: Receive, send: Send) -> None:
    """Pages as Streamlit sends them, some with two cookies."""
    response: Response = HTMLResponse("<html>Streamlit</html>", headers={"etag": "1"})
    if Request(scope).url.path == "/cookies":
        response = PlainTextResponse("")
        response.set_cookie("plain", "1")
        response.set_cookie("secured", "2", secure=True)
    await response(scope, receive, send)


def ask(path: str, method: str = "GET", scheme: str = "http", **headers: str) -> httpx.Response:
    """What a browser gets."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(asgi.Frontend(site))
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://testserver") as client:
            return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return coroutines.run(send())


@pytest.mark.parametrize(("query", "language"), [("", "sv"), ("?lang=en", "en"), ("?lang=de", "sv")])
def test_the_first_page_is_in_the_readers_language(query: str, language: str) -> None:
    answer = ask(f"/{query}")
    assert f'<html lang="{language}">' in answer.text
    assert "etag" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sha256-" in answer.headers["content-security-policy"]
    head = ask(f"/{query}", "HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", answer.headers["content-length"])


def test_the_first_page_brings_the_serif_the_scripts_and_last_the_style() -> None:
    page = ask("/").text
    scripts = sorted(file.name for file in (Path(asgi.__file__).parent / "static").glob("*.js"))
    assert re.findall(r'<script src="/app/static/(.+?)\?v=[0-9a-f]{8}" defer>', page) == scripts
    assert '<link href="/app/static/headline-serif.woff2" rel="preload" as="font"' in page
    assert 'url("app/static/headline-serif.woff2")' in page
    preloaded = re.findall(r'<link href="/(static/js/(\w+)[^"]+)" rel="modulepreload"', page)
    assert [name for _, name in preloaded] == ["Html", "purify"]
    assert all((asgi.STATIC / path).is_file() for path, _ in preloaded)
    assert page.index("<style>") > page.index('<div id="root">')
    assert "--digital: light-dark(" in page


@pytest.mark.parametrize(("scheme", "secure"), [("https", 2), ("http", 1)])
def test_cookies_are_secure_where_the_address_is(scheme: str, secure: int) -> None:
    answer = ask("/cookies", scheme=scheme)
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert sum("secure" in cookie.lower().partition(";")[2] for cookie in cookies) == secure


def test_scripts_and_the_first_page_are_sent_compressed_to_those_who_take_it() -> None:
    path = next(path for path in asgi.packed() if path.endswith(".js"))
    answer = ask(f"/{path}", accept_encoding="gzip")
    assert answer.text == (asgi.STATIC / path).read_text("utf-8")
    assert (answer.headers["content-encoding"], "immutable" in answer.headers["cache-control"]) == ("gzip", True)
    assert "content-encoding" not in ask(f"/{path}", accept_encoding="gzip;q=0").headers
    packed, plain = ask("/", accept_encoding="gzip"), ask("/", accept_encoding="gzip;q=0")
    assert (packed.headers.get("content-encoding"), plain.headers.get("content-encoding")) == ("gzip", None)
    assert packed.text == plain.text


def test_no_page_ends_with_a_collection_of_all_garbage() -> None:
    """It looks at what all sessions hold: half of a run's time with ten readers, and more with each."""
    assert st.get_option("runner.postScriptGC") is False


def test_a_store_that_does_not_open_keeps_no_server_down(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "file" / "store"))
    st.cache_resource.clear()
    with caplog.at_level(logging.WARNING, "dashboard"):
        asgi.warm()
    assert "the store cannot be opened" in caplog.text
    st.cache_resource.clear()
