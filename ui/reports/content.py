"""What a report of a scope tells, made of the same functions as the pages: once, when it is frozen."""

from collections.abc import Sequence
from dataclasses import replace

from analytics.metrics.catalogue import GOAL_CODES, GOALS, definitions, metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.metrics.versions import definition_version
from analytics.priorities.deviations import GoalDeviation, deviations
from ui import database
from ui.components import department_rows, explanations, headlines, questions
from ui.components.data_basis import brief
from ui.components.goal_rows import Goal
from ui.components.metric_views import ask, one, part_of, share, source
from ui.components.shares import share_text
from ui.costs import summary as costs
from ui.costs.labels import amount, payer_name
from ui.decomposition import goals
from ui.frame import address, filters, page, practice
from ui.frame.filter_row import follow_up_name
from ui.next_steps import advice
from ui.reports import since
from ui.reports.figures import MEASURED, figures
from ui.reports.model import Grid, Period, Report, Section
from ui.slides import HEADLINES
from ui.text import labels, numbers
from ui.text.i18n import _, language, words

TOLD = (*MEASURED, "cost", "target_path")  # whose definitions the report has


def report(scope: Scope, home: str = "") -> Report:
    """The report of what is chosen, as it is known now; `home` is where its pages are, for the links from its files."""
    rows = [goals.goal(code, scope) for code in GOAL_CODES]
    found = [one_ for goal in GOALS for one_ in database.answer(deviations, scope, goal)]
    measured = figures(scope)
    return Report(
        title=title(scope),
        headline=headlines.overview(scope),
        language=language(),
        period=_period(scope),
        facts=_facts(scope),
        goals=tuple(_still(row, _link(f"mal-{goal}", scope)) for goal, row in zip(GOALS, rows, strict=True)),
        basis=tuple(brief(row.data_basis, row.now) if row.data_basis else "" for row in rows),
        actions=tuple((one.title, one.sentence) for one in advice.most_important(scope)),
        sections=(
            *(_goal(code, scope) for code in GOAL_CODES),
            *_explained(found),
            *_became(found),
            *since.sections(scope),
            *_costs(scope),
            *_questions(scope),
        ),
        definitions=_definitions(),
        sources=_sources(),
        figures=measured,
        address=_link("rapporter", scope),
        home=home,
    )


def title(scope: Scope) -> str:
    """What a municipality calls the period, and whose it is: "Delår jan–aug 2026, hela kommunen"."""
    named = {(one.month_from, one.month_to): follow_up_name(one) for one in database.period().follow_ups()}
    span = (scope.month_from, scope.month_to)
    whose = ", ".join((page.describe_departments(scope), *filters.chosen_codes(scope)))
    return f"{named.get(span) or numbers.months(*span)}: {whose}"


def _still(goal: Goal, href: str) -> Goal:
    """A row without what opens; its title leads to the goal's page with what the report is of."""
    change = goal.change and replace(goal.change, why="", why_name="")
    return replace(goal, href=href, data_basis=None, change=change)


def _period(scope: Scope) -> Period:
    compared = scope.compared()
    return Period(
        month_from=filters.month_code(scope.month_from),
        month_to=filters.month_code(scope.month_to),
        compared_from=filters.month_code(compared.month_from) if compared else "",
        departments=scope.departments,
        audience=scope.audience or "",
        services=scope.services,
        organisation=scope.organisation,
        rules=scope.rules or "",
    )


def _facts(scope: Scope) -> tuple[tuple[str, str], ...]:
    small = _("counts from 1 to 4 are not shown") if database.period().protected else ""
    facts = (
        (_("Selection"), page.describe_scope(scope)),
        (_("Data up to"), numbers.day(database.period().as_of)),
        (_("Small counts"), small),
        (_("Note"), practice.mark()),
    )
    return tuple((name, text) for name, text in facts if text)


def _goal(code: str, scope: Scope) -> Section:
    """A goal by department: its share now and before, what it counts and how much is reported."""
    found = department_rows.compare(code, scope)
    branches = sorted(found.rows, key=lambda branch: float(found.rows[branch].value or 0))
    reported = {row.by["branch"]: row for row in ask("reporting", scope, "branch")}
    rows = [(found.rows[b], found.before.get(b), reported.get(b)) for b in branches]
    if total := len(branches) > 1:
        rows.append((found.whole, found.whole_before, one("reporting", scope)))
    names = [*labels.branches(branches, scope), *([department_rows.whole_name(scope)] if total else [])]
    columns = (_("Department"), _("Share"), _("Counted"), _("Before"), _("Fully reported months"))
    lines = tuple((name, *_shares(*three)) for name, three in zip(names, rows, strict=True))
    marks = tuple(None if now.value is None else float(now.value) for now, _before, _reported in rows)
    grid = Grid(_("{goal} by department").format(goal=found.title), columns, lines, (1, 2, 3, 4), total, marks)
    return Section(HEADLINES[code](scope), (), grid, _link(f"mal-{metrics()[code].goal}", scope))


