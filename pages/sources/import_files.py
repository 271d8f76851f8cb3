"""Files in: drop, see, choose, import; what was imported, with undo; templates to fill in."""

from ui.frame import page
from ui.imports import fetch, history, wizard
from ui.text.i18n import _

page.frame(wizard.headline(), notices=history.notices())
wizard.flow()

page.heading(_("Fetch from Open ePlatform"), anchor="fetch")
fetch.fetch_block()

page.heading(_("Then put it in order"))
fetch.next_steps()

page.heading(_("What has been imported"))
history.history()

page.heading(
    _("Templates"), _("Fill in the sheets you have, and drop the file above. Departments and services come first.")
)
history.templates()
