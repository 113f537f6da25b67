"""Environment variables to one typed, frozen ``Settings`` object. Nothing else reads the environment.

What belongs here: where things live, the project's own files too; limits, ports, keys, each with a default
that works on a laptop with no key and no internet. What does not: anything that starts, connects or creates.

Everything local lives in the home, ``GAMEFACTORY_HOME``. Its default is ``.gamefactory`` in the checkout this
package is imported from; installed from a wheel there is none, and it is ``.gamefactory`` in the folder a
command is started in.
"""

import datetime as dt
import os
import platform
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from .errors import InputError

_PACKAGE = Path(__file__).resolve().parent

_PACKED = _PACKAGE / "files"
"""Where a wheel puts what stands at the root of a checkout; the build writes it, a checkout never has it."""

CHECKOUT = None if _PACKED.is_dir() else _PACKAGE.parent
"""The checkout this package is imported from, or None when it was installed from a wheel."""


def project_file(name: str) -> Path:
    """Where ``sql``, ``dagster.yaml`` or ``workspace.yaml`` is: at the checkout's root or in the package."""
    return (CHECKOUT or _PACKED) / name


LOCAL_USER = UUID("00000000-0000-4000-8000-000000000001")
"""Whoever works on this machine; made by ``sql/migrations/versions/0010_initial_schema.up.sql``."""

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


_NAME = re.compile(
    r"(\*\.)?[a-z0-9_.-]+|[0-9a-f:]*:[0-9a-f.]*:[0-9a-f:.]*"
)  # the latter an address with its colons
_HOST = r"([^\s,:/\[\]]+|\[[0-9a-f:]+\]):[0-9]{1,5}"
_MASTER = re.compile(
    rf"local(\[([1-9][0-9]*|\*)(,[1-9][0-9]*)?\])?|spark://{_HOST}(,{_HOST})*|yarn|k8s://\S+"
)


def _port(given: object) -> int:
    text = str(given)
    if not (re.fullmatch(r"[0-9]{1,5}", text) and int(text) <= 65535):
        raise ValueError("a port, a whole number from 0 to 65535")
    return int(text)


def _names(given: object) -> tuple[str, ...]:
    found = re.split(r"[\s,]+", given.strip(" ,")) if isinstance(given, str) else given
    names = tuple(str(name).lower() for name in found if name) if isinstance(found, list | tuple) else None
    if names is None or not all(_NAME.fullmatch(name) for name in names):
        raise ValueError("host names without ports, such as games.example, with commas between them")
    return names


def _redis(given: object) -> object:
    if isinstance(given, str) and not re.fullmatch(r"rediss?://([^@]*@)?[^/@?]+(/[0-9]*)?(\?.*)?", given):
        raise ValueError("the URL of a Redis server, redis://[user]:[password]@host:6379/0")
    return given


def masked(text: str) -> str:
    """``text`` without the passwords and parameters of URLs in it."""
    return re.sub(r"(?<=://)[^/@\s]*:[^/@\s]*@|(?<=\?)[^\s\"']+", "***", text)


def _url(given: object) -> object:
    if isinstance(given, str) and masked(given) != given:
        raise ValueError("a URL without password or parameters: credentials come from the environment")
    return given


def spark_master(given: object) -> str:
    """A master as Spark takes it; raises ValueError that says what would be right."""
    text = str(given)
    ports = re.findall(r":([0-9]+)(?=,|$)", text) if text.startswith("spark://") else []
    if not _MASTER.fullmatch(text) or any(not 0 < int(port) <= 65535 for port in ports):
        raise ValueError("spark://host:7077, local[2], yarn or k8s://https://host:443")
    return text


