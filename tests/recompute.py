"""The three goals and the cost split a second, dumber way: plain loops over CSV rows, no SQL and none of our modules.

`load(folder)` reads the input tables in the order of their names, as they are imported by their good rows, and `covers.toml`,
which says what a file covers beside its rows; `state(files, today)` is what files add up to that were imported one
after another. Months are written "2025-03"; words are those of the files.
"""

import csv
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from dateutil.easter import easter

Row = dict[str, str]
DIGITAL = "e-tjänst"
STEPS = ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")
WORDS = {
    "e_service": "e-tjänst", "form": "blankett", "email": "e-post", "phone": "telefon", "visit": "besök",
    "letter": "brev", "social_media": "sociala medier", "chat": "chatt", "other": "annan", "unknown": "okänd",
}  # fmt: skip
SYSTEM_OWNER, UNPLACED = "systemagare", ""
FIRST = "2023-01"  # month of the example


@cache
def month_end(month: str) -> str:
    """The last day of the month, ÅÅÅÅ-MM-DD."""
    first = date.fromisoformat(f"{month}-01")
    return ((first + timedelta(31)).replace(day=1) - timedelta(1)).isoformat()


def shifted(day: str, days: int) -> str:
    """The day so many days later, or earlier."""
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def days_of(month: str) -> list[str]:
    """Every day of the month."""
    return [f"{month}-{day:02}" for day in range(1, int(month_end(month)[8:]) + 1)]


def months_between(first: str, last: str) -> list[str]:
    """The months from first to last, both included."""
    found = [first]
    while found[-1] < last:
        found.append((date.fromisoformat(month_end(found[-1])) + timedelta(1)).isoformat()[:7])
    return found


def monday_of(day: str) -> str:
    """The Monday of the day's week."""
    return shifted(day, -date.fromisoformat(day).weekday())


def mondays_of(month: str) -> list[str]:
    """The Mondays of the weeks whose Thursday lies in the month."""
    return [shifted(day, -3) for day in days_of(month) if date.fromisoformat(day).weekday() == 3]


@cache
def season(monday: str) -> tuple[str, str]:
    """The year of a week's Thursday, and its season: holiday where a day off of the great holidays is one of Monday to Friday."""
    thursday = shifted(monday, 3)
    year = int(monday[:4])
    sunday = easter(year).isoformat()
    off = {f"{year}-12-24", f"{year}-12-25", f"{year}-12-26", f"{year}-12-31", f"{year}-01-01", f"{year + 1}-01-01"}
    off |= {shifted(sunday, -2), shifted(sunday, 1)}
    off |= {d for d in days_of(f"{year}-06")[18:25] if date.fromisoformat(d).weekday() == 4}
    if off & {shifted(monday, days) for days in range(5)}:
        return thursday[:4], "holiday"
    month = int(thursday[5:7])
    return thursday[:4], "spring" if month <= 5 else "summer" if month <= 8 else "autumn"


