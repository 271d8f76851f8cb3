"""Where a goal is heading: the picture is drawn from any numbers, and every sentence reads well in each of its cases."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.forecast.history import Refusal
from analytics.forecast.level_shifts import ChangeKind, LevelShift, RegisterChange
from analytics.forecast.target_path import Deviation, Target, TargetPath
from analytics.metrics.scope import Scope, add_months
from tests.ui.components.forecast_cases import NOW, WAY, ahead, found
from ui.charts.outlook import Course, alt, outlook
from ui.components import forecast_refusals, forecast_text, target_text
from ui.components.forecast import horizon
from ui.decomposition import goals
from ui.text import labels

SHARES = st.floats(0, 1)
FANS = st.lists(st.tuples(SHARES, SHARES, SHARES).map(sorted), min_size=1, max_size=60)


def points(outline: str) -> list[tuple[float, float]]:
    """The corners of a polygon in per cent, from the left and from below."""
    found = re.findall(r"(?:calc\()?([-\d.]+)%[^,%]*?\s(?:calc\()?([-\d.]+)%", outline)
    return [(float(x), 100 - float(y)) for x, y in found]


def shape(markup: str, name: str) -> list[tuple[float, float]]:
    """The corners of a shape of the picture."""
    (outline,) = re.findall(rf'<i class="{name}" style="clip-path:polygon\((.*?)\)"', markup)
    return points(outline)


@given(st.lists(SHARES, min_size=1, max_size=50), FANS, st.none() | st.just(WAY), st.sampled_from(("", "Alla")))
def test_the_picture_takes_any_shares(
    past: list[float], fan: list[list[float]], way: TargetPath | None, owner: str
) -> None:
    line = [(add_months(NOW, i + 1 - len(past)), share) for i, share in enumerate(past)]
    coming = ahead(*((low, mid, high) for low, mid, high in fan))
    drawn = str(outlook(Course("Mål", line, coming, way, owner)))
    now, *band = shape(drawn, "band")
    assert now[1] == pytest.approx(100 * past[-1], abs=0.01)
    assert [y for _x, y in band[: len(fan)]] == pytest.approx([100 * high for _l, _m, high in fan], abs=0.01)
    assert [y for _x, y in reversed(band[len(fan) :])] == pytest.approx([100 * low for low, _m, _h in fan], abs=0.01)
    assert [y for _x, y in shape(drawn, "likely")][1 : len(fan) + 1] == pytest.approx(
        [100 * m for _l, m, _h in fan], abs=0.01
    )
    assert ('class="path"' in drawn) == (way is not None)
    assert re.search(r'role="img" aria-label="[^"]+"', drawn)


@pytest.mark.usefixtures("english")
def test_targets_to_come_are_labelled_with_their_day_and_owner() -> None:
    course = Course("Goal", [(NOW, 0.6)], ahead(*[(0.5, 0.6, 0.7)] * 24), WAY, "Everyone")
    said = re.sub(r"<[^>]*>", "|", str(outlook(course)))
    assert "target 65%| Dec 2026||, Everyone|" in said
    assert "target 80%| Dec 2028|" in said
    assert "60%||Oct 2026|" in said and "60%| Oct 2028|||50% to 70%|" in said
    assert alt(course) == (
        "Goal: 60% in Oct 2026. Most likely 60% in Oct 2028, between 50% and 70%. Next target: 65% Dec 2026."
    )
    whole = TargetPath(None, True, (Target(date(2026, 12, 31), 0.65), Target(date(2030, 12, 31), 1.0)))
    assert "Target 100%|| Dec 2030|" in re.sub(
        r"<[^>]*>", "|", str(outlook(Course("Goal", course.past, course.ahead, whole)))
    )


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("rows", "targets", "said"),
    [
        ([(0.6, 0.64, 0.7)] * 2, WAY.targets, "At this pace the target 65% is not reached in time"),
        ([(0.6, 0.64, 0.7)], WAY.targets, "At this pace the target 65% is not reached before Nov 2026"),
        ([(0.6, 0.64, 0.7), (0.6, 0.66, 0.7)], WAY.targets, "At this pace the target 65% is reached in time"),
        (
            [(0.6, 0.64, 0.7)] * 2 + [(0.6, 0.66, 0.7)],
            WAY.targets,
            "At this pace the target 65% is reached 1 month late",
        ),
        (
            [(0.6, 0.64, 0.7)] * 6 + [(0.6, 0.66, 0.7)],
            WAY.targets,
            "At this pace the target 65% is reached 5 months late",
        ),
        (
            [(0.6, 0.64, 0.7)] * 14 + [(0.6, 0.66, 0.7)],
            WAY.targets,
            "At this pace the target 65% is reached about 1 year late",
        ),
        (
            [(0.6, 0.64, 0.7)] * 26 + [(0.6, 0.66, 0.7)],
            WAY.targets,
            "At this pace the target 65% is reached about 2 years late",
        ),
        ([(0.6, 0.64, 0.7)], (Target(date(2027, 12, 31), 0.55),), "The target 55% is reached already"),
        ([(0.6, 0.64, 0.7)], (Target(date(2025, 12, 31), 0.55),), ""),
    ],
)
def test_whether_the_next_target_is_reached_in_time(
    rows: list[tuple[float, float, float]], targets: tuple[Target, ...], said: str
) -> None:
    assert forecast_text.pace_finding(found(*rows), TargetPath(None, True, targets)) == said
    of_what_is_known = forecast_text.pace_finding(found(*rows), TargetPath(None, True, targets), all_known=False)
    assert of_what_is_known == ("" if "already" in said else said)


@pytest.mark.usefixtures("english")
def test_where_the_line_points() -> None:
    row = (0.5, 0.6, 0.7)
    assert forecast_text.course_finding(found(row), 1) == "About 60% in Nov 2026 if this goes on"
    part = forecast_text.course_finding(found(row, services=3, of=4), 1)
    assert part == "About 60% in Nov 2026 for 3 of 4 services if this goes on"


@pytest.mark.usefixtures("english")
def test_counting_weeks_are_said_to_widen_the_interval() -> None:
    known = found((0.5, 0.6, 0.7))
    told = [
        forecast_text.basis("digital_submission", replace(known, week_error=half), known.history.last.month)
        for half in (0.0, 0.025)
    ]
    assert WIDER not in told[0] and WIDER in told[1].replace("\u00a0", " ")


def test_the_horizon_reaches_two_years_or_the_next_target() -> None:
    known, near = found(*[(0.5, 0.6, 0.7)] * 60), found(*[(0.5, 0.6, 0.7)] * 13)
    late = TargetPath(None, True, (Target(date(2030, 6, 30), 0.9),))
    far = TargetPath(None, True, (Target(date(2040, 6, 30), 0.9),))
    assert [horizon(known, way) for way in (None, WAY, late, far)] == [24, 24, 44, 60]
    assert horizon(near, late) == 13


EARNED = (
    "The interval is as wide as earlier forecasts on the same figures would have needed to hold four "
    "times of five. Coming launches and decisions are not counted in."
)
WIDER = "It is wider for the counting weeks: they leave the latest share open by ±2.5 percentage points, four times of five."
NINETY = "If this goes on, the share is about 95% in Nov 2026. In four cases of five it will be between 90% and 100%."


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("rows", "now", "said"),
    [
        (
            [(0.5, 0.6, 0.7)],
            0.6,
            (
                "If this goes on, the share is about 60% in Nov 2026. In four cases of five it will be between "
                "50% and 70%. At this pace 100% is not reached within 20 years."
            ),
        ),
        (
            [(0.6, 0.6, 0.6)],
            0.6,
            "If this goes on, the share is 60% in Nov 2026. At this pace 100% is not reached within 20 years.",
        ),
        (
            [(0.9, 0.95, 1)],
            0.9,
            f"{NINETY} At this pace 100% would be reached about 2027. The forecast goes no further than Nov 2026.",
        ),
        (
            [(0.9, 0.95, 1)] + [(0.9, 0.912, 0.99)] * 11,
            0.9,
            f"{NINETY} At this pace 100% would be reached about 2035, at the earliest in Nov 2026.",
        ),
        (
            [(0.9, 0.95, 1)] * 2,
            0.9,
            f"{NINETY} At this pace 100% would be reached about 2027, at the earliest in Nov 2026.",
        ),
        (
            [(0.9, 0.95, 1), (0.9, 1, 1)],
            0.9,
            f"{NINETY} At this pace 100% is most likely reached in Dec 2026, at the earliest in Nov 2026.",
        ),
        (
            [(0.9, 1, 1)],
            0.9,
            (
                "If this goes on, the share is about 100% in Nov 2026. In four cases of five it will be between "
                "90% and 100%. At this pace 100% is reached in Nov 2026."
            ),
        ),
        (
            [(0.9, 1, 1)],
            0.999,
            (
                "If this goes on, the share is about 100% in Nov 2026. In four cases of five it will be between "
                "90% and 100%. The share is almost 100%."
            ),
        ),
    ],
)
def test_what_the_forecast_says(rows: list[tuple[float, float, float]], now: float, said: str) -> None:
    assert forecast_text.future(found(*rows, now=now), 1) == said


@pytest.mark.usefixtures("english")
def test_what_it_counts_is_told_where_it_is_not_all() -> None:
    row = (0.5, 0.6, 0.7)
    assert forecast_text.basis("digital_submission", found(row), NOW) == EARNED
    assert (
        forecast_text.basis("digital_submission", found(row, window=12), NOW)
        == f"Each point shows twelve months together. {EARNED}"
    )
    told = forecast_text.basis("digital_handling", found(row, services=1, of=4), NOW)
    assert (
        told
        == f"The forecast is based on 1 of 4 services, reported in the same way all along. They have 25% of the cases. {EARNED}"
    )
    told = forecast_text.basis("e_service_coverage", found(row, services=3, of=4), add_months(NOW, 1))
    assert told == (
        f"The figures reach up to Oct 2026. The forecast is based on 3 of 4 services: those with figures all along. {EARNED}"
    )


RISEN = LevelShift(date(2026, 8, 1), 0.2)
LAUNCHES = tuple(RegisterChange(RISEN.month, "launched", f"E-{i}") for i in range(3))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("shift", "trend", "window", "said"),
    [
        (
            RISEN,
            False,
            1,
            "The level rose by 20 percentage points in Aug 2026. It is counted as a jump: no trend shows yet. ",
        ),
        (
            replace(RISEN, size=-0.2),
            True,
            12,
            (
                "The level fell by 20 percentage points in Aug 2026. It is counted as a jump, apart from the "
                "trend. Since each point shows twelve months, the whole jump does not show until a year later. "
            ),
        ),
        (
            replace(RISEN, changes=(LAUNCHES[0], RegisterChange(RISEN.month, "event", "New archive"))),
            False,
            1,
            (
                "The level rose by 20 percentage points in Aug 2026 (New archive). It is counted as a jump: no "
                "trend shows yet. "
            ),
        ),
        (
            replace(RISEN, changes=LAUNCHES[:2]),
            False,
            1,
            (
                "The level rose by 20 percentage points in Aug 2026 (the e-service “E-0” was launched, "
                "the e-service “E-1” was launched). It is counted as a jump: no trend shows yet. "
            ),
        ),
        (
            replace(RISEN, changes=LAUNCHES),
            False,
            1,
            "The level rose by 20 percentage points in Aug 2026. It is counted as a jump: no trend shows yet. ",
        ),
        (replace(RISEN, month=date(2025, 8, 1)), False, 1, ""),
    ],
)
def test_a_launch_of_this_year_is_told_as_a_step(
    shift: LevelShift, trend: bool, window: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "e_service", str)
    forecast = replace(found((0.5, 0.6, 0.7), window=window), shifts=(shift,), trend=trend)
    every = "Each point shows twelve months together. " if window > 1 else ""
    assert forecast_text.basis("digital_submission", forecast, NOW) == f"{every}{said}{EARNED}"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("closed", "the e-service “Old form” was closed"),
        ("published", "Daycare was published"),
        ("withdrawn", "Daycare was withdrawn"),
        ("steps", "the handling of Daycare changed"),
    ],
)
def test_what_changed_when_the_level_did(kind: ChangeKind, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "e_service", {"E-1": "Old form"}.get)
    monkeypatch.setattr(labels, "service", {"T-1": "Daycare"}.get)
    change = RegisterChange(RISEN.month, kind, "E-1" if kind == "closed" else "T-1")
    forecast = replace(found((0.5, 0.6, 0.7)), shifts=(replace(RISEN, changes=(change,)),))
    assert f"in Aug 2026 ({said})." in forecast_text.basis("digital_submission", forecast, NOW)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("code", "part", "said"),
    [
        (
            "digital_handling",
            True,
            (
                " Here a single service can make the share jump. The forecast is then no safer than assuming the "
                "same share as last year."
            ),
        ),
        ("digital_handling", False, ""),
        ("digital_submission", True, ""),
        ("e_service_coverage", True, ""),
    ],
)
def test_goal_three_of_a_part_moves_in_steps(code: str, part: bool, said: str) -> None:
    assert forecast_text.basis(code, found((0.5, 0.6, 0.7)), NOW, part=part) == EARNED + said


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("window", "said"),
    [
        (
            1,
            "The forecast is based on 1 of 4 services, reported in the same way all along. They have 25% of the cases. "
            f"The line ends at 50% for the latest month. For the last twelve months the share is 42%. {EARNED}",
        ),
        (
            12,
            "Each point shows twelve months together. "
            "The forecast is based on 1 of 4 services, reported in the same way all along. They have 25% of the cases. "
            f"For the services of the forecast the share is 50%, for all services 42%. Targets are compared with 42%. {EARNED}",
        ),
    ],
)
def test_where_the_goal_stands_is_told_where_the_line_stands_elsewhere(window: int, said: str) -> None:
    line = found((0.5, 0.6, 0.7), now=0.5, services=1, of=4, window=window)
    assert forecast_text.basis("digital_handling", line, NOW, 0.42) == said


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("goal", [0.42, 0.58])
def test_where_the_goal_stands_is_drawn_where_the_line_stands_elsewhere(goal: float) -> None:
    line = found((0.5, 0.6, 0.7), now=0.5, services=1, of=4)
    course = Course("Goal", line.past, line.future, WAY, goal=goal)
    (ring,) = re.findall(r'class="stands" style="left:[\d.]+%;top:([\d.]+)%"', str(outlook(course)))
    assert float(ring) == pytest.approx(100 - 100 * goal)
    assert f">{goal:.0%} all</span>" in str(outlook(course))
    assert f"For all services the share is {goal:.0%}." in alt(course)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("code", "why", "said"),
    [
        ("digital_submission", Refusal("nothing"), "No forecast: no month is reported yet."),
        ("digital_submission", Refusal("months", 6), "Too few months for a forecast: 6 of at least 8."),
        ("digital_submission", Refusal("few", 12), "Too few cases for a forecast: fewer than 20 in most months."),
        ("e_service_coverage", Refusal("few", 12), "Too few services for a forecast: fewer than 20."),
        (
            "digital_submission",
            Refusal("gap", 5, date(2026, 5, 1)),
            "Too few months in a row for a forecast: 5 of at least 8, since the gap in May 2026.",
        ),
        ("digital_submission", Refusal("gap", 0, NOW), "No forecast: too little is reported from Oct 2026 on."),
        (
            "digital_submission",
            Refusal("coverage", 8, covered_share=0.25),
            "No forecast: the reporting has changed too much. Only 25% has been reported in the same way for 8 months.",
        ),
        (
            "digital_submission",
            Refusal("tests", 10),
            "Too few months to try a forecast on: 10 of at least 12.",
        ),
        (
            "digital_handling",
            Refusal("tests", 7, date(2026, 4, 1)),
            "Too few months to try a forecast on since the share first changed, in Apr 2026: 7 of at least 12.",
        ),
        (
            "digital_submission",
            Refusal("wide", 30, date(2027, 10, 1), low=0.01, high=0.99),
            "No forecast: the share has varied so much that in Oct 2027 it may be anything from 1% to 99%.",
        ),
        (
            "digital_submission",
            Refusal("missed", 30, held=0.41),
            "No forecast: earlier forecasts on the same figures did not hold, however much wider they were made. "
            "What came lay inside 41% of them, where four of five are promised.",
        ),
        (
            "digital_submission",
            Refusal("constant", 12),
            "No forecast: the share has not changed in the 12 months that can be compared.",
        ),
    ],
)
def test_why_there_is_none(code: str, why: Refusal, said: str) -> None:
    assert forecast_refusals.refused(code, why) == said


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("share", "pace", "said"),
    [
        (
            0.60,
            0.01,
            (
                "To reach the target 65% in Dec 2026 takes 2.5 percentage points a month. Over the last year the "
                "change has been +1.0 percentage point a month on average. The share is 4 percentage points "
                "lower than an even rise between the targets, that is about 9 months behind."
            ),
        ),
        (
            0.62,
            None,
            (
                "To reach the target 65% in Dec 2026 takes 1.5 percentage points a month. The share is 2 "
                "percentage points lower than an even rise between the targets, that is about 5 months behind."
            ),
        ),
        (
            0.641,
            -0.002,
            (
                "To reach the target 65% in Dec 2026 takes 0.5 percentage points a month. Over the last year the "
                "change has been −0.2 percentage points a month on average. The share follows an even rise "
                "between the targets."
            ),
        ),
        (
            0.65,
            0.01,
            (
                "The target 65% in Dec 2026 is reached already. To reach the target 80% in Dec 2028 takes 0.6 "
                "percentage points a month. Over the last year the change has been +1.0 percentage "
                "point a month on average. The share is 1 percentage point higher than an even rise between the targets, "
                "that is about 2 months ahead."
            ),
        ),
        (
            0.70,
            0.01,
            (
                "The target 65% in Dec 2026 is reached already. To reach the target 80% in Dec 2028 takes 0.4 "
                "percentage points a month. Over the last year the change has been +1.0 percentage "
                "point a month on average. The share is 6 percentage points higher than an even rise between the "
                "targets, that is about 10 months ahead."
            ),
        ),
        (
            0.50,
            None,
            (
                "To reach the target 65% in Dec 2026 takes 7.5 percentage points a month. The share is 14 "
                "percentage points lower than an even rise between the targets."
            ),
        ),
        (
            0.90,
            0.01,
            (
                "The target 65% in Dec 2026 is reached already. The share is 26 percentage points higher than an "
                "even rise between the targets."
            ),
        ),
    ],
)
def test_what_the_next_target_takes(share: float, pace: float | None, said: str) -> None:
    assert target_text.target(WAY, (NOW, share), pace, "") == said


@pytest.mark.usefixtures("english")
def test_the_distance_of_a_row_counts_twelve_months() -> None:
    year = Scope(date(2025, 11, 1), date(2026, 10, 1))
    behind = Deviation(-0.02, -3.2)
    said = "2 percentage points behind the targets, about 3 months"
    assert goals._distance("digital_submission", year, behind) == said
    month = replace(year, month_from=year.month_to)
    assert goals._distance("digital_submission", month, behind) == f"{said}, counted over 12 months"
    assert goals._distance("e_service_coverage", month, behind) == said
    ahead = goals._distance("digital_submission", year, Deviation(0.1, None))
    assert ahead == "10 percentage points ahead of the targets"


@pytest.mark.usefixtures("english")
def test_a_target_is_reached_only_of_what_is_known_while_something_is_not() -> None:
    said = target_text.target(WAY, (NOW, 0.9), None, "", all_known=False)
    assert said.startswith("Counted on what is reported, the target 65% in Dec 2026 is reached already. ")


@pytest.mark.usefixtures("english")
def test_a_month_or_less_on_a_steep_path() -> None:
    way = TargetPath(None, True, (Target(date(2026, 7, 31), 0.0), Target(date(2026, 12, 31), 1.0)))
    assert target_text.target(way, (NOW, 0.55), None, "") == (
        "To reach the target 100% in Dec 2026 takes 22.5 percentage points a month. The share is 5 "
        "percentage points lower than an even rise between the targets, that is less than a month "
        "behind."
    )
    assert target_text.target(way, (NOW, 0.40), None, "") == (
        "To reach the target 100% in Dec 2026 takes 30.0 percentage points a month. The share is 20 "
        "percentage points lower than an even rise between the targets, that is about 1 month behind."
    )


@pytest.mark.usefixtures("english")
def test_the_last_target_and_anothers() -> None:
    past = TargetPath(None, True, (Target(date(2025, 12, 31), 0.7),))
    assert target_text.target(past, (NOW, 0.7), None, "") == "The last target, 70% in Dec 2025, is reached."
    assert target_text.target(past, (NOW, 0.7), None, "", all_known=False) == (
        "Counted on what is reported, the last target, 70% in Dec 2025, is reached."
    )
    assert target_text.target(past, (NOW, 0.69), None, "") == (
        "The last target, 70% in Dec 2025, is not reached: 1.0 percentage point left."
    )
    theirs = TargetPath(None, False, WAY.targets)
    assert target_text.target(theirs, (NOW, 0.1), 0.01, "the whole municipality") == (
        "The target for the whole municipality is 65% in Dec 2026. The selection has no target of its own."
    )