Port = Annotated[int, BeforeValidator(_port)]
Redis = Annotated[SecretStr, BeforeValidator(_redis)]
Url = Annotated[str, BeforeValidator(_url)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
SparkMaster = Annotated[str, BeforeValidator(spark_master)]


def default_home() -> Path:
    """``.gamefactory`` in the checkout, else in the current folder."""
    return (CHECKOUT or Path.cwd()) / ".gamefactory"


def variable(field: str) -> str:
    """Name of the environment variable that a field of the settings is read from."""
    return _OTHER_VARIABLES.get(field, f"GAMEFACTORY_{field.upper()}")


_OTHER_VARIABLES = {"database_url": "DATABASE_URL", "dagster_home_override": "DAGSTER_HOME"}


class Settings(BaseModel):
    """Everything that can be configured. What is not given is read from the environment."""

    model_config = ConfigDict(frozen=True)

    # Not by pydantic-settings: importing it costs a command twice as much as pydantic itself
    @model_validator(mode="before")
    @classmethod
    def _read_environment(cls, given: dict[str, Any]) -> dict[str, Any]:
        found = {field: os.environ.get(variable(field)) for field in cls.model_fields}
        return {field: value for field, value in found.items() if value is not None} | given

    home: Path = Field(default_factory=default_home)
    """Where everything local lives: embedded database, repositories, artifacts, published games."""

    database_url: str | None = Field(default=None, repr=False)
    """Any PostgreSQL 15+; unset means the embedded server in ``home``. Also holds Dagster's database."""

    dagster_database: str = Field(default="dagster", pattern=r"^[a-z_][a-z0-9_]{0,62}$")
    """Name of the database on the same server that holds Dagster's own storage."""

    dagster_home_override: Path | None = None

    user: UUID = LOCAL_USER
    """Who a command acts as, as ``auth.users`` knows them: what runs do and make is theirs."""

    artifact_url: Url | None = None
    """Where builds and pictures are stored, as any ``universal-pathlib`` URL; default in ``home``."""

    repository_url: Url | None = None
    """Where the games' repositories are, likewise; default bare git repositories in ``home``."""

    published_url: Url | None = None
    """Where published games are, likewise; default the folder in ``home`` that the arcade serves."""

    published_here: int = Field(default=1000, ge=1, le=1_000_000)
    """Games out of ``published_url`` that are kept on this machine, to be served; of up to 600 kB each."""

    arcade_host: str = "127.0.0.1"
    arcade_port: Port = 3001
    ui_port: Port = 3000
    hosts: Names = ()
    """Names by which the arcade and the UI may be called, beside this machine's own and ``arcade_host``.

    One that begins with ``*.`` is no name of theirs: games have names of their own there.
    """

    free_disk_mb: int = Field(default=500, ge=0)
    """Megabytes of the home's disk that are not for events: below it the collector refuses them."""

    warm_workers: bool = True
    """Do runs in forks of a process that has imported everything, on Linux; else as Dagster does."""

    run_broker: Redis | None = None
    """Have runs done by Celery workers (``gamefactory worker``) by way of this Redis; may hold a password."""

    worker_name: str = Field(default_factory=platform.node, pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    """What this machine is called where it is told who did a run; default its host name."""

    games_at_once: int = Field(default=4, ge=1, le=1000)
    """Games of batches made at the same time, on all machines together."""

    browser_checks: bool = True
    """Play games in a real browser before release, where there is one. Without, V8 alone checks them."""

    chromium_path: Path | None = None
    """The browser the checks drive; default the first of chromium, google-chrome and their kin on PATH."""

    lease_seconds: float = Field(default=20.0, ge=1, le=600)
    """How long a silent worker keeps what it works on. Renewed every quarter of it."""

    start_seconds: float = Field(default=60.0, ge=5, le=3600)
    """How long a starting run may take to take its work up; twice that at the second attempt, and so on."""

    runs_per_tick: int = Field(default=20, ge=1, le=100)
    """Runs a sensor asks for in one tick; the next tick goes on."""

    max_batch_games: int = Field(default=1000, ge=1, le=100_000)

    first_day: dt.date = dt.date(2015, 1, 1)
    """First UTC day of Dagster's daily partitions; earlier days are computed all the same, and not shown.

    Unless it is set, ``dev``, ``demo`` and ``env`` set it to the month the events begin in.
    """

    late_horizon_days: int = Field(default=35, ge=1, le=400)
    """Events later than this are counted and reported; their day is not computed again by itself."""

    first_contact_days: int = Field(default=2, ge=1, le=400)
    """How old play may be when the collector first hears of its player: a game is fetched to be played."""

    address_events: int = Field(default=50_000, ge=1, le=2**31)
    address_players: int = Field(default=500, ge=1, le=2**31)
    """What one address may bring for a game on a UTC day of receipt; more is implausible."""

    player_events: int = Field(default=10_000, ge=1, le=2**31)
    """Events one player may report on a UTC day of receipt."""

    purchase_cents: int = Field(default=20_000, ge=0, le=2**31)
    ad_micros: int = Field(default=500_000, ge=0, le=2**31)
    """The largest single purchase (``revenue_cents``) and rewarded ad (``revenue_micros``) believed."""

    player_purchase_cents: int = Field(default=50_000, ge=0, le=2**31)
    """Purchases of one player on a UTC day of receipt, together."""

    address_share: float = Field(default=0.01, gt=0, le=1)
    """What one address may be of all that a game's outcome is learned from; 1: anything."""

    trusted_proxies: str | None = Field(default=None, pattern=r"^(\*|[0-9a-fA-F.:/]+(,[0-9a-fA-F.:/]+)*)$")
    """Addresses or networks, comma between, whose ``X-Forwarded-For`` names the arcade's real clients."""

    landing_url: str | None = None
    """Folder whose new event files are taken in, as any ``universal-pathlib`` URL; default in ``home``."""

    partitions_ahead: int = Field(default=2, ge=1, le=24)
    """Months of events there is room for beyond this one."""

    job_queue: str = Field(default="job_queue", pattern=r"^[a-z_][a-z0-9_]{0,29}$")
    """PGMQ queue of background jobs; beside it are those with _high, _low and _dead at the end."""

    jobs_per_user: int = Field(default=20_000, ge=1, le=1_000_000)
    """Background jobs of one user that may wait or be at work."""

    job_patience_hours: float = Field(default=24.0, gt=0, le=8760)
    """A background job nobody took up for so long after it was due has failed."""

    job_promise_seconds: float = Field(default=300.0, gt=0, le=86_400)
    """How long a due background job may wait before the check of the queue warns."""

    requests_per_minute: int = Field(default=6, ge=1, le=1000)
    """Games an address may ask for in the arcade in a minute."""

    requests_waiting: int = Field(default=200, ge=1, le=1_000_000)
    """Requests that may wait to be taken up before the arcade lets no more in."""

    spark_master: SparkMaster = "local[2]"
    """Where Spark computes archived days: threads of this machine, or a cluster's master."""

    replays: str | None = Field(default=None, repr=False)
    """Where recorded matches are fetched from: a folder, an endpoint (``https://host/{id}``), or any
    ``universal-pathlib`` URL; default the artifact store and ``replays/`` in ``home``.
    """

    replay_hosts: Names = ()
    """Hosts an endpoint may lead to beside its own; ``*.example.org`` stands for all names in it."""

    replay_seconds: float = Field(default=30.0, gt=0, le=600)
    replay_silence_seconds: float = Field(default=10.0, gt=0, le=600)
    """How long fetching one recorded match may take, and its endpoint be silent meanwhile."""

    retention_weight: float = Field(default=0.40, ge=0)
    completion_weight: float = Field(default=0.30, ge=0)
    ad_opt_in_weight: float = Field(default=0.30, ge=0)
    """What the score is made of; only their proportions count."""

    prior_players: float = Field(default=50, ge=0)
    prior_attempts: float = Field(default=200, ge=0)
    prior_prompts: float = Field(default=100, ge=0)
    """Trials at the genre's rate that a game's retention, completion and ad opt-in begin with."""

    keep_runs_days: int = Field(default=90, ge=1)
    """Dagster's runs and their events are deleted this long after they ended."""

    keep_logs_days: int = Field(default=180, ge=1)
    """Rows of ``generation_logs``, and lines of requests, are deleted after this long."""

    keep_jobs_days: int = Field(default=90, ge=1)
    """Background jobs are deleted this long after they ended, dead letters too."""

    keep_ledger_days: int = Field(default=365, ge=1)
    """The ledger's runs, with their events and artifacts' rows, are deleted this long after they ended."""

    # Keys choose a configured provider over the embedded one; never logged.
    llm_api_key: SecretStr | None = None
    image_api_key: SecretStr | None = None
    github_token: SecretStr | None = None

    replay_authorization: SecretStr | None = None
    """The header ``Authorization`` for the endpoint in ``replays``, and for nobody else; never logged."""

    @property
    def dagster_home(self) -> Path:
        """``DAGSTER_HOME`` if set, else a folder in ``home``."""
        return self.dagster_home_override or self.home / "dagster"

    @property
    def artifacts(self) -> str:
        """URL of the artifact store."""
        return self.artifact_url or (self.home / "artifacts").as_uri()

    @property
    def urls(self) -> tuple[str, ...]:
        """Of the storages that are not in ``home``."""
        return tuple(url for url in (self.artifact_url, self.repository_url, self.published_url) if url)

    @property
    def repositories(self) -> Path:
        """Folder of bare git repositories, one a game, named by game id; unless ``repository_url`` is set."""
        return self.home / "repositories"

    @property
    def published(self) -> Path:
        """Folder the arcade serves: one folder a game, named by slug; with ``published_url`` it is a copy."""
        return self.home / ("fetched" if self.published_url else "published")

    @property
    def landing(self) -> str:
        """URL or local path of the landing zone: fsspec takes the %20 of a file URL to the letter."""
        return self.landing_url or str(self.home / "landing")

    @property
    def game_domains(self) -> tuple[str, ...]:
        """Domains in which games have names of their own; browsers take the first for this machine."""
        return ("localhost", *(name[2:] for name in self.hosts if name.startswith("*.")))

    @property
    def arcade_url(self) -> str:
        """Base URL of the arcade, without a trailing slash."""
        return f"http://{self.arcade_host}:{self.arcade_port}"

    @property
    def chromium(self) -> Path | None:
        """The browser to drive, or None where there is none or none is wanted."""
        if not self.browser_checks:
            return None
        if self.chromium_path:
            return self.chromium_path
        found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
        return Path(found) if found else None


@cache
def get_settings() -> Settings:
    """The settings of this process, read once. Raises InputError that names the variable at fault."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        expected = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
        raise InputError(variable(str(first["loc"][0])), _without_secrets(first["input"]), expected) from None


def _without_secrets(given: object) -> object:
    """What was given as it may be shown: of a URL, or what was meant as one, not who may enter."""
    return re.sub(r".*@", "***@", masked(given)) if isinstance(given, str) else given