@dataclass(frozen=True)
class Share:
    """A share: numerator ÷ denominator (None when there is nothing to divide by); coverage = known ÷ population."""

    numerator: int
    denominator: int
    known: int
    population: int
    counted: int = 0  # the service-months in it, also those that need not be known

    @property
    def value(self) -> float | None:
        """The share, 0–1."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def coverage(self) -> float | None:
        """How much of the population is known, 0–1; all where something is counted and nothing else need be known."""
        return self.known / self.population if self.population else (1.0 if self.counted else None)


@dataclass(frozen=True)
class File:
    """A file in force: its good rows, those that were refused, and the channels, services, first and last month that it covers."""

    table: str
    rows: Sequence[Row]
    refused: Sequence[Row] = ()
    covers: tuple[Sequence[str], str, str, str] | None = None
    imported: str = ""  # the day


class Cover(NamedTuple):
    """A channel and months of a service, of an e-service, or of all ("" and "") for which a missing row means 0."""

    table: str
    service: str
    e_service: str
    channel: str
    months: frozenset[str]
    file: int  # its place in the order


class Figure(NamedTuple):
    """What holds of a service, or of an e-service without one, in a month and channel; `cases` is None without a number."""

    assisted: str
    cases: int | None
    state: str  # value, zero, not_applicable or not_reported
    reported: bool
    source: str  # "own" or "e_service" (counts), "cases" (one by one), "weeks" (scaled up from some), "gap"


@dataclass
class Tables:
    """The rows of every table, what their files cover, and the day of the latest import."""

    rows: dict[str, list[Row]]
    covers: dict[tuple[str, str], list[Cover]]  # by service and e-service; "" and "": of all
    today: str = "9999-12-31"
    serves: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # e-service → services
    offered: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))  # service → its e-services, forms
    unresolved: set[str] = field(default_factory=set)  # services with an e-service that is in no register
    e_services: dict[str, Row] = field(default_factory=dict)  # the register of them, by id
    register: dict[str, Row] = field(default_factory=dict)  # that of the services
    rejected: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # service → not its e-services
    # month and channel → service ("" for none) and e-service ("" for the service as a whole) → by assisted
    cases: dict[tuple[str, str], dict[tuple[str, str], Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )
    counts: dict[tuple[str, str], dict[tuple[str, str], dict[str, str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    channels: dict[str, dict[str, str]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # service → channel → first month
    history: dict[str, dict[str, list[Row]]] = field(
        default_factory=dict
    )  # register → id → what each file said, in order
    as_today: bool = False  # whether all figures stand with the department that has the service today

    refused: dict[tuple[str, str, str, str], int] = field(
        default_factory=dict
    )  # service, e-service, channel and month → the last file of which such a row was refused
    known: dict[tuple[str, str, str], list[Figure]] = field(default_factory=dict)  # answers of `figures`

    def month_end(self, month: str) -> str:
        """The last day of the month that has come."""
        return min(month_end(month), self.today)

    # ---- the organisation

    def department(self, register: str, column: str, code: str, month: str) -> str:
        """The department of a service, or the parent of a department, when the month ends."""
        day = self.today if self.as_today else self.month_end(month)
        rows = self.history[register][code]
        holds = {"0000": rows[0].get(column, "")}  # from a day on
        for before, row in pairwise(rows):
            mine, stated = row.get(column, ""), row.get("galler_fran", "")
            if stated and stated <= rows[-1].get("publicerad_fran", ""):
                stated = "0000"
            known = {before.get(column, ""), _at(holds, row["importerad"]), holds[max(holds)]}
            if start := stated or ("" if mine in known else row["importerad"]):
                holds = {since: owner for since, owner in holds.items() if since < start}
                if stated and len(holds) > 1 and holds[max(holds)] == mine:
                    del holds[max(holds)]
                if not holds or holds[max(holds)] != mine:
                    holds[start] = mine
        return _at(holds, day)

    def taken_over(self, department: str) -> list[str]:
        """The department, the one that says it replaces it, and so on; it ends where none does, or several."""
        chain = [department]
        while True:
            said = {
                d["verksamhet_id"]
                for d in self.rows["verksamheter"]
                if chain[-1] in [one.strip() for one in d.get("ersatter", "").split(",")]
                and d["verksamhet_id"] != chain[-1]
            }
            if len(said) != 1 or said <= set(chain):
                return chain
            chain += said

    def within(self, department: str, chosen: Sequence[str], month: str) -> bool:
        """Whether a department's figure stands under one of those chosen, or under one that they have replaced."""
        where = self.taken_over(department)[-1] if self.as_today else department
        wanted = {self.taken_over(one)[-1] for one in chosen} if self.as_today else set(chosen)
        path = [where] if where in self.history["verksamheter"] else []
        while path:
            above = self.department("verksamheter", "overordnad_id", path[-1], month)
            if above in path:  # a circle has no top: each department in it, or below it, stands for itself
                path = path[:1]
                break
            if above not in self.history["verksamheter"]:
                break
            path.append(above)
        return any(wanted & set([one] if self.as_today else self.taken_over(one)) for one in path)

    # ---- which services

    def services(self, month: str, departments: Sequence[str] = (), audience: str | None = None) -> Iterator[Row]:
        """The services in force at the end of the month, in the departments (and all below) and for the audience."""
        for s in self.published(month, departments, audience):
            if not s["publicerad_till"] or s["publicerad_till"] >= self.month_end(month):
                yield s

    def published(self, month: str, departments: Sequence[str] = (), audience: str | None = None) -> Iterator[Row]:
        """The services that are in force some day of the month."""
        for s in self.rows["tjanster"]:
            chosen = self.belongs(s["tjanst_id"], departments, month) and audience in (None, s["malgrupp"])
            if chosen and self.is_published(s["tjanst_id"], month):
                yield s

    def belongs(self, service: str, departments: Sequence[str], month: str) -> bool:
        """Whether the service belongs to one of the departments, or to one below, when the month ends."""
        own = self.department("tjanster", "verksamhet_id", service, month) if departments else ""
        return not departments or self.within(own, departments, month)

    # ---- goal 1

    def own(self, service: str) -> Row | None:
        """The service's row in the register."""
        return self.register.get(service)

    def last_day(self, service: str, month: str) -> str:
        """The last day of the month on which the service is published."""
        own = self.own(service)
        last = own["publicerad_till"] if own else ""
        return min(last, self.month_end(month)) if last[:7] == month else self.month_end(month)

    def live(self, service: str, month: str) -> list[Row]:
        """The service's e-services, links and forms that are live on the last day of the month that it is published."""
        return self.live_on(self.offered[service], self.last_day(service, month))

    def ways_in(self, service: str, month: str) -> list[Row]:
        """The service's e-services, links and forms that are live some day of the month on which it is published."""
        days = [day for day in days_of(month) if day <= self.today]
        if (own := self.own(service)) and self.is_published(service, month):
            days = [day for day in days if own["publicerad_fran"] <= day <= (own["publicerad_till"] or day)]
        return [e for e in self.offered[service] if any(self.live_on([e], day) for day in days)]

    def live_on(self, e_services: Sequence[Row], day: str) -> list[Row]:
        """Those of the e-services, links and forms that are live on a day."""
        return [
            e
            for e in e_services
            if (e["lanserad"] <= day if e["lanserad"] else e["steg"] not in ("uppstart", "utveckling"))
            and (not e["avvecklad"] or e["avvecklad"] >= day)
            and self.is_open(e, day)
        ]

    def is_open(self, e_service: Row, day: str) -> bool:
        """Whether the catalogues say that it is open on the day: the last reading until then, or else the first after it."""
        seen = [c for c in self.rows["katalog"] if c["etjanst_id"] == e_service["etjanst_id"]]
        if not seen:
            return bool(e_service["avvecklad"]) or e_service.get("oppen") != "nej"
        for installation in {c["installation"] for c in seen}:
            read = sorted({c["sedd"] for c in self.rows["katalog"] if c["installation"] == installation})
            at = max((r for r in read if r <= day), default=read[0])
            if any((c["installation"], c["sedd"]) == (installation, at) and c["oppen"] != "nej" for c in seen):
                return True
        return False

    def service_class(self, service: str, month: str) -> str:
        """The class of a service at the end of the month."""
        live, end = self.live(service, month), self.last_day(service, month)
        online = [e for e in live if e["typ"] != "blankett"]
        if any(e["typ"] == "e-tjänst" and e["plattform"] in ("", "Open ePlatform") for e in online):
            return "e_service"
        if online:
            return "e_service_elsewhere"
        for x in self.rows["undantag"]:
            in_force = x["beslutat"] <= end and (not x["galler_till"] or x["galler_till"] >= end)
            its_own = x["tjanst_id"] == service or x["etjanst_id"] in {e["etjanst_id"] for e in self.offered[service]}
            if in_force and its_own and x["typ"] == "ej tillämpligt":
                return "not_applicable"
        if service in self.unresolved or not self.e_services or not self.serves:
            return "unknown"  # one of its e-services is in no register, or there is no register or no pair at all
        if self.unpaired(end) - self.rejected[service]:
            return "unknown"
        return "form_only" if live else "none"

    def unpaired(self, day: str) -> set[str]:
        """The e-services and links that are live on a day, and of which nobody has said whose they are."""
        live = self.live_on(self.rows["etjanster"], day)
        return {e["etjanst_id"] for e in live if e["typ"] != "blankett"} - self.serves.keys()

    def classes(self, month: str, departments: Sequence[str] = (), audience: str | None = None) -> Counter[str]:
        """How many services there are of each class at the end of the month."""
        return Counter(self.service_class(s["tjanst_id"], month) for s in self.services(month, departments, audience))

    def goal_1(self, month: str, departments: Sequence[str] = (), audience: str | None = None) -> Share:
        """Services with an e-service ÷ services of a known class, not counting "ej tillämpligt". A stock."""
        found = self.classes(month, departments, audience)
        has = found["e_service"] + found["e_service_elsewhere"]
        population = found.total() - found["not_applicable"]
        return Share(has, population - found["unknown"], population - found["unknown"], population)

    # ---- cases: what holds

    def is_published(self, service: str, month: str) -> bool:
        """Whether the service is in force some day of the month; what is in no register is."""
        if not (own := self.own(service)):
            return True
        last = own["publicerad_till"] or "9999-12-31"
        return own["publicerad_fran"] <= min(last, self.month_end(month)) and last >= f"{month}-01"

    def sharing(self, e_service: str, month: str) -> list[str]:
        """The services that the e-service serves: those in force some day of the month, or all where none is."""
        all_of_them = self.serves.get(e_service, [])
        return [s for s in all_of_them if self.is_published(s, month)] or all_of_them

    def is_shared(self, e_service: str, month: str) -> bool:
        """Whether several services in force some day of the month share the e-service."""
        return sum(self.is_published(s, month) for s in self.serves.get(e_service, [])) > 1

    def owner(self, e_service: str, month: str) -> str:
        """The one service whose e-service it is that month; "" where there is none or several."""
        if e_service not in self.e_services:
            return ""
        sharing = self.sharing(e_service, month)
        return sharing[0] if len(sharing) == 1 and self.own(sharing[0]) else ""

    def department_of(self, e_service: str, month: str) -> str | None:
        """The department of the services that share it, where they have one in common; its own where there is none."""
        users = self.sharing(e_service, month)
        if not users or e_service not in self.e_services:
            return self.e_services.get(e_service, {}).get("verksamhet_id") or None
        departments = {self.department("tjanster", "verksamhet_id", s, month) if self.own(s) else None for s in users}
        return departments.pop() if len(departments) == 1 else None

    def is_covered(
        self, key: tuple[str, str, str, str], tables: Sequence[str] = ("arenden", "arendeantal"), after: int = -1
    ) -> bool:
        """Whether a file (`after` another) covers the month and channel of the service and e-service, either of which may be ""."""
        month, channel, service, e_service = key
        return any(
            cover.table in tables and cover.channel == channel and month in cover.months and cover.file > after
            for who in {("", ""), (service, ""), ("", e_service)}
            for cover in self.covers[who]
        )

    def figures(self, who: str, month: str, channel: str, *, of_none: bool = False) -> list[Figure]:
        """What holds of a service (or of an e-service that is `of_none`) in a month and channel, by assisted and source."""
        key = (f"/{who}" if of_none else who, month, channel)
        if key not in self.known:
            self.known[key] = self._gap(who, month, channel) if not of_none else []
            refused = [] if of_none else self._refused(who, month, channel)
            present = self._present("" if of_none else who, who if of_none else None, month, channel)
            if not of_none and all(f.state == "not_reported" for f in present or self.known[key]):
                present = self._scaled_up(who, month, channel) or present
            if present + refused:
                self.known[key] = present + refused
        return self.known[key]

    def _present(self, service: str, only: str | None, month: str, channel: str) -> list[Figure]:
        here = (month, channel)
        cases = {e: n for (s, e), n in self.cases[here].items() if s == service and only in (None, e)}
        counts = {e: told for (s, e), told in self.counts[here].items() if s == service and only in (None, e)}
        covered = set()
        for e in cases:
            after = max((self.last_refused(s, way, month, channel) for s, way in ((service, ""), ("", e))), default=-1)
            if self.is_covered((month, channel, service, e), ("arenden",), after):
                covered.add(e)
        ways = {
            e["etjanst_id"] for e in self.ways_in(service, month) if e["typ"] != "blankett" or channel == "blankett"
        }
        all_of_them = service != "" and ("" in covered or (bool(covered) and ways <= covered))
        own = counts.pop("", {})
        own = {a: told for a, told in own.items() if not all_of_them and (is_told(told) or not cases)}
        holding = [figure(a, told, "own") for a, told in own.items()]
        for e, by_assisted in counts.items():
            for a, told in by_assisted.items():
                gives_way = e in covered or (e in cases and not is_told(told)) or "" in covered
                if not gives_way and not any(n.isdigit() for n in own.values()):
                    holding.append(figure(a, told, f"e_service {e}"))
        told_by = {f.source for f in holding if f.state != "not_reported"}
        for e, by in cases.items():
            if "own" in told_by or f"e_service {e}" in told_by or (e == "" and told_by):
                continue
            holding += [Figure(a, n, "value", e in covered, "cases") for a, n in by.items()]
        return holding

    def last_refused(self, service: str, e_service: str, month: str, channel: str) -> int:
        """The last file of which a row of the service (or one that only it uses) or the e-service was refused; -1 without."""
        if not service and not e_service:
            return -1
        found = self.refused.get((service, e_service, channel, month), -1)
        ways = [e["etjanst_id"] for e in self.offered[service]] if service else []
        own = [way for way in ways if self.owner(way, month) == service]
        return max(found, *(self.refused.get(("", way, channel, month), -1) for way in own), -1)

    def _refused(self, service: str, month: str, channel: str) -> list[Figure]:
        """A row of the service was refused, and no later file covers it: it is not reported, whatever else is known."""
        after = self.last_refused(service, "", month, channel)
        if after < 0 or not self.own(service) or not self.is_published(service, month):
            return []
        ways = [e["etjanst_id"] for e in self.offered[service] if self.owner(e["etjanst_id"], month) == service]
        if any(self.is_covered((month, channel, service, way), after=after) for way in ("", *ways)):
            return []
        return [Figure("nej", None, "not_reported", False, "refused")]

    def _gap(self, service: str, month: str, channel: str) -> list[Figure]:
        """A known channel without rows in a month in which the service is published: 0 where a file covers it."""
        first = self.channels[service].get(channel)
        if first is None or month < first or not self.own(service) or not self.is_published(service, month):
            return []
        ways = [e["etjanst_id"] for e in self.offered[service] if self.owner(e["etjanst_id"], month) == service]
        if any(self.is_covered((month, channel, service, way)) for way in ("", *ways)):
            return [Figure("nej", 0, "zero", True, "gap")]
        return [Figure("nej", None, "not_reported", False, "gap")]

    def _scaled_up(self, service: str, month: str, channel: str) -> list[Figure]:
        """What counting weeks say of the month: those that are counted, and the mean of its season's for each that is not."""
        if not self.own(service) or not self.is_published(service, month) or month_end(month) > self.today:
            return []
        counted = {
            monday_of(r["mandag"]): int(r["antal"])
            for r in self.rows["rakneveckor"]
            if (r["tjanst_id"], r["kanal"]) == (service, channel)
        }
        total = Fraction(0)
        for monday in mondays_of(month):
            alike = [n for other, n in counted.items() if season(other) == season(monday)]
            if monday not in counted and len(alike) < 2:
                return []
            total += counted[monday] if monday in counted else Fraction(sum(alike), len(alike))
        cases = int(total + Fraction(1, 2))
        return [Figure("nej", cases, "value" if cases else "zero", True, "weeks")]

    def of_nobody(self, month: str, channel: str) -> dict[tuple[str, str], int]:
        """Cases by e-service and assisted that belong to no single service: what those that share it have not of their own.

        A service's own cases of several shared e-services are taken once in all: see decision 50.
        """
        e_services = {e for (s, e) in (*self.cases[month, channel], *self.counts[month, channel]) if not s}
        figures = {e: self.figures(e, month, channel, of_none=True) for e in sorted(e_services)}
        left: dict[tuple[str, str], int] = {}
        for assisted in ("ja", "nej"):
            numbers = {
                e: sum(f.cases or 0 for f in of if f.assisted == assisted)
                for e, of in figures.items()
                if any(f.assisted == assisted and f.cases is not None for f in of)
            }
            one_by_one = {e for e in numbers if any(f.source == "cases" for f in figures[e] if f.assisted == assisted)}
            left |= {(e, assisted): n for e, n in self._taken(numbers, one_by_one, (month, channel, assisted)).items()}
        return left

    def _taken(self, numbers: dict[str, int], one_by_one: set[str], at: tuple[str, str, str]) -> dict[str, int]:
        month, channel, assisted = at
        rest = dict(numbers)
        own: dict[str, tuple[int, set[str]]] = {}
        for service in sorted({s for e in numbers if self.is_shared(e, month) for s in self.sharing(e, month)}):
            for f in self.figures(service, month, channel):
                if f.assisted != assisted or not f.cases:
                    continue
                shares = {e for e in numbers if self.is_shared(e, month) and service in self.sharing(e, month)}
                if f.source == "cases":
                    shares -= one_by_one
                shares = {e for e in shares if numbers[e]}
                if f.source in ("own", "cases") and shares:
                    own[service] = (own.get(service, (0, shares))[0] + f.cases, shares)
        for n, shares in own.values():
            if len(shares) == 1:
                (e,) = shares
                rest[e] = max(0, rest[e] - n)
        several = {service: (n, shares) for service, (n, shares) in own.items() if len(shares) > 1}
        while several:
            pool, taken = set(several[min(several)][1]), 0
            while joined := [s for s, (_n, shares) in several.items() if shares & pool]:
                for s in joined:
                    n, shares = several.pop(s)
                    pool, taken = pool | shares, taken + n
            for e in sorted(pool):
                part = min(taken, rest[e])
                rest[e], taken = rest[e] - part, taken - part
        return rest

    def received(self, service: str, month: str, channel: str) -> Counter[str]:
        """Known cases by assisted (ja, nej)."""
        return sum((Counter({f.assisted: f.cases or 0}) for f in self.figures(service, month, channel)), Counter())

    def reported(self, service: str, month: str, channel: str) -> bool:
        """Whether the channel has a value, 0 or "ej tillämpligt" for the service in the month."""
        figures = self.figures(service, month, channel)
        return bool(figures) and all(f.reported for f in figures)

    # ---- goal 2

    def fully_reported(self, service: str, month: str) -> bool:
        """Whether there is a channel beside the e-service and all are reported, the e-service too if it is open some day."""
        others = [c for c in WORDS.values() if c != DIGITAL and self.figures(service, month, c)]
        online = [e for e in self.ways_in(service, month) if e["typ"] != "blankett"]
        asked = others + [DIGITAL] if online or self.service_class(service, month) == "unknown" else others
        counted = any(f.source == "own" for f in self.figures(service, month, DIGITAL))
        if any(self.is_shared(e["etjanst_id"], month) for e in online) and not counted:
            return False  # an e-service that serves others too: which of its cases are the service's is not known
        return bool(others) and all(self.reported(service, month, channel) for channel in asked)

    def reportable(self, service: str, month: str) -> bool:
        """Whether a published service can be reported: it is active, and nobody decided that an e-service does not apply."""
        own = self.own(service)
        return own is not None and own["aktiv"] != "nej" and self.service_class(service, month) != "not_applicable"

    def goal_2(self, first: str, last: str, departments: Sequence[str] = (), audience: str | None = None) -> Share:
        """Cases sent in through an e-service ÷ all cases, where all channels are reported.

        Known and population count service-months.
        """
        digital = total = full = population = counted = 0
        for month in months_between(first, last):
            for service in (s["tjanst_id"] for s in self.published(month, departments, audience)):
                population += self.reportable(service, month)
                if self.fully_reported(service, month):
                    counted += 1
                    full += self.reportable(service, month)
                    total += sum(self.received(service, month, c).total() for c in WORDS.values())
                    digital += self.received(service, month, DIGITAL)["nej"]
        return Share(digital, total, full, population, counted)

    # ---- goal 3

    def handling(self, service: str, month: str) -> str:
        """digital, not_digital, not_applicable or not_reported, by the seven steps on the last day of the month and service."""
        end, states = self.last_day(service, month), dict.fromkeys(STEPS, "ej rapporterat")
        rows = (h for h in self.rows["handlaggningssteg"] if h["tjanst_id"] == service and h["fran"] <= end)
        for h in sorted(rows, key=lambda h: h["fran"]):
            states[h["steg"]] = h["lage"] or "ej rapporterat"
        applicable = [state for state in states.values() if state != "ej tillämpligt"]
        if "ej rapporterat" in applicable:
            return "not_reported"
        if not applicable:
            return "not_applicable"
        return "digital" if set(applicable) == {"digitalt"} else "not_digital"

    def goal_3(self, first: str, last: str, departments: Sequence[str] = (), audience: str | None = None) -> Share:
        """Cases of services whose every applicable step is digital ÷ cases of services with all steps reported.

        Over the service-months of goal 2. Known and population count service-months.
        """
        digital = reported = known = population = counted = 0
        for month in months_between(first, last):
            for service in (s["tjanst_id"] for s in self.published(month, departments, audience)):
                handling, full = self.handling(service, month), self.fully_reported(service, month)
                is_known = full and handling in ("digital", "not_digital")
                counted += is_known
                if self.reportable(service, month) and handling != "not_applicable":
                    population, known = population + 1, known + is_known
                cases = sum(self.received(service, month, c).total() for c in WORDS.values()) if is_known else 0
                reported += cases
                digital += cases if handling == "digital" else 0
        return Share(digital, reported, known, population, counted)

    # ---- targets

    def distance(self, goal: str, last: str, owner: str = "") -> tuple[float, float | None] | None:
        """How far a goal is from straight lines between its owner's targets, in shares and in months; None where it is not known.

        Day by day: so many months it is to the nearest day on which the lines have the share of now.
        """
        now, today, lines = self.twelve_months(goal, last, owner), self.month_end(last), self.lines(goal, last, owner)
        if now.value is None or now.denominator < 20 or not lines or today < min(lines):
            return None
        asked = lines.get(today, lines[max(lines)])
        near = [lines[day] for day in (shifted(today, -1), today, shifted(today, 1)) if day in lines]
        if len(set(near)) < 2:
            return now.value - asked, None
        ahead = now.value > asked
        there = [
            d
            for d in lines
            if (d >= today and lines[d] >= now.value if ahead else d <= today and lines[d] <= now.value)
        ]
        if not there:
            return now.value - asked, None
        day = min(there) if ahead else max(there)
        return now.value - asked, (date.fromisoformat(day) - date.fromisoformat(today)).days / (365.25 / 12)

    def twelve_months(self, goal: str, last: str, owner: str) -> Share:
        """A goal as its targets mean it: that of the services at the end, those of the cases over twelve months."""
        return self.goal(goal, months_between(f"{int(last[:4]) - 1}{last[4:]}", last)[1], last, owner)

    def goal(self, goal: str, first: str, last: str, owner: str) -> Share:
        """A goal of a department, or of all; that of the services at the end."""
        departments = (owner,) if owner else ()
        if goal == "1":
            return self.goal_1(last, departments)
        return (self.goal_2 if goal == "2" else self.goal_3)(first, last, departments)

    def lines(self, goal: str, last: str, owner: str) -> dict[str, float]:
        """The share that is asked for each day, from where the owner first stood to the last target."""
        rows = [row for row in self.rows["delmal"] if (row["mal"], row["verksamhet_id"]) == (goal, owner)]
        ends = sorted((row["datum"], float(row["andel"]) / 100) for row in rows)
        known = next(m for m in months_between(FIRST, last) if self.goal(goal, m, m, owner).value is not None)
        start = known if goal == "1" else months_between(known, f"{int(known[:4]) + 1}-12")[11]
        share = self.goal(goal, known, start, owner)
        if ends and start <= last and share.denominator >= 20 and month_end(start) < ends[0][0]:
            ends.insert(0, (month_end(start), share.numerator / share.denominator))
        asked = dict(ends)
        for (first, low), (end, high) in pairwise(ends):
            days = (date.fromisoformat(end) - date.fromisoformat(first)).days
            asked |= {shifted(first, n): low + n / days * (high - low) for n in range(1, days)}
        return asked

    # ---- costs

    def payers(self, first: str, last: str, departments: Sequence[str] = ()) -> Counter[str]:
        """Öre by payer for the months: a department, "systemagare", or "" for what the rules cannot place."""
        paid: Counter[str] = Counter()
        for cost in self.rows["kostnader"]:
            month = cost["datum"][:7]
            if first <= month <= last:
                parts = self.parts(cost).items()
                paid.update({who: ore for who, ore in parts if not departments or self.within(who, departments, month)})
        return paid

    def parts(self, cost: Row) -> dict[str, int]:
        """Öre by payer of one posting: they sum to its amount."""
        ore = int(Decimal(cost["belopp"].replace(",", ".")) * 100)
        if cost["kostnadstyp"] in ("fast", "rörlig"):
            return {SYSTEM_OWNER: ore}
        shares = {
            s["verksamhet_id"]: Decimal(s["andel"].replace(",", "."))
            for s in self.rows["kostnadsandelar"]
            if s["kostnad_id"] == cost["kostnad_id"]
        }
        return split(ore, shares) if shares else {cost["bestallare"] or UNPLACED: ore}


