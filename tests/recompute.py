"""The three goals and the cost split a second, dumber way: plain loops over CSV rows, no SQL and none of our modules.

`load(folder)` reads the input tables in the order of their names, as they are imported by their good rows, and
`covers.toml`, which says what a file covers beside its rows. Months are written "2025-03"; words are those of the files.
"""

import csv
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

Row = dict[str, str]
DIGITAL = "e-tjänst"
STEPS = ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")
WORDS = {
    "e_service": "e-tjänst", "form": "blankett", "email": "e-post", "phone": "telefon", "visit": "besök",
    "letter": "brev", "social_media": "sociala medier", "chat": "chatt", "other": "annan", "unknown": "okänd",
}  # fmt: skip
STATES = ("ej tillämpligt", "ej rapporterat")
SYSTEM_OWNER, UNPLACED = "systemagare", ""


def month_end(month: str) -> str:
    """The last day of the month, ÅÅÅÅ-MM-DD."""
    first = date.fromisoformat(f"{month}-01")
    return ((first + timedelta(31)).replace(day=1) - timedelta(1)).isoformat()


def days_of(month: str) -> list[date]:
    """Every day of the month."""
    first = date.fromisoformat(f"{month}-01")
    return [day for i in range(31) if (day := first + timedelta(i)).month == first.month]


def months_between(first: str, last: str) -> list[str]:
    """The months from first to last, both included."""
    found = [first]
    while found[-1] < last:
        found.append((date.fromisoformat(month_end(found[-1])) + timedelta(1)).isoformat()[:7])
    return found