def _shares(now: Row, before: Row | None, reported: Row | None) -> tuple[str, str, str, str]:
    known = numbers.MISSING if reported is None or reported.value is None else numbers.percent(float(reported.value))
    was = numbers.MISSING if before is None or before.value is None else share_text(share(before))
    return share_text(share(now)), part_of(now), was, known


def _costs(scope: Scope) -> Sequence[Section]:
    if not costs.has_costs(scope):
        return ()
    paid = costs.by_payer(scope)
    lines = [(payer_name(code), numbers.money(value)) for code, value in paid.items()]
    whole = amount(one("cost", scope))
    marks = [float(value / whole) for value in paid.values()] if whole > 0 and min(paid.values()) >= 0 else []
    if total := len(lines) > 1:
        lines.append((_("In all"), numbers.money(whole)))
        marks += [1.0] if marks else []
    grid = Grid(_("Who pays"), (_("Payer"), _("Kronor")), tuple(lines), (1,), total, tuple(marks))
    return (Section(costs.headline(scope), (), grid, _link("kostnader", scope)),)


def _link(path: str, scope: Scope) -> str:
    """The address of a page with the scope; what the address of the page that freezes has besides is kept."""
    return address.link(
        path,
        from_=filters.month_code(scope.month_from),
        to=filters.month_code(scope.month_to),
        department=list(scope.departments),
        audience=scope.audience,
    )


def _explained(found: Sequence[GoalDeviation]) -> Sequence[Section]:
    """Why the goals deviate and what is done about it; also which deviations nobody has explained."""
    lines = (*explanations.lines_without(found), *(line for one_ in found for line in explanations.table_lines(one_)))
    if not lines:
        return ()
    missing = sum(one_.is_missing for one_ in found)
    heading = numbers.plural("{n} deviation is not explained", "{n} deviations are not explained", missing)
    columns = (_("Goal and department"), _("What happened"), _("What is done"))
    return (
        Section(heading if missing else _("Every deviation is explained"), (), Grid(_("Explanations"), columns, lines)),
    )


def _became(found: Sequence[GoalDeviation]) -> Sequence[Section]:
    """What has become of what was said the last time: each action, and how its goal has changed since."""
    earlier = [(one_, each) for one_ in found for each in one_.previous]
    if not earlier:
        return ()
    done, acted = sum(each.state == "done" for _of, each in earlier), sum(bool(each.action) for _of, each in earlier)
    told = {"n": numbers.count(done), "all": numbers.count(acted)}
    heading = _("{n} of {all} earlier actions are done").format(**told) if acted else _("No action was stated earlier")
    lines = tuple(
        (
            explanations.whose(one_.goal, one_.department_id),
            numbers.months(each.month_from, each.month_to),
            explanations.action(each),
            explanations.became(each) or numbers.MISSING,
        )
        for one_, each in earlier
    )
    columns = (_("Goal and department"), _("Explained for"), _("What was to be done"), _("What it has given"))
    return (Section(heading, (), Grid(_("What became of earlier actions"), columns, lines)),)


def _questions(scope: Scope) -> Sequence[Section]:
    """What was asked at meetings, in a report of the whole organisation."""
    if scope != scope.whole_organisation() or not questions.heading():
        return ()
    asked = questions.table(None)
    columns = asked.shown[:4]
    rows = asked.rows[list(columns)].astype(object)
    lines = tuple(map(tuple, rows.where(rows.notna(), numbers.MISSING).astype(str).to_numpy()))
    return (Section(questions.heading(), (), Grid(asked.title, columns, lines)),)


def _definitions() -> Grid:
    """How each number is counted, with the version of its definition."""
    lines = []
    for code in TOLD:
        one_ = definitions()[code]
        told = f"{words(one_.definition)} {words(one_.formula)}"
        lines.append((words(one_.title), told, f"§ {one_.section}", database.answer(definition_version, code)))
    columns = (_("Figure"), _("How it is counted"), _("The guideline"), _("Version"))
    return Grid(_("Definitions"), columns, tuple(lines))


def _sources() -> tuple[str, ...]:
    """The files behind the numbers, each once."""
    parts = (part for code in (*MEASURED, "cost") for part in source(metrics()[code]).split("; ") if part)
    return tuple(dict.fromkeys(parts))