def split(ore: int, shares: dict[str, Decimal]) -> dict[str, int]:
    """The amount by share, whole öre: largest remainder first, then the department that comes first in the alphabet."""
    if sum(shares.values()) != 100:
        return {UNPLACED: ore}
    exact = {who: abs(ore) * share / 100 for who, share in shares.items()}
    whole = {who: int(part) for who, part in exact.items()}
    left = abs(ore) - sum(whole.values())
    for who in sorted(exact, key=lambda who: (whole[who] - exact[who], who))[:left]:
        whole[who] += 1
    return {who: part if ore >= 0 else -part for who, part in whole.items()}


def is_told(text: str) -> bool:
    """Whether a count says something."""
    return text not in ("", "ej rapporterat")


def figure(assisted: str, text: str, source: str) -> Figure:
    """A count as a figure."""
    if not is_told(text):
        return Figure(assisted, None, "not_reported", False, source)
    if text == "ej tillämpligt":
        return Figure(assisted, None, "not_applicable", True, source)
    return Figure(assisted, int(text), "value" if int(text) else "zero", True, source)


KEYS = {
    "kopplingar": ("tjanst_id", "etjanst_id"),
    "arendeantal": ("tjanst_id", "etjanst_id", "manad", "kanal", "assisterat"),
    "handlaggningssteg": ("tjanst_id", "steg", "fran"),
    "katalog": ("installation", "sedd", "etjanst_id"),
    "tjanster": ("tjanst_id",),
    "etjanster": ("etjanst_id",),
    "undantag": ("undantag_id",),
    "arenden": ("arende_id",),
    "rakneveckor": ("tjanst_id", "kanal", "mandag"),
    "verksamheter": ("verksamhet_id",),
}


