"""Records of the platform's answers, one per element. They have no personal data."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Flow:
    """A flow in the published catalogue: the latest published version of its family."""

    flow_id: int | None
    family: int
    name: str
    category: str | None
    url: str | None
    alias: str | None
    login: bool | None
    signing: bool | None
    payment: bool | None
    enabled: bool | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class FlowVersion:
    """One version of a flow. `internal` is False for a link to another system; it is not about employees."""

    flow_id: int
    family: int
    name: str
    category: str | None
    published: date | None
    changed: date | None
    internal: bool | None
    visible: bool | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Statistic:
    """A case in the statistics: its flow version and dates. `submitted` is None when it never was.

    `step` is where whoever began it stopped, `grade` the answer to the question of satisfaction, 1–5.
    """

    flow_id: int
    created: date | None
    submitted: date | None
    step: int | None = None
    grade: int | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Instance:
    """A case. `content_type` is None when the answer was fetched without the status."""

    instance_id: str
    flow_id: int | None
    family: int | None
    added: date | None
    submitted: date | None
    content_type: str | None
    closed: date | None
    assisted: bool
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class MonthlyCases:
    """Cases of a month, estimated from weeks: of the flow `name`, or of all flows (None)."""

    name: str | None
    month: date
    cases: int
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class MonthlyFlows:
    """The number of flows of a kind (`measure`) at the end of a month."""

    measure: str
    month: date
    total: int
    line: int = field(default=0, compare=False)


Record = Flow | FlowVersion | Statistic | Instance | MonthlyCases | MonthlyFlows
