"""A local server that imitates the e-service platform, and fails on demand.

Its answers follow the documented fields, in ISO-8859-1, with personal data of invented people, which must never be stored.
"""

import ssl
import threading
import time
from base64 import b64encode
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

RECORDED = Path(__file__).with_name("open-eplatform")
USER, PASSWORD = "statistikläsare", "kålrot-på-burk-17"
LOGIN = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
CATALOGUE = "/api/v1/getflows/xml"
VERSIONS = "/api/flowinstancestatistics/getflows/xml"
STATISTICS = "/api/flowinstancestatistics/getflowinstances/xml"
INSTANCES = "/api/instanceapi/getinstances/family/"
PERSONAL = ("Hemlig", "greta.hemlig", "19121212-1212", "Hemligvägen", "greta@hemlig.example", "bakom lås", "ghemlig")
_PERSON = """<poster><user><userID>23622</userID><username>ghemlig</username><firstname>Greta</firstname>
<lastname>Hemlig</lastname><email>greta@hemlig.example</email></user></poster>
<userDescription>greta.hemlig bor på Hemligvägen 3</userDescription>
<managerDescription>Söker som: Privatperson. 19121212-1212. Nyckeln ligger bakom lås</managerDescription>"""


@dataclass(frozen=True)
class Flow:
    """A flow of the platform: one family, in its latest version."""

    family: int
    version: int
    name: str
    category: str = "Bygga, bo och miljö"
    enabled: bool = True
    internal: bool = True
    published: date = date(2024, 3, 1)


@dataclass(frozen=True)
class Case:
    """A case in the platform. `submitted` is None while it is a draft, `closed` while it is open."""

    number: int
    family: int
    version: int
    added: datetime
    submitted: datetime | None
    closed: datetime | None = None


@dataclass(frozen=True)
class Reply:
    """The reply to one request in place of the normal one."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/xml;charset=ISO-8859-1"
    sent: int | None = None  # bytes of the body before the connection is closed
    has_length: bool = True  # whether Content-Length is sent
    delay: float = 0.0


@dataclass(frozen=True)
class Request:
    """A request that was received."""

    path: str
    query: Mapping[str, str]
    login: str | None


class Platform:
    """The platform's flows and cases, the requests received, and the replies to give in place of normal ones."""

    def __init__(self) -> None:
        self.base = ""
        self.flows = [
            Flow(104, 2036, "Anmäl misstänkt matförgiftning"),
            Flow(155, 514, "Beställ utdrag ur lägenhetsregistret"),
            Flow(667, 2214, "Ansökan om tillgodoräknande av kurs", "Utbildning och förskola"),
        ]
        self.cases: list[Case] = []
        self.requests: list[Request] = []
        self.locked = True
        self._next: dict[str, deque[Reply]] = defaultdict(deque)
        self._always: dict[str, Reply] = {}

    def next(self, path: str, *replies: Reply) -> None:
        """Give these replies to the next requests for this path."""
        self._next[path].extend(replies)

    def always(self, path: str, reply: Reply | None) -> None:
        """Give this reply to every request for this path; None restores the normal one."""
        if reply:
            self._always[path] = reply
        else:
            self._always.pop(path, None)

    def case(self, number: int, family: int, submitted: str | None, closed: str | None = None, added: str = "") -> None:
        """Add a case, or replace the one with its number. Times are noon of the days given."""
        version = next(flow.version for flow in self.flows if flow.family == family)
        moment = _noon(submitted)
        self.cases = [case for case in self.cases if case.number != number]
        self.cases.append(Case(number, family, version, _noon(added) or moment or datetime.min, moment, _noon(closed)))

    def change(self, family: int, **changes: object) -> None:
        """Change a flow."""
        self.flows = [replace(flow, **changes) if flow.family == family else flow for flow in self.flows]  # type: ignore[arg-type]  # a field by its name

    def paths(self) -> list[str]:
        """The paths requested since the last call, in order."""
        result = [one.path for one in self.requests]
        self.requests.clear()
        return result

    def reply(self, request: Request) -> Reply:
        """The reply to a request: the next one set, or the normal one."""
        self.requests.append(request)
        if self._next[request.path]:
            return self._next[request.path].popleft()
        if request.path in self._always:
            return self._always[request.path]
        if request.path == CATALOGUE:
            return Reply(body=self._catalogue())
        if self.locked and request.login != LOGIN:
            return Reply(401, b"<html><body>401</body></html>", {"WWW-Authenticate": "Basic"}, "text/html")
        if request.path == VERSIONS:
            return Reply(body=self._versions())
        if request.path == STATISTICS:
            return Reply(body=self._statistics(request.query))
        family = request.path.removeprefix(INSTANCES)
        if family.isdigit() and any(flow.family == int(family) for flow in self.flows):
            return Reply(body=self._instances(int(family), request.query))
        return Reply(404, (RECORDED / "restrictedflows-not-found.html").read_bytes(), content_type="text/html")

    def _catalogue(self) -> bytes:
        return _xml("Flows", "".join(self._flow(flow) for flow in self.flows))

    def _flow(self, flow: Flow) -> str:
        return f"""<Flow><ID>{flow.version}</ID><FlowFamilyID>{flow.family}</FlowFamilyID>
<Name>{escape(flow.name)}</Name><Category>{escape(flow.category)}</Category><CategoryID>3</CategoryID>
<URL>{self.base}/oversikt/flowoverview/{flow.version}</URL>
<FlowFamilyURL>{self.base}/oversikt/overview/{flow.family}</FlowFamilyURL>
<ShortDescription>&lt;p&gt;Kort&lt;/p&gt;</ShortDescription>
<RequiresAuthentication>true</RequiresAuthentication><RequiresSigning>false</RequiresSigning>
<PaymentSupportEnabled>false</PaymentSupportEnabled><Enabled>{str(flow.enabled).lower()}</Enabled></Flow>"""

    def _versions(self) -> bytes:
        return _xml("Flows", "".join(_version(flow) for flow in self.flows))

    def _statistics(self, query: Mapping[str, str]) -> bytes:
        result = [_statistic(case) for case in self.cases if _within(case, query, "from", "to")]
        inner = f"<FlowInstances>{''.join(result)}</FlowInstances>" if result else ""
        return _xml("FlowInstances", f"<Count>{len(result)}</Count>{inner}")

    def _instances(self, family: int, query: Mapping[str, str]) -> bytes:
        result = [c for c in self.cases if c.family == family and _within(c, query, "fromDate", "toDate")]
        return _xml("FlowInstances", "".join(map(_instance, result)))


