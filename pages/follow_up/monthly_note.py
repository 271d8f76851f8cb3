"""The monthly note: what is unusual this month, what is left, what is late and what to do first, on one screen."""

from ui.frame import filters
from ui.note import sheet

sheet.draw(filters.current_of_today())
