"""The outcome of the latest fetch from each installation: a small file in the store, read by the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from data.base.atomic_files import publish, read_json, temporary_path, write_json
from data.base.errors import StoreError


@dataclass(frozen=True)
class FetchStatus:
    """The outcome of the fetches from an installation. `at` and `flows` are of the last one that succeeded."""

    installation: str
    at: datetime | None = None
    flows: int = 0
    failed_at: datetime | None = None
    failures: Mapping[str, str] | None = None

    def failure(self, language: str = "sv") -> str | None:
        """Why the last fetch failed and what to do; None when it succeeded."""
        return self.failures.get(language) if self.failures else None

    def with_failure(self, error: StoreError, now: datetime) -> "FetchStatus":
        """The same status with a failed fetch added."""
        return replace(self, failed_at=now, failures={code: error.sentence(code) for code in ("sv", "en")})


def load_fetch_statuses(store: Path) -> tuple[FetchStatus, ...]:
    """The statuses in a store's folder, in order of installation; none when the file cannot be read."""
    try:
        raw = read_json(_path(store))
        return tuple(_from_json(name, raw[name]) for name in sorted(raw))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def load_fetch_status(store: Path, installation: str) -> FetchStatus:
    """The status of one installation; an empty one when it was never fetched."""
    saved = (status for status in load_fetch_statuses(store) if status.installation == installation)
    return next(saved, FetchStatus(installation))


def save_fetch_status(store: Path, status: FetchStatus) -> None:
    """Write the status of one installation beside those of the others. OSError when the disk refuses."""
    path = _path(store)
    with FileLock(path.with_suffix(".lock"), timeout=10, thread_local=False, fallback_to_soft=False):
        statuses = {other.installation: other for other in load_fetch_statuses(store)}
        statuses[status.installation] = status
        write_json(temporary_path(path), {name: _as_json(one) for name, one in statuses.items()})
        publish(path)


def _path(store: Path) -> Path:
    return store / "fetches.json"


def _as_json(status: FetchStatus) -> dict[str, Any]:
    return {
        "at": status.at and status.at.isoformat(),
        "flows": status.flows,
        "failed_at": status.failed_at and status.failed_at.isoformat(),
        "failure": status.failures and dict(status.failures),
    }


def _from_json(name: str, raw: Mapping[str, Any]) -> FetchStatus:
    at, failed_at = _datetime(raw["at"]), _datetime(raw["failed_at"])
    return FetchStatus(name, at, int(raw["flows"]), failed_at, raw["failure"])


def _datetime(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