def load(folder: Path) -> Tables:
    """The tables in the folder: the first word of a file's name says which table it belongs to."""
    covers = tomllib.loads((folder / "covers.toml").read_text("utf-8"))
    stated, imported = {c["name"]: c for c in covers.get("file", [])}, covers.get("imported", {})
    files = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        cover = stated.get(path.name)
        span = cover and (
            [WORDS[c] for c in cover["channels"]], cover.get("services", "file"), cover["from"], cover["to"]
        )  # fmt: skip
        refused = [r for r in rows if not is_readable(r.get("antal", ""))]
        good = [row for row in rows if row not in refused]
        files.append(File(path.stem.split("-")[0], good, refused, span or None, imported.get(path.name, "")))
    return state(files, max(imported.values(), default="9999-12-31"))


def state(files: Sequence[File], today: str = "9999-12-31") -> Tables:
    """What the files add up to: of rows with the same key the last one holds, of services and departments each column."""
    rows: dict[str, dict[tuple[str, ...], Row]] = defaultdict(dict)
    for i, file in enumerate(files):
        for j, row in enumerate(file.rows):
            named = KEYS.get(file.table)
            key = tuple(row.get(name) or ("nej" if name == "assisterat" else "") for name in named or ())
            rows[file.table][key if named else (str(i), str(j))] = row
    tables = Tables(defaultdict(list, {t: list(of.values()) for t, of in rows.items()}), defaultdict(list), today)
    for number, file in enumerate(files):
        own = list(_covers(file, number, today))
        for cover in own:
            tables.covers[cover.service, cover.e_service].append(cover)
        corrected = {row["arende_id"] for f in files[number + 1 :] if f.table == "arenden" for row in f.rows}
        refused = [row for row in file.refused if row.get("arende_id") not in corrected]
        for key in _refused(replace(file, refused=refused), own, tables):
            tables.refused[key] = number
    _remember(tables, files)
    tables.register = {s["tjanst_id"]: s for s in tables.rows["tjanster"]}
    _link(tables)
    _collect(tables)
    return tables


