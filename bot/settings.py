"""The operator's settings: `atriumbot.toml` and `ATRIUMBOT_SECTION__KEY` in the environment.

Every key is in docs/settings.md (a test holds it to that). All problems are reported at once, each
with the name of its key; the environment wins over the file.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from handlers.model import Audience, Community, Kind
from handlers.posts.names import EVERYTHING, PLANNED_POSTS
from scheduler.rules import (
    REMINDERS,
    SAVE_THE_DATE,
    THANKS,
    Attention,
    DigestRules,
    Lateness,
    PostRules,
    Rules,
)

#: Looked for in the working directory when no `--config` is given.
DEFAULT_FILE = Path("atriumbot.toml")
PREFIX = "ATRIUMBOT_"

WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
#: The platforms that this version can speak on.
PLATFORMS = frozenset({"engage", "local", "slack"})


class SettingsError(Exception):
    """The settings cannot be used; `problems` has one line per key that must be mended."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def _duration(value: object) -> object:
    """Reads "28d", "8h", "30m", "2w"; leaves what is no text to pydantic."""
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(\d{1,4})\s*([mhdw])", value.strip())
    if match is None:
        raise ValueError('write a number and m, h, d or w, such as "7d"')
    return dt.timedelta(**{_UNITS[match[2]]: int(match[1])})


def _weekday(value: object) -> object:
    if isinstance(value, str):
        if value.strip().lower() not in WEEKDAYS:
            raise ValueError(f"write one of {', '.join(WEEKDAYS)}")
        return WEEKDAYS.index(value.strip().lower())
    return value


def _weekdays(value: object) -> object:
    """Reads "mo-fr" or ["mo", "we"] as a set of weekday numbers from Monday = 0."""
    if isinstance(value, str) and "-" in value:
        first, last = (_weekday(part) for part in value.split("-", 1))
        if not isinstance(first, int) or not isinstance(last, int) or first > last:
            raise ValueError("write the first day before the last, such as mo-fr")
        return frozenset(range(first, last + 1))
    parts = value.split(",") if isinstance(value, str) else value
    if isinstance(parts, list | tuple):
        return frozenset(_weekday(part) for part in parts)
    return value


def _holds_many(annotation: object) -> bool:
    return get_origin(annotation) in (frozenset, tuple, dict)


def _many(value: object) -> object:
    """ "7d, 1d" or '["7d", "1d"]' -> a list; "mo-fr" stays text, for its own reader."""
    if not isinstance(value, str) or re.fullmatch(r"[a-z]{2}-[a-z]{2}", value.strip()):
        return value
    if value.strip().startswith(("[", "{")):
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f"not valid JSON: {error}") from error
    return [part.strip() for part in value.split(",") if part.strip()]


def _planned_posts(kinds: frozenset[str]) -> frozenset[str]:
    known = {EVERYTHING, *PLANNED_POSTS}
    strange = sorted(kinds - known)
    if strange:
        raise ValueError(f"{', '.join(strange)}: write some of {', '.join(sorted(known))}")
    return kinds


Duration = Annotated[dt.timedelta, BeforeValidator(_duration)]
Offsets = tuple[Duration, ...]
#: Kinds of post that are switched off.
PostKinds = Annotated[frozenset[str], BeforeValidator(_many), AfterValidator(_planned_posts)]
OffsetsByKind = dict[Kind, Annotated[Offsets, BeforeValidator(_many)]]


