"""Rows of e-services, versions and sightings, from the published catalogue or the statistics' list of versions."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import cast

from data.formats.eplatform.records import Flow, FlowVersion, Record
from data.formats.eplatform.table_row import TableRow, table_row
from data.formats.origin import Origin
from data.readers.sheet import Note

PLATFORM = "Open ePlatform"
_FORM = re.compile(
    r"(?:pdf[- ]?)?blankett(?:er)?\s{0,9}[-–—:,(].*|.*(?:[-–—:,/(\[]\s{0,9}|\s)pdf(?:[- ]?blankett)?\s{0,9}[)\]]?"
    r"|.*[-–—:,/(\[]\s{0,9}(?:pdf[- ]?)?blankett(?:\s{0,9}[,(]?\s{0,9}pdf\)?)?\s{0,9}[)\]]?",
    re.I,
)


def flow_rows(records: Iterable[Record], origin: Origin, installation: str, notes: list[Note]) -> Iterator[TableRow]:
    """The e-services of the published catalogue, their latest versions, and sightings today."""
    for flow in cast(Iterable[Flow], records):
        e_service_id = f"{installation}-{flow.family}"
        form = _FORM.fullmatch(flow.name)
        optional = {
            "login": None if flow.login is None else "e_id" if flow.login else "none",
            "signing": flow.signing,
            "payment": flow.payment,
            "enabled": flow.enabled,
            "url": flow.url,
            "area": flow.category,
            "audience": origin.audience,
        }
        present = {code: value for code, value in optional.items() if value is not None}
        yield table_row(
            "e_services", flow.line, ["kind"], e_service_id=e_service_id, name=flow.name,
            kind="form" if form else "e_service", platform=PLATFORM, installation=installation,
            alias=flow.alias, **present,
        )  # fmt: skip
        if flow.flow_id is not None:
            version_id = f"{installation}/v{flow.flow_id}"
            yield table_row("versions", flow.line, (), version_id=version_id, e_service_id=e_service_id)
        enabled = True if flow.enabled is None else flow.enabled
        yield table_row(
            "sightings", flow.line, (), installation=installation, seen_on=origin.today, e_service_id=e_service_id,
            enabled=enabled,
        )  # fmt: skip


def version_rows(records: Iterable[Record], origin: Origin, installation: str, notes: list[Note]) -> Iterator[TableRow]:
    """All versions of all flows, and one e-service per flow family."""
    families: dict[int, list[FlowVersion]] = {}
    for version in cast(Iterable[FlowVersion], records):
        families.setdefault(version.family, []).append(version)
        yield table_row(
            "versions", version.line, (), version_id=f"{installation}/v{version.flow_id}",
            e_service_id=f"{installation}-{version.family}", published_on=version.published, changed_on=version.changed,
        )  # fmt: skip
    newest = [max(versions, key=lambda v: (v.published or date.min, v.flow_id)) for versions in families.values()]
    for version in sorted(newest, key=lambda v: v.line):
        first = min((v.published for v in families[version.family] if v.published), default=None)
        yield _family_row(version, first, origin, installation)


def _family_row(newest: FlowVersion, first: date | None, origin: Origin, installation: str) -> TableRow:
    """An e-service from its newest version, first published on `first`. Its kind is a guess unless it is a link."""
    link = newest.internal is False
    form = not link and _FORM.fullmatch(newest.name)
    optional = {"area": newest.category, "audience": origin.audience}
    launch = {"live_from": first} if first else {"stage": "development"}
    return table_row(
        "e_services", newest.line, ["live_from", "stage", *([] if link else ["kind"])],
        e_service_id=f"{installation}-{newest.family}", name=newest.name,
        kind="link" if link else "form" if form else "e_service", platform=PLATFORM, installation=installation,
        **{code: value for code, value in optional.items() if value is not None}, **launch,
    )  # fmt: skip
