"""How the dashboard is served fast and safely: `uvicorn asgi:app`. `streamlit run dashboard.py` works without it."""

import asyncio
import base64
import gc
import gzip
import hashlib
import logging
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir
from streamlit.runtime.pages_manager import PagesManager

from ui import database
from ui.frame import browser, uploads
from ui.note import feed

LOG = logging.getLogger("dashboard")
STATIC = Path(get_static_dir())
PACKING = 9  # of gzip, the most: each file is compressed once
PACKED = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
INLINE = re.compile(r"<script>(.*?)</script>", re.S)
TOLD = """
      const noOne = ['https://dashboard.invalid'];
      window.__streamlit = {
        BACKEND_BASE_URL: location.origin + '/%s', HOST_CONFIG: { allowedOrigins: noOne, useExternalAuthToken: false },
      };
      const load = document.fonts.load.bind(document.fonts);
      const loadLater = (font) => new Promise((done) => setTimeout(() => load(font).then(done, done), 3000));
      document.fonts.load = (font, ...text) => (font.includes('Material') ? loadLater(font) : load(font, ...text));
      {
        const locale = document.documentElement.lang === 'en' ? 'en-GB' : 'sv-SE';
        Object.defineProperties(navigator, { language: { get: () => locale }, languages: { get: () => [locale] } });
      }
"""  # Nobody may embed the page; said here, since Streamlit else asks the server before it connects. Its icons, which it loads
# first, wait for the first screen: a page that shows one loads it at once. The page's language, not the browser's: else tables
# write numbers in one and sentences in the other.
POLICY = (
    "default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; media-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
HOSTS = "DASHBOARD_HOSTS"  # the environment variable with the other names that the dashboard has, behind a proxy say
HOST = re.compile(r"(\*\.)?[\w-]+(\.[\w-]+)*|\[[0-9a-f:]+\]", re.I)
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")  # what a proxy adds


def hosts() -> list[str]:
    """The names that requests may be addressed to: this machine's own, and those of `DASHBOARD_HOSTS`."""
    named = os.environ.get(HOSTS, "").replace(",", " ").split()
    for name in named:
        if not HOST.fullmatch(name):
            LOG.warning("%s: %r is not the name of a host, and is not used", HOSTS, name)
    return [*LOOPBACK, *filter(HOST.fullmatch, named)]


class OriginGate:
    """Lets in what comes from our own pages, sockets too, and tells no stranger how the server is.

    Streamlit would ask an address on the internet whether a foreign origin is this machine's own. So none reaches it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path = scope["path"].rstrip("/")
        if not is_own_origin(Headers(scope=scope)):
            await PlainTextResponse("foreign origin", 403)(scope, receive, send)
        elif path.endswith("/_stcore/metrics") and not is_from_this_machine(scope):
            await PlainTextResponse("not found", 404)(scope, receive, send)
        elif path.endswith("/_stcore/health"):
            await self.app(scope, receive, OneWord(scope, send))
        else:
            await self.app(scope, receive, send)


class OneWord:
    """A `send` that tells whether the server is there in one word; the headers, with the browser's XSRF cookie, stay."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.send, self.is_head, self.word = send, scope["method"] == "HEAD", b""

    async def __call__(self, message: Message) -> None:
        """Pass the start on, and the word as the body."""
        if message["type"] == "http.response.start":
            self.word = b"ok" if message["status"] == 200 else b"unavailable"
            MutableHeaders(scope=message)["content-length"] = str(len(self.word))
        elif message.get("more_body"):
            return
        else:
            message = {"type": "http.response.body", "body": b"" if self.is_head else self.word}
        await self.send(message)


def is_own_origin(headers: Headers) -> bool:
    """Whether the page that asks, where the browser says which, has exactly the address that is asked."""
    addressed, origins = headers.getlist("host"), headers.getlist("origin")
    if len(addressed) != 1 or len(origins) > 1:
        return False
    return all(origin in (f"http://{addressed[0]}", f"https://{addressed[0]}") for origin in origins)


def is_from_this_machine(scope: Scope) -> bool:
    """Whether a request comes from this machine, by its own name and through no proxy."""
    headers, client = Headers(scope=scope), scope.get("client")
    name = urlsplit(f"//{headers.get('host', '')}").hostname
    is_near = client is not None and client[0] in ("127.0.0.1", "::1")
    return is_near and name in ("localhost", "127.0.0.1", "::1") and not any(key in headers for key in FORWARDED)


def prefix() -> str:
    """The path below which the dashboard lies, ending in a slash; "" at the root."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return base + "/" if base else ""


@cache
def index(language: str) -> str:
    """Streamlit's first page in a language. Told where the server is, it does not go looking and meet two 404s."""
    told = f"<head>\n    <script>{TOLD % prefix()}</script>"
    page = (STATIC / "index.html").read_text("utf-8")
    page = page.replace('<html lang="en">', f'<html lang="{language}">', 1).replace("<head>", told, 1)
    return browser.placed_in(page, f"/{prefix()}".rstrip("/"))


@cache
def packed_index(language: str) -> bytes:
    """The first page in a language, compressed."""
    return gzip.compress(index(language).encode(), PACKING)


@cache
def policy() -> str:
    """The content security policy: our own files, and the inline scripts of the first page by their hashes."""
    digests = (hashlib.sha256(script.encode()).digest() for script in INLINE.findall(index("sv")))
    return POLICY.format(scripts=" ".join(f"'sha256-{base64.b64encode(d).decode()}'" for d in digests))


@cache
def packed() -> Mapping[str, tuple[bytes, str]]:
    """Streamlit's scripts and styles, compressed once: path under /static/ → (gzip, type). Their names hold a hash."""
    files = (file for file in (STATIC / "static").rglob("*") if file.suffix in PACKED)
    return {
        file.relative_to(STATIC).as_posix(): (gzip.compress(file.read_bytes(), PACKING), PACKED[file.suffix])
        for file in files
    }


def takes_gzip(headers: Headers) -> bool:
    """Whether the browser accepts gzip."""
    offers = (offer.replace(" ", "").partition(";") for offer in headers.get("accept-encoding", "").split(","))
    return any(name == "gzip" and rest not in ("q=0", "q=0.0") for name, _, rest in offers)


class Frontend:
    """Security headers on everything, the language in the first byte, and compressed files from memory."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; web sockets pass through untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        guarded = Guarded(scope, send)
        file = packed().get(scope["path"][scope["path"].rfind("/static/") + 1 :])
        headers = Headers(scope=scope)
        if file and scope["method"] == "GET" and "range" not in headers and takes_gzip(headers):
            await guarded.send_file(*file)
        else:
            await self.app(scope, receive, guarded)


class Guarded:
    """A `send` that adds the headers, and puts our first page in the place of Streamlit's."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self.send, self.page = scope, send, b""

    async def __call__(self, message: Message) -> None:
        """Pass a message on; of a page that is replaced, only the end."""
        if message["type"] == "http.response.start":
            self._start(message)
        elif self.page:
            if message.get("more_body"):
                return
            message = {"type": "http.response.body", "body": self.page if self.scope["method"] != "HEAD" else b""}
        await self.send(message)

    async def send_file(self, body: bytes, kind: str) -> None:
        """Answer with a compressed file that never changes under its name."""
        pairs = {"content-type": kind, "content-encoding": "gzip", "content-length": str(len(body))}
        pairs |= {"cache-control": "public, immutable, max-age=31536000", "vary": "accept-encoding"}
        raw = [(key.encode(), value.encode()) for key, value in pairs.items()]
        await self({"type": "http.response.start", "status": 200, "headers": raw})
        await self({"type": "http.response.body", "body": body})

    def _start(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        headers.update(HEADERS | {"content-security-policy": policy()})
        if message["status"] == 200 and headers.get("content-type", "").startswith("text/html"):
            self._replace(headers)
        if self.scope["scheme"] == "https":
            cookies = headers.getlist("set-cookie")
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("set-cookie", cookie if "secure" in cookie.lower() else f"{cookie}; Secure")

    def _replace(self, headers: MutableHeaders) -> None:
        asked = parse_qs(self.scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
        language = "en" if asked == "en" else "sv"
        for stale in ("content-encoding", "etag", "last-modified"):
            del headers[stale]
        if takes_gzip(Headers(scope=self.scope)):
            self.page = packed_index(language)
            headers["content-encoding"] = "gzip"
        else:
            self.page = index(language).encode()
        headers["vary"] = "accept-encoding"
        headers["content-length"] = str(len(self.page))


def warm() -> None:
    """Load and ask what every page asks. A store that cannot be opened now is told on the page, not by a server that is down."""
    try:
        database.warm()
    except database.StoreError as error:
        LOG.warning("the store cannot be opened: %s", error)


async def send_feed(request: Request) -> Response:
    """The monthly note as a feed: of the municipality, or of the department that the address names (`?department=…&lang=…`)."""
    base = f"{request.url.scheme}://{request.url.netloc}/{prefix()}"
    named = (name for name in hosts()[len(LOOPBACK) :] if "*" not in name)
    asked = request.query_params.get("department", ""), request.query_params.get("lang", "")
    try:
        body = await asyncio.to_thread(feed.feed, *asked, base, next(named, request.url.hostname or LOOPBACK[0]))
    except database.StoreError as error:
        return PlainTextResponse(error.sentence(), 503)
    return PlainTextResponse("not found", 404) if body is None else Response(body, media_type="application/atom+xml")


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Before the first request: load and warm everything, then leave it out of the garbage collection. At the end: tidy."""
    await asyncio.to_thread(packed)
    await asyncio.to_thread(warm)
    browser.serves_head()
    PagesManager.uses_pages_directory = False  # else the first deep link of a cold server is told "page not found"
    logging.getLogger("uvicorn.access").disabled = True  # Streamlit puts its handler back, whatever uvicorn was told
    gc.collect()
    gc.freeze()
    async with uploads.sweeping(database.upload_count()):
        yield
    gc.unfreeze()
    await asyncio.to_thread(database.remove_scratch)


uploads.set_largest_file()
app = st.App(
    "dashboard.py",
    lifespan=lifespan,
    routes=[Route(f"/{prefix()}{feed.PATH}", send_feed)],
    middleware=[
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts(), www_redirect=False),
        Middleware(OriginGate),
        Middleware(Frontend),
        Middleware(uploads.UploadGate),
    ],
)