class Section(BaseModel):
    """A table of the settings file; an unknown key is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _lists_from_text(cls, values: Any) -> Any:
        """The environment holds text only: a list is JSON there, or words with commas between."""
        if not isinstance(values, dict):
            return values
        listed = {name for name, field in cls.model_fields.items() if _holds_many(field.annotation)}
        listed |= {field.alias for name, field in cls.model_fields.items() if name in listed and field.alias}
        return {key: _many(value) if key in listed else value for key, value in values.items()}


class DatabaseSettings(Section):
    url: str = "sqlite:///var/atriumbot.db"

    @field_validator("url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("write sqlite:///PATH or postgresql://USER@HOST/DATABASE")
        return value


class WebSettings(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = None
    contributions: bool = True

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", value):
            raise ValueError("write the address that people open, such as https://atrium.example.org")
        return value.rstrip("/")


class LocalSettings(Section):
    """The local community; None means: when no other platform is set."""

    enabled: bool | None = None


def _channel(platform: object, written: str) -> str:
    """The platform's id of a channel. Raises ValueError for what can be none."""
    if platform == "slack" and not re.fullmatch(r"[CG][A-Z0-9]+", written):
        raise ValueError(
            f"{written!r} is no id: write the id at the bottom of the channel's details in Slack, "
            "such as C0614TZR7, not its name"
        )
    if platform == "engage" and not re.fullmatch(r"[0-9]+", written):
        from bot.graph.communities import number_of

        number = number_of(written) if written.isascii() else None
        if number is None:
            raise ValueError(
                f"{written!r} is no number: write that of the group, such as 47691358209; "
                "leave channel out for a moment, and atriumbot communities sync shows the numbers"
            )
        return number
    return written


class CommunitySettings(Section):
    key: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    platform: str
    name: str
    channel: str | None = None
    kinds: frozenset[Kind] = frozenset()
    audience: frozenset[Audience] = frozenset()
    regions: frozenset[str] = frozenset()
    moderators: frozenset[str] = frozenset()
    digest: bool | Literal["weekly", "monthly"] = True
    posts_off: PostKinds = frozenset()

    @field_validator("platform")
    @classmethod
    def _known_platform(cls, value: str) -> str:
        if value not in PLATFORMS:
            raise ValueError(f"write one of {', '.join(sorted(PLATFORMS))}")
        return value

    @field_validator("channel")
    @classmethod
    def _channel_is_an_id(cls, value: str | None, info: ValidationInfo) -> str | None:
        """A name of a channel finds nothing there; an id of Graph gives way to the number in it."""
        return value if value is None else _channel(info.data.get("platform"), value.strip())

    def community(self) -> Community:
        values = self.model_dump()
        every: dict[object, Literal["week", "month"]] = {"weekly": "week", "monthly": "month"}
        values["digest_every"] = every.get(self.digest)
        values["digest"] = bool(self.digest)
        return Community(**values)


class ReminderSettings(Section):
    """How long before the start each kind is recalled, and before the registration deadline."""

    lokaal: Offsets = REMINDERS[Kind.LOKAAL]
    centrumsteden: Offsets = REMINDERS[Kind.CENTRUMSTEDEN]
    mandatarissen: Offsets = REMINDERS[Kind.MANDATARISSEN]
    provinciaal: Offsets = REMINDERS[Kind.PROVINCIAAL]
    thematisch: Offsets = REMINDERS[Kind.THEMATISCH]
    op_maat: Offsets = REMINDERS[Kind.OP_MAAT]
    deadline: Offsets = Rules().deadline


class PostSettings(Section):
    """The posts of an atrium besides reminders, by kind of atrium; unnamed ones keep their default."""

    save_the_date: OffsetsByKind = Field(default_factory=lambda: dict(SAVE_THE_DATE))
    invitation: OffsetsByKind = Field(default_factory=dict)
    practical: OffsetsByKind = Field(default_factory=dict)
    thanks: OffsetsByKind = Field(default_factory=lambda: dict(THANKS))
    off: dict[Kind, PostKinds] = Field(default_factory=dict)
    feedback: bool = False
    programme_once: bool = False

    @field_validator("save_the_date")
    @classmethod
    def _other_dates_stay(cls, value: dict[Kind, Offsets]) -> dict[Kind, Offsets]:
        return {**SAVE_THE_DATE, **value}

    @field_validator("thanks")
    @classmethod
    def _other_thanks_stay(cls, value: dict[Kind, Offsets]) -> dict[Kind, Offsets]:
        return {**THANKS, **value}