def _remember(tables: Tables, files: Sequence[File]) -> None:
    """What each file said of each service and department; of each column the last that said something of it holds."""
    for register, key in (("tjanster", "tjanst_id"), ("verksamheter", "verksamhet_id")):
        history: dict[str, list[Row]] = defaultdict(list)
        for file in files:
            for row in file.rows if file.table == register else ():
                history[row[key]].append(row | {"importerad": file.imported})
        tables.history[register] = history
        tables.rows[register] = [dict(pair for row in said for pair in row.items()) for said in history.values()]


def _at(holds: dict[str, str], day: str) -> str:
    """What holds on a day, of what holds from some days on."""
    return holds[max(since for since in holds if since <= max(day, "0000"))]


def _covers(file: File, number: int, today: str) -> Iterator[Cover]:
    """A channel and months that a file covers, of each service or e-service in it or of all; a count covers its own month."""
    if file.table not in ("arenden", "arendeantal"):
        return
    channels, services, first, last = file.covers or ((), "rows", today[:7], today[:7])
    told: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for r in file.rows:
        if is_told(r.get("antal", "1")) and month_of(r) <= today[:7]:
            told[r["tjanst_id"], r.get("etjanst_id") or ""].add((r["kanal"], month_of(r)))
    span = set(months_between(first, min(last, today[:7]))) if first <= today[:7] else set()
    for service, e_service in {("", "")} if services == "all" else told.keys():
        for channel in channels:
            own = {month for c, month in told[service, e_service] if c == channel} & span
            months = {"rows": own, "own": {m for m in span if own and min(own) <= m <= max(own)}}.get(services, span)
            if months:
                yield Cover(file.table, service, e_service, channel, frozenset(months), number)
    for (service, e_service), cells in told.items() if file.table == "arendeantal" else ():
        for channel, month in cells:
            yield Cover(file.table, service, e_service, channel, frozenset({month}), number)


