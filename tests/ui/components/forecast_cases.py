"""Forecasts to tell of, from October 2026 on, and targets on the way."""

from datetime import date

from analytics.forecast.history import History, Point
from analytics.forecast.model import Forecast, ForecastPoint
from analytics.forecast.target_path import Target, TargetPath
from analytics.metrics.scope import add_months

NOW = date(2026, 10, 1)
WAY = TargetPath(
    None, True, (Target(date(2026, 1, 31), 0.6), Target(date(2026, 12, 31), 0.65), Target(date(2028, 12, 31), 0.8))
)


def ahead(*rows: tuple[float, float, float]) -> list[ForecastPoint]:
    """The months to come: the lower end, the middle and the upper end of each."""
    return [ForecastPoint(add_months(NOW, i + 1), value, low, high) for i, (low, value, high) in enumerate(rows)]


def found(
    *rows: tuple[float, float, float], now: float = 0.6, services: int = 3, of: int = 3, window: int = 1
) -> Forecast:
    """The forecast from what was known of some services; a year before, the share was six points lower."""
    known = History((Point(NOW, 60, 40),), services, of, services / of)
    return Forecast(known, window, ((add_months(NOW, -12), now - 0.06), (NOW, now)), tuple(ahead(*rows)))