class AttentionSettings(Section):
    at: dt.time = Attention().at
    opens: dt.time = Field(default=Attention().opens, alias="from")
    closes: dt.time = Field(default=Attention().closes, alias="until")
    weekdays: Annotated[frozenset[int], BeforeValidator(_weekdays)] = Attention().weekdays
    max_posts_per_week: int = Field(default=Attention().max_posts_per_week, ge=0)
    change_window_minutes: int = Field(default=30, ge=0, le=24 * 60)

    @model_validator(mode="after")
    def _a_window_with_its_moment(self) -> AttentionSettings:
        if self.opens >= self.closes:
            raise ValueError("`from` must lie before `until`, or nothing may ever be said")
        if not self.opens <= self.at < self.closes:
            raise ValueError(
                "`at` must lie between `from` and `until`, or no reminder goes out at its moment"
            )
        if not self.weekdays:
            raise ValueError("`weekdays` must name at least one day")
        return self

    school_holidays: Literal["calm", "normal"] = "normal"


class DigestSettings(Section):
    weekday: Annotated[int, BeforeValidator(_weekday)] = DigestRules().weekday
    time: dt.time = DigestRules().time
    weeks_ahead: int = Field(default=DigestRules().weeks_ahead, ge=1, le=52)
    monthly_weeks_ahead: int = Field(default=DigestRules().monthly_weeks_ahead, ge=1, le=52)
    moderators_community: str | None = None


class LatenessSettings(Section):
    """How late a post may still go out, by kind of post."""

    reminder: Duration = Lateness().reminder
    deadline: Duration = Lateness().deadline
    digest: Duration = Lateness().digest
    notice: Duration = Lateness().notice
    answer: Duration = Lateness().answer

    @field_validator("reminder", "deadline")
    @classmethod
    def _an_hour_at_least(cls, value: dt.timedelta) -> dt.timedelta:
        if value < dt.timedelta(hours=1):
            raise ValueError("a reminder needs a bound of at least 1h, or a short stop of the bot loses it")
        return value


class DeliverySettings(Section):
    late: LatenessSettings = LatenessSettings()


class PrivacySettings(Section):
    """How long what people asked is kept."""

    retention_days: int = Field(default=365, ge=1, le=3650)


class SecuritySettings(Section):
    """The key of the pseudonyms; without one a 0600 file is made beside the database."""

    key: SecretStr | None = None


class AlertSettings(Section):
    """Who is told when the bot cannot help itself: a web address, people by mail, or both."""

    webhook_url: SecretStr | None = None
    email_to: frozenset[str] = frozenset()
    email_from: str | None = None
    smtp_host: str | None = None
    smtp_port: int = Field(default=25, ge=1, le=65535)

    @field_validator("webhook_url")
    @classmethod
    def _web_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value.get_secret_value()):
            raise ValueError(
                "write the address that takes the alerts, such as https://hooks.example.org/atrium"
            )
        return value


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError("write a web address, such as https://slack.com/api/")
    return value


WebAddress = Annotated[str, AfterValidator(_address)]


class SlackSettings(Section):
    """The app in a Slack workspace; with an app token it connects by Socket Mode, else Slack calls us."""

    bot_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    app_token: SecretStr | None = None
    api_url: WebAddress = "https://slack.com/api/"
    moderators_from: Literal["list", "usergroup", "channel_managers"] = "list"
    moderators_usergroup: str | None = None

    @field_validator("bot_token", "signing_secret", "app_token", mode="before")
    @classmethod
    def _nothing_is_no_secret(cls, value: Any) -> Any:
        """What is empty counts as not set: anybody could sign a request with an empty secret."""
        return (value.strip() or None) if isinstance(value, str) else value

    @field_validator("api_url")
    @classmethod
    def _ends_in_a_slash(cls, value: str) -> str:
        return value if value.endswith("/") else f"{value}/"

    @model_validator(mode="after")
    def _somebody_moderates(self) -> SlackSettings:
        if self.moderators_from == "usergroup" and not self.moderators_usergroup:
            raise ValueError('moderators_from = "usergroup" needs moderators_usergroup, such as S0614TZR7')
        if self.app_token is not None and self.bot_token is None:
            raise ValueError("app_token needs bot_token beside it")
        if self.bot_token is not None and self.app_token is None and self.signing_secret is None:
            raise ValueError("bot_token needs signing_secret (Slack calls us) or app_token (Socket Mode)")
        return self