def _refused(file: File, covers: Sequence[Cover], tables: Tables) -> Iterator[tuple[str, str, str, str]]:
    """Where the refused rows may lie: what cannot be read of one may be anything that the file covers and has no count of."""
    spans: dict[tuple[str, str], list[Cover]] = defaultdict(list)
    for cover in covers:
        spans[cover.service, cover.e_service].append(cover)
    counted = {
        (r["tjanst_id"], r.get("etjanst_id") or "", r["kanal"], month_of(r), r.get("assisterat") or "nej")
        for r in ((*file.rows, *file.refused) if file.table == "arendeantal" else ())
    }
    for row in file.refused if file.table in ("arenden", "arendeantal") else ():
        cells: list[tuple[str, str, str, str]] = []
        taken: set[tuple[str, str, str, str]] = set()
        who = (row["tjanst_id"], row.get("etjanst_id") or "")
        if who == ("", ""):
            matching = list(spans.items())
        else:
            matching = [(who, of) for whose, of in spans.items() if whose in (who, ("", ""))] or [(who, list(covers))]
        for (service, e_service), of in matching:
            channels = {c.channel for c in of} if row["kanal"] in BAD else {row["kanal"]}
            every = sorted(month for c in of for month in c.months)
            day = month_of(row)
            months = ([] if not every else months_between(every[0], every[-1])) if day in BAD else [day]
            cells += [(service, e_service, channel, month) for channel in channels for month in months]
            if len(months) == 1:
                taken |= {cell for cell in cells if (*cell, row.get("assisterat") or "nej") in counted}
        for cell in [cell for cell in cells if cell not in taken] or cells:
            yield from _whose(*cell, tables)