@dataclass(frozen=True)
class Share:
    """A share: numerator ÷ denominator (None when there is nothing to divide by); coverage = known ÷ population."""

    numerator: int
    denominator: int
    known: int
    population: int

    @property
    def value(self) -> float | None:
        """The share, 0–1."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def coverage(self) -> float | None:
        """How much of the population is known, 0–1; all where there is a value and nothing that need be known."""
        return self.known / self.population if self.population else (1.0 if self.denominator else None)


@dataclass
class Tables:
    """The rows of every table, and what follows directly from them."""

    rows: dict[str, list[Row]]
    covered: dict[str, list[tuple[str, str, str]]]  # service or e-service → (channel, first month, last month)
    covered_cases: dict[str, list[tuple[str, str, str]]]  # the same, by files of cases one by one
    serves: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # e-service → services
    offered: dict[str, list[Row]] = field(
        default_factory=lambda: defaultdict(list)
    )  # service → its e-services and forms
    cases: dict[tuple[str, str, str], dict[str, Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )  # service, month and channel → e-service ("" where none is named) → by assisted
    rejected: dict[str, set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )  # service → e-services that are not its
    counts: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    refused: set[tuple[str, str, str]] = field(
        default_factory=set
    )  # service, month and channel of which a row cannot be read, and no later file says more
    channels: dict[str, dict[str, str]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # service → channel → first month
    history: dict[str, dict[str, list[Row]]] = field(
        default_factory=dict
    )  # register → id → what each file said, in order
    today: str = "9999-12-31"  # the day of the last import
    as_today: bool = False  # whether all figures stand with the department that has the service today

    # ---- the organisation

    def owner(self, register: str, column: str, code: str, month: str) -> str:
        """The department of a service, or the parent of a department, when the month ends."""
        day = self.today if self.as_today else min(month_end(month), self.today)
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
        while where in self.history["verksamheter"]:
            if wanted & set([where] if self.as_today else self.taken_over(where)):
                return True
            where = self.owner("verksamheter", "overordnad_id", where, month)
        return False

    # ---- which services

    def services(self, month: str, departments: Sequence[str] = (), audience: str | None = None) -> Iterator[Row]:
        """The services in force at the end of the month, in the departments (and all below) and for the audience."""
        for s in self.published(month, departments, audience):
            if not s["publicerad_till"] or s["publicerad_till"] >= month_end(month):
                yield s

    def published(self, month: str, departments: Sequence[str] = (), audience: str | None = None) -> Iterator[Row]:
        """The services that are in force some day of the month."""
        for s in self.rows["tjanster"]:
            first, last = s["publicerad_fran"], s["publicerad_till"] or "9999-12-31"
            in_force = first <= min(last, month_end(month)) and last >= f"{month}-01"
            if in_force and audience in (None, s["malgrupp"]) and self.belongs(s["tjanst_id"], departments, month):
                yield s

    def belongs(self, service: str, departments: Sequence[str], month: str) -> bool:
        """Whether the service belongs to one of the departments, or to one below, when the month ends."""
        return not departments or self.within(
            self.owner("tjanster", "verksamhet_id", service, month), departments, month
        )

    # ---- goal 1

    def last_day(self, service: str, month: str) -> str:
        """The last day of the month on which the service is published."""
        (own,) = (s for s in self.rows["tjanster"] if s["tjanst_id"] == service)
        last = own["publicerad_till"]
        return last if last[:7] == month else month_end(month)

    def live(self, service: str, month: str) -> list[Row]:
        """The service's e-services, links and forms that are live on the last day of the month that it is published."""
        return self.live_on(self.offered[service], self.last_day(service, month))

    def ways_in(self, service: str, month: str) -> list[Row]:
        """The service's e-services, links and forms that are live some day of the month on which it is published."""
        days = [day.isoformat() for day in days_of(month)]
        (own,) = (s for s in self.rows["tjanster"] if s["tjanst_id"] == service)
        days = [day for day in days if own["publicerad_fran"] <= day <= (own["publicerad_till"] or day)] or days
        return [e for e in self.offered[service] if any(self.live_on([e], day) for day in days)]

    @staticmethod
    def live_on(e_services: Sequence[Row], end: str) -> list[Row]:
        """Those of the e-services, links and forms that are live on a day."""
        return [
            e
            for e in e_services
            if (e["lanserad"] <= end if e["lanserad"] else e["steg"] not in ("uppstart", "utveckling"))
            and (not e["avvecklad"] or e["avvecklad"] >= end)
        ]

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
        if not self.rows["etjanster"] or self.unpaired(end) - self.rejected[service]:
            return "unknown"
        return "form_only" if live else "none"

    def unpaired(self, day: str) -> set[str]:
        """The e-services and links that are live on a day, and of which nobody has said whose they are."""
        paired = {link["etjanst_id"] for link in self.rows["kopplingar"] if link["hor_ihop"] != "nej"}
        live = self.live_on(self.rows["etjanster"], day)
        return {e["etjanst_id"] for e in live if e["typ"] != "blankett"} - paired

    def classes(self, month: str, departments: Sequence[str] = (), audience: str | None = None) -> Counter[str]:
        """How many services there are of each class at the end of the month."""
        return Counter(self.service_class(s["tjanst_id"], month) for s in self.services(month, departments, audience))

    def goal_1(self, month: str, departments: Sequence[str] = (), audience: str | None = None) -> Share:
        """Services with an e-service ÷ services of a known class, not counting "ej tillämpligt". A stock."""
        found = self.classes(month, departments, audience)
        has = found["e_service"] + found["e_service_elsewhere"]
        population = found.total() - found["not_applicable"]
        return Share(has, population - found["unknown"], population - found["unknown"], population)

    # ---- goal 2

    def sharing(self, e_service: str, month: str) -> list[str]:
        """The services that the e-service serves: those in force some day of the month, or all where none is."""
        all_of_them = self.serves.get(e_service, [])
        return [s for s in all_of_them if self.is_published(s, month)] or all_of_them

    def is_published(self, service: str, month: str) -> bool:
        """Whether the service is in force some day of the month."""
        return any(
            s["publicerad_fran"] <= month_end(month) and (s["publicerad_till"] or month_end(month)) >= f"{month}-01"
            for s in self.rows["tjanster"]
            if s["tjanst_id"] == service
        )

    def is_covered(self, who: str, month: str, channel: str, covers: dict[str, list[tuple[str, str, str]]]) -> bool:
        """Whether a file covers the service's or the e-service's channel in the month."""
        return any(c == channel and first <= month <= last for c, first, last in covers.get(who, ()))

    def covered_ways(self, service: str, month: str, channel: str) -> set[str]:
        """The e-services ("" for the service as a whole) whose cases one by one are covered by a file of cases."""
        named = self.cases.get((service, month, channel), {})
        return {
            way
            for way in named
            if self.is_covered(service, month, channel, self.covered_cases)
            or (way and self.is_covered(way, month, channel, self.covered_cases))
        }

    def count_stands(self, service: str, month: str, channel: str) -> bool:
        """Whether the service's own count holds: cases one by one are not all that came in, by what their files cover."""
        key = (service, month, channel)
        if key not in self.counts or (key in self.cases and set(self.counts[key].values()) == {"ej rapporterat"}):
            return False
        ways = self.covered_ways(*key)
        opened = {
            e["etjanst_id"] for e in self.ways_in(service, month) if e["typ"] != "blankett" or channel == "blankett"
        }
        return not ("" in ways or (ways and opened <= ways))

    def reported(self, service: str, month: str, channel: str) -> bool:
        """Whether the channel has a value, 0 or "ej tillämpligt" for the service in the month."""
        key = (service, month, channel)
        if key in self.refused:
            return False
        if self.count_stands(*key):
            return all(said.isdigit() or said == "ej tillämpligt" for said in self.counts[key].values())
        if key in self.cases:
            return set(self.cases[key]) == self.covered_ways(*key)
        ways = [e["etjanst_id"] for e in self.offered[service] if self.sharing(e["etjanst_id"], month) == [service]]
        return any(self.is_covered(who, month, channel, self.covered) for who in (service, *ways))

    def received(self, service: str, month: str, channel: str) -> Counter[str]:
        """Known cases by assisted (ja, nej): the count where it stands, else the cases one by one."""
        key = (service, month, channel)
        if self.count_stands(*key):
            return Counter({assisted: int(n) for assisted, n in self.counts[key].items() if n.isdigit()})
        return sum(self.cases.get(key, {}).values(), Counter())

    def fully_reported(self, service: str, month: str) -> bool:
        """Whether there is a channel beside the e-service and all are reported, the e-service too if it is live."""
        others = {channel for channel, first in self.channels[service].items() if first <= month} - {DIGITAL}
        online = [e for e in self.ways_in(service, month) if e["typ"] != "blankett"]
        needed = others | {DIGITAL} if online or self.service_class(service, month) == "unknown" else others
        counted = self.count_stands(service, month, DIGITAL)
        if any(self.sharing(e["etjanst_id"], month) != [service] for e in online) and not counted:
            return False  # an e-service that serves others too: which of its cases are the service's is not known
        return bool(others) and all(self.reported(service, month, channel) for channel in needed)

    def reportable(self, service: str, month: str) -> bool:
        """Whether a published service can be reported: it is active, and nobody decided that an e-service does not apply."""
        (own,) = (s for s in self.rows["tjanster"] if s["tjanst_id"] == service)
        return own["aktiv"] != "nej" and self.service_class(service, month) != "not_applicable"

    def goal_2(self, first: str, last: str, departments: Sequence[str] = (), audience: str | None = None) -> Share:
        """Cases sent in through an e-service ÷ all cases, where all channels are reported.

        Known and population count service-months.
        """
        digital = total = full = population = 0
        for month in months_between(first, last):
            for service in (s["tjanst_id"] for s in self.published(month, departments, audience)):
                population += self.reportable(service, month)
                if self.fully_reported(service, month):
                    full += self.reportable(service, month)
                    total += sum(self.received(service, month, c).total() for c in self.channels[service])
                    digital += self.received(service, month, DIGITAL)["nej"]
        return Share(digital, total, full, population)

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
        digital = reported = known = population = 0
        for month in months_between(first, last):
            for service in (s["tjanst_id"] for s in self.published(month, departments, audience)):
                handling, full = self.handling(service, month), self.fully_reported(service, month)
                is_known = full and handling in ("digital", "not_digital")
                if self.reportable(service, month) and handling != "not_applicable":
                    population, known = population + 1, known + is_known
                cases = sum(self.received(service, month, c).total() for c in self.channels[service]) if is_known else 0
                reported += cases
                digital += cases if handling == "digital" else 0
        return Share(digital, reported, known, population)

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


