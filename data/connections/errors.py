"""Errors of connections to an e-service platform: each a sentence that says what to do."""

from data.base.errors import StoreError
from data.base.fault import Fault
from data.base.language import N_
from data.messages.render import sentence


class InvalidConnection(StoreError):
    """The settings of a connection are invalid."""

    NONE = N_(
        "No connection to the e-service platform is set up. Write the address and the interfaces in "
        ".streamlit/secrets.toml; .streamlit/secrets.toml.example shows how."
    )
    UNKNOWN = N_("There is no connection %(name)s. The connections are: %(known)s.")
    NOT_TOML = N_("The settings in %(file)s cannot be read: they are not TOML%(place)s. Correct the file.")
    AT_LINE = N_(" (line %(line)s)")
    NOT_A_TABLE = N_("%(name)s under open_eplatform must be a table of settings: [open_eplatform.%(name)s].")
    NAME = N_(
        "”%(name)s” cannot be the name of a connection. Use at most 32 lower-case letters a–z, digits and hyphens."
    )
    SETTING = N_("%(name)s has a setting that does not exist: %(setting)s. The settings are: %(known)s.")
    VALUE = N_("%(name)s: %(setting)s cannot be used as it is written. Write it like this: %(example)s.")
    BASE = N_("%(name)s has no address. Write base, for example https://e-tjanster.example.se.")
    LOGIN_IN_BASE = N_("%(name)s has a user name or password in its address. Move them to user and password.")
    INTERFACE = N_("%(name)s has an interface that does not exist: %(interface)s. The interfaces are: %(known)s.")
    INSTANCES_ALONE = N_(
        "%(name)s can only read cases together with the catalogue or the statistics. Add one to interfaces."
    )
    INCOMPLETE_LOGIN = N_("%(name)s needs both user and password, or neither. %(missing)s is missing.")
    UNENCRYPTED = N_("%(name)s would send its password unprotected. Write the address with https://.")
    DUPLICATE_BASE = N_("%(name)s and %(other)s have the same address. Give each installation one connection.")


class FetchFailed(StoreError):
    """A fetch failed; the database is unchanged."""

    BUSY = N_("%(name)s is being fetched from right now. Try again in a moment.")
    OTHER_NAME = N_(
        "%(name)s fetches from %(host)s, whose e-services are in the database as %(other)s. Call the connection %(other)s"
        " in the settings, or undo the import that brought them: under two names they would be counted twice."
    )
    LOGIN = N_("%(name)s does not accept the user name or password (401). Check user and password in the settings.")
    LOGIN_NEEDED = N_("%(name)s asks for a user name and password (401). Add user and password to the settings.")
    FORBIDDEN = N_(
        "%(name)s does not let the user read %(path)s (403). Ask whoever runs the platform for the right to it,"
        " or take it out of interfaces."
    )
    NOT_FOUND = N_(
        "%(name)s has nothing at %(path)s (404). Check the address and the path in the settings,"
        " and that the interface is installed."
    )
    REFUSED = N_("%(name)s refuses what was asked at %(path)s (%(status)s). Check the path in the settings.")
    SERVER_ERROR = N_(
        "%(name)s failed by itself (%(status)s) at %(path)s (attempts: %(attempts)s). Try again later;"
        " if it goes on, tell whoever runs the platform."
    )
    RETRY_LATER = N_("%(name)s is too busy (%(status)s). Fetch again after this many minutes: %(minutes)s.")
    TIMEOUT = N_(
        "%(name)s did not answer in time at %(path)s (attempts: %(attempts)s). Try again later,"
        " or allow more time with read_timeout."
    )
    TRUNCATED = N_("The answer from %(name)s broke off halfway (attempts: %(attempts)s). Try again later.")
    EMPTY = N_("%(name)s answered with nothing at all at %(path)s (attempts: %(attempts)s). Try again later.")
    REDIRECTED = N_(
        "%(name)s sends us on to %(to)s instead of giving data. It may be a login page, or the platform has moved."
        " Check the address in the settings."
    )
    WEB_PAGE = N_(
        "%(name)s gave a web page instead of data at %(path)s, perhaps a login page. Check the address, the path"
        " and the login in the settings."
    )
    UNEXPECTED = N_("%(name)s gave something else than was asked for at %(path)s. Check the path in the settings.")
    UNREADABLE = N_("The answer from %(name)s at %(path)s cannot be read. %(reason)s")
    TOO_LARGE = N_("The answer from %(name)s at %(path)s is larger than %(limit)s MB. Fetch a shorter time with since.")
    CERTIFICATE = N_(
        "The certificate of %(host)s is not trusted, so nothing was sent. Check the address, or have this machine trust"
        " whoever issued it."
    )
    TLS = N_(
        "No protected connection to %(host)s can be made. Check the address in the settings, and its port if it has one."
    )
    HOST_NOT_FOUND = N_(
        "No machine called %(host)s was found. Check the address in the settings, and this machine's network."
    )
    UNREACHABLE = N_(
        "%(host)s cannot be reached. Check the address in the settings, and that no firewall stops this machine."
    )
    CONNECTION_LOST = N_("The connection to %(host)s was lost (attempts: %(attempts)s). Try again later.")


class AnswerUnreadable(FetchFailed):
    """An answer of the platform is damaged or reports an error."""

    def __init__(self, fault: Fault, **params: object) -> None:
        self._fault = fault
        super().__init__(FetchFailed.UNREADABLE, **params, reason="")

    def sentence(self, language: str = "sv") -> str:
        """The message in a language, with the reason from the fault."""
        self.params["reason"] = sentence(self._fault, language)
        return super().sentence(language)