def _whose(
    service: str, e_service: str, channel: str, month: str, tables: Tables
) -> Iterator[tuple[str, str, str, str]]:
    """The service or e-service of a refused row; all of them where that could not be read."""
    if service or e_service:
        yield service, e_service, channel, month
        return
    for s in tables.rows["tjanster"]:
        yield s["tjanst_id"], "", channel, month
    for e in tables.rows["etjanster"]:
        yield "", e["etjanst_id"], channel, month


def is_readable(text: str) -> bool:
    """Whether a count can be read."""
    return text.isdigit() or text in ("", "ej tillämpligt", "ej rapporterat")


BAD = ("?",)  # a cell of a refused row that could not be read: it may be any


def month_of(row: Row) -> str:
    """The month of a case or of a count."""
    return (row.get("inkom") or row["manad"])[:7]


def _link(tables: Tables) -> None:
    tables.e_services = {e["etjanst_id"]: e for e in tables.rows["etjanster"]}
    for link in tables.rows["kopplingar"]:
        if link["hor_ihop"] == "nej":
            tables.rejected[link["tjanst_id"]].add(link["etjanst_id"])
            continue
        tables.serves[link["etjanst_id"]].append(link["tjanst_id"])
        if link["etjanst_id"] in tables.e_services:
            tables.offered[link["tjanst_id"]].append(tables.e_services[link["etjanst_id"]])
        else:
            tables.unresolved.add(link["tjanst_id"])


