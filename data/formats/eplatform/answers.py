"""Recognises an answer of the platform by its content, never by the file's name, and reads its records."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from data.formats.eplatform import catalogue_json
from data.formats.eplatform.fields import Fields, host_of
from data.formats.eplatform.records import Flow, FlowVersion, Instance, Record, Statistic
from data.formats.eplatform.weekly import WeeklyFile, WeeklyKind, weekly_kind
from data.formats.eplatform.xml_records import Element, RecordShape, XmlReader, local_name
from data.readers.decoding import Repairs, after_prolog, file_encoding, head_text, is_html
from data.readers.errors import Unreadable
from data.readers.file_scan import FileScan
from data.readers.sheet import Note

AnswerKind = Literal["flows", "versions", "statistics", "instances"] | WeeklyKind
Reader = Callable[[Repairs], Iterator[Record]]


_FLOW_FIELDS = """
    id flowfamilyid name category url flowfamilyurl requiresauthentication requiressigning paymentsupportenabled enabled
    aliases aliases/alias published changed internal visible statisticsmode
"""
_CASE_FIELDS = """
    flowinstanceid flowid flowfamilyid added addedinmilliseconds firstsubmitted firstsubmittedinmilliseconds
    laststatuschange laststatuschangeinmilliseconds status/contenttype created submitted savedstep abortedstep surveyanswer
"""
_MARKS = frozenset(("addedbymanager", "preparedbymanager"))
_FLOWS = RecordShape(frozenset(("flow",)), frozenset(_FLOW_FIELDS.split()))
_INSTANCES = RecordShape(frozenset(("flowinstance", "flowinstancestatistic")), frozenset(_CASE_FIELDS.split()), _MARKS)
_PUBLIC = ("RequiresAuthentication", "RequiresSigning", "PaymentSupportEnabled", "Enabled", "FlowFamilyURL")
_STATISTICAL = ("Internal", "Visible", "Published", "Changed", "StatisticsMode")
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_DOCTYPE = re.compile(
    r"<!doctype\s[^>]*?(?:flows|flowinstances)\b|<!doctype.{0,65536}?<(?:flows|flowinstances)\b", re.I | re.S
)
_CATALOGUE = re.compile(r'\{\s*"flows"\s*:', re.I)
_ADDRESS = re.compile(
    r"""(?:<|")(?:FlowFamilyURL|URL)(?:>\s*+(?:<!\[CDATA\[\s*+)?|"\s*+:\s*+"\s*+)(https?:[^"<\]\s]+)""", re.I
)


@dataclass
class Answer:
    """A recognised answer. `host` is the platform's, None when the answer has no URL."""

    kind: AnswerKind
    host: str | None
    _read: Reader
    _repairs: Repairs

    def records(self) -> Iterator[Record]:
        """The records one by one. Unreadable where the answer is cut off or malformed."""
        return self._read(self._repairs)

    def notes(self) -> Sequence[Note]:
        """Notes on what was repaired and left out, complete when `records` is exhausted."""
        return self._repairs.all_notes()


def open_answer(path: Path, scan: FileScan, today: date) -> Answer | None:
    """The answer in a file; None when it is not one. Unreadable when it is malformed, empty or a web page."""
    text = head_text(scan.head)
    if is_html(text):
        raise Unreadable("platform_web_page")
    if weekly := weekly_kind(scan.head):
        return Answer(
            weekly, None, lambda repairs: WeeklyFile(path, scan.head, weekly, today, repairs).records(), Repairs()
        )
    body = after_prolog(text)
    if _CATALOGUE.match(body):
        return _from_json(path, scan)
    return _from_xml(path, scan, body) if body.startswith("<") else None


def host_in_head(head: bytes) -> str | None:
    """The host of the first flow URL in the first bytes of a catalogue; None when there is none."""
    match = _ADDRESS.search(head_text(head))
    return host_of(match[1].replace("\\/", "/")) if match else None


def _from_json(path: Path, scan: FileScan) -> Answer:
    encoding = file_encoding(path, scan.head)

    def read(repairs: Repairs) -> Iterator[Flow]:
        for line, values in catalogue_json.read_flows(path, encoding, repairs):
            yield _flow(Fields(values, line, repairs))

    first = next(catalogue_json.read_flows(path, encoding, Repairs()), None)
    if first is None:
        raise Unreadable("platform_empty_catalogue")
    return Answer("flows", _host(Fields(first[1], first[0], Repairs())), read, Repairs())


