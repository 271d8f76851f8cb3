"""Definitions: every measure in words, the words of the guideline, and what the files hold."""

from ui import definitions
from ui.frame import page
from ui.text.i18n import _

page.frame(_("Every number here has one definition"))

definitions.measures()
definitions.glossary()
definitions.tables()