def _noon(day: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{day}T12:00") if day else None


def _within(case: Case, query: Mapping[str, str], first: str, last: str) -> bool:
    """Whether the case was created in the query's period, last day included."""
    low = date.fromisoformat(query.get(first, "0001-01-01"))
    high = date.fromisoformat(query.get(last, "9999-12-30"))
    return low <= case.added.date() < high + timedelta(days=1)


def _xml(root: str, inner: str) -> bytes:
    text = f'<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>\n<{root}>{inner}</{root}>'
    return text.encode("iso-8859-1")


def _version(flow: Flow) -> str:
    return f"""<Flow><ID>{flow.version}</ID><FlowFamilyID>{flow.family}</FlowFamilyID>
<Name>{escape(flow.name)}</Name><Category>{escape(flow.category)}</Category><CategoryID>3</CategoryID>
<Published>{flow.published}</Published><Changed>{flow.published}</Changed>
<Internal>{str(flow.internal).lower()}</Internal><Visible>true</Visible></Flow>"""


def _statistic(case: Case) -> str:
    submitted = f"<submitted>{case.submitted:%Y-%m-%d %H:%M}</submitted>" if case.submitted else ""
    return f"""<FlowInstanceStatistic><flowID>{case.version}</flowID><created>{case.added:%Y-%m-%d %H:%M}</created>
{submitted}<sex>Female</sex><age>97</age><surveyAnswer>4</surveyAnswer></FlowInstanceStatistic>"""


def _instance(case: Case) -> str:
    submitted = f"<firstSubmitted>{case.submitted:%Y-%m-%d %H:%M}</firstSubmitted>" if case.submitted else ""
    kind = "ARCHIVED" if case.closed else "SUBMITTED" if case.submitted else "NEW"
    changed = case.closed or case.submitted or case.added
    return f"""<FlowInstance><flowInstanceID>{case.number}</flowInstanceID>
<added>{case.added:%Y-%m-%d %H:%M}</added>{submitted}
<Status><statusID>1</statusID><name>Hos oss</name><contentType>{kind}</contentType></Status>
<lastStatusChange>{changed:%Y-%m-%d %H:%M}</lastStatusChange>{_PERSON}
<flowID>{case.version}</flowID><flowFamilyID>{case.family}</flowFamilyID></FlowInstance>"""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    platform: Platform

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that close the connection, as some tests do."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits for the acknowledgement of its head
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        request = Request(parts.path, dict(parse_qsl(parts.query)), self.headers.get("Authorization"))
        reply = self.server.platform.reply(request)
        if reply.delay:
            time.sleep(reply.delay)
        with suppress(OSError):
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        headers = {"Content-Type": reply.content_type, **reply.headers}
        if reply.has_length:
            headers["Content-Length"] = str(len(reply.body))
        else:
            self.close_connection = True
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body[: reply.sent])
        self.wfile.flush()
        if reply.sent is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@contextmanager
def serving(platform: Platform | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Platform]:
    """A platform that answers at `base` until the block ends."""
    platform = platform or Platform()
    server = _Server(("127.0.0.1", 0), _Handler)
    server.platform = platform
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    platform.base = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