class EntraSettings(Section):
    """The app registration in Microsoft Entra."""

    tenant_id: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    certificate_file: Path | None = None
    authority: WebAddress = "https://login.microsoftonline.com"

    @model_validator(mode="after")
    def _an_app_in_a_tenant(self) -> EntraSettings:
        if (self.tenant_id is None) != (self.client_id is None):
            raise ValueError("tenant_id and client_id go together")
        if (self.client_secret or self.certificate_file) and self.client_id is None:
            raise ValueError("client_secret and certificate_file need tenant_id and client_id")
        return self


class GraphSettings(Section):
    """Microsoft Graph: communities, moderators, the calendar of a mailbox, and mail."""

    api_url: WebAddress = "https://graph.microsoft.com/v1.0"
    calendar_mailbox: str | None = None
    calendar_kind: Kind | None = None
    mail_from: str | None = None
    notifications: bool = False


class EngageSettings(Section):
    """Viva Engage: its messages, through the bot's own account."""

    api_url: WebAddress = "https://www.yammer.com/api/v1"
    poll_seconds: int = Field(default=60, ge=1, le=3600)
    token_file: Path | None = None
    access_token: SecretStr | None = None
    expires_on: dt.date | None = None

    @model_validator(mode="after")
    def _no_faster_than_allowed(self) -> EngageSettings:
        if self.poll_seconds < 60 and re.search(r"//[^/]*yammer\.com", self.api_url):
            raise ValueError("poll_seconds must be 60 at least: Viva Engage blocks apps that ask more often")
        return self


class ConsoleSettings(Section):
    """The moderators' console: who signs people in, and when a second person must agree."""

    issuer: WebAddress | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    approval_above: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _a_client_of_an_issuer(self) -> ConsoleSettings:
        given = (self.issuer, self.client_id, self.client_secret)
        if any(given) and not all(given):
            raise ValueError("issuer, client_id and client_secret go together")
        return self


class RoleSettings(Section):
    """Who may do more than ask, as PLATFORM:ID; a regional moderator has regions or kind keys."""

    administrators: frozenset[str] = frozenset()
    moderators: frozenset[str] = frozenset()
    readers: frozenset[str] = frozenset()
    regional: dict[str, frozenset[str]] = Field(default_factory=dict)

    @field_validator("administrators", "moderators", "readers", "regional")
    @classmethod
    def _identities(cls, value: Any) -> Any:
        for identity in value:
            if ":" not in identity:
                raise ValueError(f"{identity!r}: write PLATFORM:ID, such as local:An")
        return value