def load(folder: Path) -> Tables:
    """The tables in the folder: the first word of a file's name says which table it belongs to."""
    rows: dict[str, list[Row]] = defaultdict(list)
    files: dict[str, list[Row]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            files[path.name] = list(csv.DictReader(file, delimiter=";"))
        rows[path.stem.split("-")[0]] += files[path.name]
    covers = tomllib.loads((folder / "covers.toml").read_text("utf-8"))
    tables = Tables(rows, defaultdict(list), defaultdict(list))
    _remember(tables, files, covers.get("imported", {}))
    _link(tables)
    _cover(tables, files, covers.get("file", []))
    _refuse(tables, files, covers.get("file", []))
    _collect(tables)
    return tables


def _remember(tables: Tables, files: dict[str, list[Row]], imported: dict[str, str]) -> None:
    """What each file said of each service and department; of each column the last that said something of it holds."""
    tables.today = max(imported.values(), default=tables.today)
    for register, key in (("tjanster", "tjanst_id"), ("verksamheter", "verksamhet_id")):
        history: dict[str, list[Row]] = defaultdict(list)
        for name, rows in files.items():
            for row in rows if name.split(".")[0].split("-")[0] == register else ():
                history[row[key]].append(row | {"importerad": imported.get(name, "")})
        tables.history[register] = history
        tables.rows[register] = [dict(pair for row in said for pair in row.items()) for said in history.values()]


def _at(holds: dict[str, str], day: str) -> str:
    """What holds on a day, of what holds from some days on."""
    return holds[max(since for since in holds if since <= max(day, "0000"))]


def _link(tables: Tables) -> None:
    by_id = {e["etjanst_id"]: e for e in tables.rows["etjanster"]}
    for link in tables.rows["kopplingar"]:
        if link["hor_ihop"] == "nej":
            tables.rejected[link["tjanst_id"]].add(link["etjanst_id"])
            continue
        tables.serves[link["etjanst_id"]].append(link["tjanst_id"])
        tables.offered[link["tjanst_id"]].append(by_id[link["etjanst_id"]])


def _service(tables: Tables, row: Row, month: str) -> str:
    sharing = tables.sharing(row.get("etjanst_id", ""), month)
    return row["tjanst_id"] or (sharing[0] if len(sharing) == 1 else "")


def _cover(tables: Tables, files: dict[str, list[Row]], covers: list[Row]) -> None:
    for cover in covers:
        channels = [WORDS[code] for code in cover["channels"]]
        for who in {row.get("etjanst_id", "") or row["tjanst_id"] for row in files[cover["name"]]}:
            spans = [(channel, cover["from"], cover["to"]) for channel in channels]
            tables.covered[who] += spans
            if cover["name"].startswith("arenden"):
                tables.covered_cases[who] += spans
            for service in tables.serves.get(who, [who]):
                if len(tables.serves.get(who, [who])) == 1:
                    for channel in channels:
                        _known_from(tables, service, channel, cover["from"])


def _refuse(tables: Tables, files: dict[str, list[Row]], covers: list[Row]) -> None:
    """Take out the counts that cannot be read, file by file: their cells are unknown until a later file covers them."""
    tables.rows["arendeantal"] = []
    for name, rows in files.items():
        if not name.startswith("arendeantal"):
            continue
        good = [row for row in rows if row["antal"].isdigit() or row["antal"] in ("", *STATES)]
        tables.rows["arendeantal"] += good
        tables.refused -= {
            (r["tjanst_id"], r["manad"], r["kanal"]) for r in good if r["antal"] not in ("", "ej rapporterat")
        }
        for cover in covers:
            if cover["name"] == name:
                channels = [WORDS[code] for code in cover["channels"]]
                for service, month, channel in [*tables.refused]:
                    told = any(r["tjanst_id"] == service and r["antal"] not in ("", "ej rapporterat") for r in good)
                    if told and channel in channels and cover["from"] <= month <= cover["to"]:
                        tables.refused.remove((service, month, channel))
        for row in rows:
            if row not in good:
                tables.refused.add((row["tjanst_id"], row["manad"], row["kanal"]))
                _known_from(tables, row["tjanst_id"], row["kanal"], row["manad"])


def _collect(tables: Tables) -> None:
    for case in tables.rows["arenden"]:
        month = case["inkom"][:7]
        if service := _service(tables, case, month):
            ways = tables.cases[service, month, case["kanal"]]
            ways[case.get("etjanst_id", "")][case["assisterat"] or "nej"] += 1
            _known_from(tables, service, case["kanal"], month)
    for count in tables.rows["arendeantal"]:
        tables.counts[count["tjanst_id"], count["manad"], count["kanal"]][count["assisterat"] or "nej"] = (
            count["antal"] or "ej rapporterat"
        )
        _known_from(tables, count["tjanst_id"], count["kanal"], count["manad"])


def _known_from(tables: Tables, service: str, channel: str, month: str) -> None:
    firsts = tables.channels[service]
    firsts[channel] = min(month, firsts.get(channel, month))
