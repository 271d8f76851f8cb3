"""The requests of one fetch, step by step: the catalogue, the versions, and the cases."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from data.base.fault import Fault
from data.build.database import Progress
from data.connections.config import Connection
from data.connections.errors import AnswerUnreadable, FetchFailed
from data.coverage import month_end, month_of, months
from data.fetch.checkpoint import FetchCheckpoint
from data.fetch.client import Client
from data.fetch.conversion import (
    CaseConversion,
    CatalogueConversion,
    Conversion,
    CountConversion,
    UnexpectedAnswer,
    VersionConversion,
    convert,
)
from data.fetch.windows import DRAFT_TIME, Windows
from data.formats.origin import Origin
from data.readers.errors import Unreadable

MAX_INITIAL_REFUSALS = 3  # with so many e-services refused and none read, the fetch fails
_REFUSALS = (FetchFailed.FORBIDDEN, FetchFailed.NOT_FOUND)


class Downloader:
    """Performs the steps of a fetch that the checkpoint lacks. FetchFailed at the first that fails."""

    def __init__(
        self, connection: Connection, client: Client, checkpoint: FetchCheckpoint, windows: Windows, progress: Progress
    ) -> None:
        self._connection, self._client, self._checkpoint = connection, client, checkpoint
        self._windows, self._today, self._progress = windows, windows.today, progress
        self._told = (connection.name, 0.0)  # the progress so far
        self.steps: list[str] = []  # the steps of these windows; the checkpoint may have others, of an earlier run
        self.refused: dict[str, FetchFailed] = {}  # by id, the e-services that are forbidden or gone

    def run(self) -> None:
        """Fetch the catalogue, the versions and the cases, as far as the connection's interfaces allow."""
        interfaces, paths = self._connection.interfaces, self._connection.paths
        if "catalogue" in interfaces:
            conversion = CatalogueConversion(self._origin(), self._connection.name)
            self._step("catalogue", paths["catalogue_path"], conversion)
        if "statistics" in interfaces:
            self._step("versions", paths["versions_path"], self._version_conversion())
        if "instances" in interfaces:
            self._cases()
        elif "statistics" in interfaces:
            self._counts()

    def families(self) -> list[int]:
        """The flow family ids of the e-services that the installation has."""
        prefix = f"{self._connection.name}-"
        rows = self._checkpoint.rows("catalogue", "versions")
        ids = {row["e_service_id"] for file, row in rows if file.dataset == "e_services"}
        return sorted(int(e_service_id.removeprefix(prefix)) for e_service_id in ids)

    def complete(self) -> tuple[str, ...]:
        """The ids of the e-services whose cases were all fetched."""
        ids = (f"{self._connection.name}-{family}" for family in self.families())
        return tuple(e_service_id for e_service_id in ids if e_service_id not in self.refused)

    def _step(
        self, step: str, path: str, conversion: Conversion,
        query: Mapping[str, str] | None = None, family: int | None = None,
    ) -> None:  # fmt: skip
        """Download and save one answer, unless it is in the checkpoint. AnswerUnreadable when it cannot be parsed."""
        self.steps.append(step)
        if self._checkpoint.is_done(step):
            return
        params = {"name": self._connection.name, "path": path}
        with self._client.download(path, query) as file, TemporaryDirectory(dir=file.parent) as folder:
            try:
                converted = convert(file, conversion, Path(folder), self._on_reading)
            except Unreadable as error:
                fault = Fault(error.code, self._connection.name, row=error.row, params=error.params)
                raise AnswerUnreadable(fault, **params) from None
            except UnexpectedAnswer:
                raise FetchFailed(FetchFailed.UNEXPECTED, **params) from None
            self._checkpoint.save(step, converted, Path(folder), family)

    def _on_reading(self, name: str, share: float) -> None:
        """Stop the reading when whoever waits has left."""
        self._progress(*self._told)

    def _tell(self, text: str, share: float) -> None:
        self._told = text, share
        self._progress(text, share)

    def _origin(self, family: int | None = None) -> Origin:
        return Origin(self._today, self._connection.name, family, self._connection.audience)

    def _version_conversion(self) -> VersionConversion:
        rows = self._checkpoint.rows("catalogue")
        by_catalogue = {row["e_service_id"]: file.known_columns for file, row in rows if file.dataset == "e_services"}
        return VersionConversion(self._origin(), self._connection.name, by_catalogue)

    def _cases(self) -> None:
        """Fetch the cases by e-service, also of removed e-services that have open cases in the database."""
        name, families = self._connection.name, self.families()
        numbers = (e_service_id.removeprefix(f"{name}-") for e_service_id in self._windows.first_open)
        requested = [*families, *sorted({int(one) for one in numbers if one.isdigit()} - {*families})]
        for i, family in enumerate(requested):
            self._tell(f"{name} {i + 1}/{len(requested)}", i / len(requested))
            try:
                self._family(family)
            except FetchFailed as error:
                self.refused[f"{name}-{family}"] = error
                all_refused = len(self.refused) == i + 1 >= min(MAX_INITIAL_REFUSALS, len(families))
                if all_refused or error.text not in _REFUSALS:
                    raise

    def _family(self, family: int) -> None:
        """Fetch the cases of one e-service from the first day of its window."""
        first = self._windows.first_day(f"{self._connection.name}-{family}")
        path = self._connection.paths["instances_path"].format(family=family)
        query = {"fromDate": f"{first - DRAFT_TIME}", "toDate": f"{self._today}", "showStatus": "true"}
        conversion = CaseConversion(self._origin(family), self._connection.name, family, first)
        self._step(f"cases-{family}-{first}", path, conversion, query, family)

    def _counts(self) -> None:
        """Fetch the number of cases by month, for months that have ended; requested by the month of their drafts."""
        first = min((month_of(self._windows.first_day(one)) for one in self.complete()), default=self._today)
        counted = frozenset(month for month in self._windows.finished_months if month >= first)
        if not counted:
            return
        requested = [*months(month_of(first - DRAFT_TIME), self._today)]
        rows = self._checkpoint.rows("catalogue", "versions")
        e_services = {row["version_id"]: row["e_service_id"] for file, row in rows if file.dataset == "versions"}
        conversion = CountConversion(self._origin(), self._connection.name, e_services, counted)
        for i, month in enumerate(requested):
            self._tell(f"{self._connection.name} {month:%Y-%m}", i / len(requested))
            query = {"from": f"{month}", "to": f"{min(month_end(month), self._today)}"}
            self._step(f"counts-{first}-{month:%Y-%m}", self._connection.paths["statistics_path"], conversion, query)