def _collect(tables: Tables) -> None:
    for cover in [cover for of in tables.covers.values() for cover in of]:
        for service in (
            {cover.service} - {""}
            if cover.service or cover.e_service
            else {s["tjanst_id"] for s in tables.rows["tjanster"]}
        ):
            _known_from(tables, service, cover.channel, min(cover.months))
        for month in cover.months if cover.e_service else ():
            _known_from(tables, tables.owner(cover.e_service, month), cover.channel, month)
    for row in tables.rows["rakneveckor"]:
        _known_from(tables, row["tjanst_id"], row["kanal"], shifted(monday_of(row["mandag"]), 3)[:7])
    for service, e_service, channel, month in tables.refused:
        _known_from(tables, service or tables.owner(e_service, month), channel, month)
    for row in (*tables.rows["arenden"], *tables.rows["arendeantal"]):
        month, e_service, assisted = month_of(row), row.get("etjanst_id") or "", row["assisterat"] or "nej"
        service = row["tjanst_id"] or tables.owner(e_service, month)
        if "antal" in row:
            tables.counts[month, row["kanal"]][service, e_service][assisted] = row["antal"]
            _known_from(tables, service, row["kanal"], month)
        else:
            tables.cases[month, row["kanal"]][service, e_service][assisted] += 1


def _known_from(tables: Tables, service: str, channel: str, month: str) -> None:
    firsts = tables.channels[service]
    firsts[channel] = min(month, firsts.get(channel, month))