class Settings(Section):
    """All settings, checked."""

    database: DatabaseSettings = DatabaseSettings()
    web: WebSettings = WebSettings()
    local: LocalSettings = LocalSettings()
    slack: SlackSettings = SlackSettings()
    entra: EntraSettings = EntraSettings()
    graph: GraphSettings = GraphSettings()
    engage: EngageSettings = EngageSettings()
    console: ConsoleSettings = ConsoleSettings()
    communities: tuple[CommunitySettings, ...] = ()
    reminders: ReminderSettings = ReminderSettings()
    posts: PostSettings = PostSettings()
    attention: AttentionSettings = AttentionSettings()
    digest: DigestSettings = DigestSettings()
    delivery: DeliverySettings = DeliverySettings()
    privacy: PrivacySettings = PrivacySettings()
    security: SecuritySettings = SecuritySettings()
    alerts: AlertSettings = AlertSettings()
    roles: RoleSettings = RoleSettings()

    @field_validator("communities")
    @classmethod
    def _keys_once(cls, value: tuple[CommunitySettings, ...]) -> tuple[CommunitySettings, ...]:
        keys = [community.key for community in value]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"these keys are there twice: {', '.join(twice)}")
        return value

    @field_validator("alerts")
    @classmethod
    def _mail_is_whole(cls, value: AlertSettings, info: ValidationInfo) -> AlertSettings:
        graph = info.data.get("graph", GraphSettings())
        by_smtp, by_graph = value.smtp_host and value.email_from, graph.mail_from
        if value.email_to and not (by_smtp or by_graph):
            raise ValueError("email_to needs smtp_host and email_from, or [graph] mail_from")
        return value

    @field_validator("digest")
    @classmethod
    def _moderators_meet_somewhere(cls, value: DigestSettings, info: ValidationInfo) -> DigestSettings:
        """The moderators' community is one of the settings'; without any, one of the demo's."""
        keys = {community.key for community in info.data.get("communities", ())}
        if value.moderators_community is not None and keys and value.moderators_community not in keys:
            raise ValueError(f"moderators_community: there is no community {value.moderators_community!r}")
        return value

    def public_url(self) -> str:
        """The base of every link that the bot gives, without trailing slash."""
        return self.web.public_url or f"http://{self.web.host}:{self.web.port}"

    def rules(self) -> Rules:
        """What planning and delivery go by."""
        return Rules(
            reminders={kind: getattr(self.reminders, kind.value) for kind in Kind},
            deadline=self.reminders.deadline,
            attention=Attention(
                at=self.attention.at,
                opens=self.attention.opens,
                closes=self.attention.closes,
                weekdays=self.attention.weekdays,
                max_posts_per_week=self.attention.max_posts_per_week,
                change_window=dt.timedelta(minutes=self.attention.change_window_minutes),
                calm_school_holidays=self.attention.school_holidays == "calm",
            ),
            posts=PostRules(**{name: getattr(self.posts, name) for name in PostSettings.model_fields}),
            digest=DigestRules(**self.digest.model_dump()),
            lateness=Lateness(**self.delivery.late.model_dump()),
            public_url=self.public_url(),
        )


def load_settings(file: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings file and the environment.

    Args:
        file: as given by `--config`; None looks for `DEFAULT_FILE`, and none is fine.
        environ: where `ATRIUMBOT_SECTION__KEY` may stand.

    Raises:
        SettingsError: with every problem there is.
    """
    values = _file_values(file)
    _add_variables(values, environ)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError([_problem(detail) for detail in error.errors()]) from error


def _add_variables(values: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Lay the environment over the file; a misspelled variable is refused like a misspelled key."""
    for name in sorted(environ):
        if not name.startswith(PREFIX):
            continue
        *sections, key = name.removeprefix(PREFIX).lower().split("__")
        table = values
        for section in sections:
            if not isinstance(table.get(section), dict):
                table[section] = {}
            table = table[section]
        table[key] = environ[name]


def _file_values(file: Path | None) -> dict[str, Any]:
    path = file or DEFAULT_FILE
    if not path.exists():
        if file is not None:
            raise SettingsError([f"{file}: there is no such file"])
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path}: not valid TOML: {error}"]) from error
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read: {error.strerror}"]) from error


def _problem(detail: Any) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "extra_forbidden":
            message = "there is no such key"
        case "missing":
            message = "this key has to be given"
        case "string_pattern_mismatch":
            message = f"{detail['input']!r} does not fit {detail['ctx']['pattern']}"
        case _:
            message = detail["msg"].removeprefix("Value error, ")
    return f"{key}: {message}"
