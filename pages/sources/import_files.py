"""Files in: drop, see, choose, import; what was imported, with undo; templates to fill in."""

from ui import importing, importing_fetch, importing_history, page
from ui.text import _

page.frame(importing.headline(), notices=importing_history.notices())
importing.flow()

page.heading(_("Fetch from Open ePlatform"), anchor="fetch")
importing_fetch.fetching()

page.heading(_("Then put it in order"))
importing_fetch.afterwards()

page.heading(_("What has been imported"))
importing_history.history()

page.heading(
    _("Templates"), _("Fill in the sheets you have, and drop the file above. Departments and services come first.")
)
importing_history.templates()
