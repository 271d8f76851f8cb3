"""What is remembered of the fetches from each installation: a small file in the store, for whoever looks in."""

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
    """How the fetches from an installation have gone. The counts and `at` are of the last one that succeeded."""

    installation: str
    at: datetime | None = None
    flows: int = 0
    new_cases: int = 0
    changed_cases: int = 0
    failed_at: datetime | None = None
    failures: Mapping[str, str] | None = None

    def failure(self, language: str = "sv") -> str | None:
        """Why the last fetch failed and what to do; None when it succeeded."""
        return self.failures.get(language) if self.failures else None

    def failed(self, error: StoreError, now: datetime) -> "FetchStatus":
        """The same with a failure."""
        return replace(self, failed_at=now, failures={code: error.sentence(code) for code in ("sv", "en")})


def load_fetch_statuses(store: Path) -> tuple[FetchStatus, ...]:
    """What is remembered in a store's folder, in order of installation; nothing when it cannot be read."""
    try:
        raw = read_json(_path(store))
        return tuple(_from_json(name, raw[name]) for name in sorted(raw))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def load_fetch_status(store: Path, installation: str) -> FetchStatus:
    """What is remembered of one installation."""
    return next(
        (one for one in load_fetch_statuses(store) if one.installation == installation), FetchStatus(installation)
    )


def save_fetch_status(store: Path, one: FetchStatus) -> None:
    """Keep what is to be remembered of an installation, beside the others. OSError when the disk will not take it."""
    path = _path(store)
    with FileLock(path.with_suffix(".lock"), timeout=10, thread_local=False, fallback_to_soft=False):
        others = {other.installation: other for other in load_fetch_statuses(store)}
        write_json(temporary_path(path), {name: _as_json(f) for name, f in {**others, one.installation: one}.items()})
        publish(path)


def _path(store: Path) -> Path:
    return store / "fetches.json"


def _as_json(one: FetchStatus) -> dict[str, Any]:
    return {
        "at": one.at and one.at.isoformat(),
        "flows": one.flows,
        "new_cases": one.new_cases,
        "changed_cases": one.changed_cases,
        "failed_at": one.failed_at and one.failed_at.isoformat(),
        "failure": one.failures and dict(one.failures),
    }


def _from_json(name: str, raw: Mapping[str, Any]) -> FetchStatus:
    counts = [int(raw[key]) for key in ("flows", "new_cases", "changed_cases")]
    return FetchStatus(
        name, _moment(raw["at"]), counts[0], counts[1], counts[2], _moment(raw["failed_at"]), raw["failure"]
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
