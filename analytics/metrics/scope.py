"""The filters as one frozen value, with its SQL condition and its comparison period."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Comparison = Literal["previous", "last_year"] | date  # a date is the first month of a period of the same length
Organisation = Literal["historical", "today"]
Bound = dict[str, object]


def add_months(month: date, months: int) -> date:
    """The first of the month that lies `months` later (earlier when negative)."""
    year, index = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, index + 1, 1)


def months_between(first: date, last: date) -> int:
    """How many calendar months the month of `last` comes after that of `first`; negative when it comes before."""
    return (last.year - first.year) * 12 + last.month - first.month


def month_range(first: date, last: date) -> list[date]:
    """The first of each month from `first` to `last`, both included."""
    return [add_months(first, i) for i in range(months_between(first, last) + 1)]


@dataclass(frozen=True)
class Scope:
    """The period (first of month to first of month, both included) and what it is narrowed to.

    A department includes everything below it, and what stands at those that it has replaced. `rules` is the rule set that places
    costs, the latest when None. `organisation`: figures stay with the department where they arose, or all are with the one
    that has the service today. Raises ValueError for a period that ends before it begins.
    """

    month_from: date
    month_to: date
    departments: tuple[str, ...] = ()
    audience: str | None = None
    services: tuple[str, ...] = ()
    comparison: Comparison | None = "last_year"
    rules: str | None = None
    organisation: Organisation = "historical"

    def __post_init__(self) -> None:
        """Raise ValueError for a period that is not of whole months or ends before it begins."""
        if self.month_from.day != 1 or self.month_to.day != 1:
            raise ValueError("a period is given by the first day of its months")
        if isinstance(self.comparison, date) and self.comparison.day != 1:
            raise ValueError("a comparison is given by the first day of its first month")
        if self.month_from > self.month_to:
            raise ValueError("the period ends before it begins")

    @property
    def months(self) -> int:
        """The number of months in the period."""
        return months_between(self.month_from, self.month_to) + 1

    @property
    def narrowed(self) -> bool:
        """Whether it is of a part of the organisation only."""
        return bool(self.departments or self.audience or self.services)

    def compared(self) -> "Scope | None":
        """The scope to compare with: the months just before, the same a year earlier, or as many from a month; None for none."""
        if self.comparison is None:
            return None
        if isinstance(self.comparison, date):
            return replace(self, month_from=self.comparison, month_to=add_months(self.comparison, self.months - 1))
        back = -12 if self.comparison == "last_year" else -self.months
        return replace(self, month_from=add_months(self.month_from, back), month_to=add_months(self.month_to, back))

    def whole_organisation(self) -> "Scope":
        """The same period without the filters on department, audience and service."""
        return replace(self, departments=(), audience=None, services=())

    def condition(self, filters: frozenset[str], *, stock: bool) -> tuple[str, Bound]:
        """The WHERE condition over a fact as `organised` has it, and its bound values. A stock is what stands in the last month."""
        clauses = ["month BETWEEN $month_from AND $month_to"]
        bound: Bound = {"month_from": self.month_to if stock else self.month_from, "month_to": self.month_to}
        if "rules" in filters:
            bound["rules"] = self.rules  # stands in the fact itself
        if self.departments and "department" in filters:
            clauses.append("list_has_any(department_path, lineage)")
            bound["departments"] = list(self.departments)
        if self.audience and "audience" in filters:
            clauses.append("audience = $audience")
            bound["audience"] = self.audience
        if self.services and "service" in filters:
            shared = "shared" in filters  # what several services have is counted with each of them
            clauses.append("list_has_any($services, service_ids)" if shared else "list_contains($services, service_id)")
            bound["services"] = list(self.services)
        return " AND ".join(clauses), bound

    def organised(self, relation: str, filters: frozenset[str]) -> str:
        """SQL to select from: a fact with these filters, with the departments of the scope's organisation.

        Where departments are chosen there are two more columns: `lineage`, the ids they stand under, and `chosen`, whose each is.
        """
        if self.organisation == "today":
            services, owner = "", "f.department_id"
            if "service" in filters:
                services = "LEFT JOIN services s ON s.service_id = f.service_id"
                owner = "coalesce(s.department_id, f.department_id)"
            relation = f"""(
                SELECT f.* REPLACE (coalesce(d.today_id, {owner}) AS department_id,
                                    d.department_path AS department_path, d.board AS board)
                FROM {relation} f {services} LEFT JOIN departments_today d ON d.department_id = {owner})"""
        if self.departments and "department" in filters:
            relation = f"(FROM {relation} f, lineage_of($departments, '{self.organisation}'))"
        return relation

    def cannot_apply(self, filters: frozenset[str]) -> tuple[str, ...]:
        """The filters that are set here but that a fact with these filters cannot take."""
        chosen = {"department": bool(self.departments), "audience": bool(self.audience), "service": bool(self.services)}
        return tuple(name for name, is_set in chosen.items() if is_set and name not in filters)