def _from_xml(path: Path, scan: FileScan, body: str) -> Answer | None:
    """An answer in XML, recognised by its root element; None for another root."""
    if _DOCTYPE.match(body):
        raise Unreadable("platform_declarations", row=1)
    match = _ROOT.match(body)
    root = local_name(match[1]) if match else ""
    if root == "status" and re.search(r"<(?:contentType|statusID)\b", body, re.I):
        raise Unreadable("platform_status")
    if root == "flowinstance":
        raise Unreadable("platform_single_case")
    if root not in ("flows", "flowinstances", "validationerrors"):
        return None
    shape, encoding = _FLOWS if root == "flows" else _INSTANCES, file_encoding(path, scan.head)
    reader = XmlReader(path, encoding, shape, Repairs())
    first = next(reader.elements(), None)
    kind = _kind_of_flows(first) if root == "flows" else _kind_of_cases(first, reader.roots)
    host = _host(Fields(first.fields, first.line, Repairs())) if first and kind == "flows" else None

    def read(repairs: Repairs) -> Iterator[Record]:
        for element in XmlReader(path, encoding, shape, repairs).elements():
            yield _record(kind, element, repairs)

    return Answer(kind, host, read, Repairs())


def _kind_of_flows(first: Element | None) -> AnswerKind:
    """The published catalogue or the statistics' list of versions, which differ only in their fields."""
    if first is None:
        raise Unreadable("platform_empty_catalogue")
    fields = Fields(first.fields, first.line, Repairs())
    if fields.has(*_PUBLIC):
        return "flows"
    if fields.has(*_STATISTICAL):
        return "versions"
    raise Unreadable("platform_fields", row=first.line, names=["Enabled", "Internal"])


def _kind_of_cases(first: Element | None, roots: Sequence[str]) -> AnswerKind:
    """Cases with their ids, or the statistics' cases; an empty answer of the statistics has a `count`."""
    if first is None:
        return "statistics" if "count" in roots else "instances"
    return "statistics" if first.name == "flowinstancestatistic" else "instances"


def _host(fields: Fields) -> str | None:
    return host_of(fields.url("FlowFamilyURL") or fields.url("URL"))


def _record(kind: AnswerKind, element: Element, repairs: Repairs) -> Record:
    """The record of an element. Unreadable when it is of another kind than the first."""
    fields = Fields(element.fields, element.line, repairs)
    if kind in ("flows", "versions"):
        return _flow(fields) if kind == "flows" else _version(fields)
    if (kind == "statistics") != (element.name == "flowinstancestatistic"):
        raise Unreadable("platform_broken", row=element.line)
    return _statistic(fields) if kind == "statistics" else _instance(fields)


def _flow(fields: Fields) -> Flow:
    return Flow(
        fields.optional_number("ID"),
        fields.number("FlowFamilyID"),
        fields.text("Name") or "",
        fields.text("Category"),
        fields.url("FlowFamilyURL"),
        fields.url("Aliases") or fields.url("Aliases/Alias"),
        fields.flag("RequiresAuthentication"),
        fields.flag("RequiresSigning"),
        fields.flag("PaymentSupportEnabled"),
        fields.flag("Enabled"),
        fields.line,
    )


def _version(fields: Fields) -> FlowVersion:
    return FlowVersion(
        fields.number("ID"),
        fields.number("FlowFamilyID"),
        fields.text("Name") or "",
        fields.text("Category"),
        fields.day("Published"),
        fields.day("Changed"),
        fields.flag("Internal"),
        fields.flag("Visible"),
        fields.line,
    )


def _statistic(fields: Fields) -> Statistic:
    step = fields.optional_number("abortedStep")
    return Statistic(
        fields.number("flowID"),
        fields.day("created"),
        fields.day("submitted"),
        fields.optional_number("savedStep") if step is None else step,
        fields.optional_number("surveyAnswer"),
        fields.line,
    )


def _instance(fields: Fields) -> Instance:
    content = (fields.text("Status/contentType") or "").upper() or None
    return Instance(
        str(fields.number("flowInstanceID")),
        fields.optional_number("flowID"),
        fields.optional_number("flowFamilyID"),
        fields.day("added"),
        fields.day("firstSubmitted"),
        content,
        fields.day("lastStatusChange") if content == "ARCHIVED" else None,
        fields.has("@addedByManager", "@preparedByManager"),
        fields.line,
    )
