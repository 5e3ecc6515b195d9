"""The settings: one table, each an environment variable, an option of `serve` and a line of `argumap settings`."""

import logging
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn

from platformdirs import user_data_path

PREFIX = "ARGUMAP_"
_OTHERS = ("ARGUMAP_TEST_", "ARGUMAP_PUBLISHED_")
"""Beginnings of variables that speak to the tests and to compose, not to the service."""
_CLIENT = {"ARGUMAP_URL", "ARGUMAP_KEY", "ARGUMAP_SHARED"}
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
SHORTEST_TIMEOUT = 1.0
"""Seconds; with less, calls to Neo4j would end while they still get their connection."""
_BEYOND_OWNER = 0o077
_log = logging.getLogger("argumap")
_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class SettingsError(ValueError):
    """A setting that is not known or cannot be used; the message names it and says what would do."""


def some_text(value: str) -> str:
    """Any text that is not empty."""
    if not value.strip():
        raise ValueError("is empty; leave it out for the default")
    return value.strip()


def optional(value: str) -> str | None:
    """Any text; empty means none."""
    return value.strip() or None


class SecretInSight(ValueError):
    """A value that holds a secret where none belongs; it is never repeated."""


def store_address(value: str) -> str:
    """The address of a store, without a user or a password in it."""
    if re.match(r"[a-z0-9+]{1,20}://[^/?#]*@", value):
        raise SecretInSight(
            "must hold no user and no password, which would be seen in lists of processes and in records; "
            f"set {PREFIX}NEO4J_USER and {PREFIX}NEO4J_PASSWORD_FILE"
        )
    return some_text(value)


def flag(value: str) -> bool:
    """Yes or no."""
    word = value.strip().lower()
    if word not in _YES | _NO:
        raise ValueError("must be 1 or 0 (yes or no)")
    return word in _YES


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def parse(value: str) -> int:
        if not re.fullmatch(r"\s*\d{1,18}\s*", value) or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def size(value: str) -> int:
    """An amount of bytes, such as 4MB, 512K or 1048576."""
    found = re.fullmatch(r"\s*(\d{1,15})\s*([KMG]?)i?B?\s*", value, re.IGNORECASE)
    if found is None:
        raise ValueError("must be an amount of bytes such as 4MB, 512K or 1048576")
    return int(found[1]) * _UNITS[found[2].upper()]


def seconds(value: str) -> float:
    """A span of time in seconds."""
    if not re.fullmatch(r"\s*\d{1,6}(\.\d{1,6})?\s*", value) or not float(value):
        raise ValueError("must be a number of seconds above 0, such as 5 or 0.5")
    return float(value)


def name_list(value: str) -> tuple[str, ...]:
    """Names, separated by commas or blanks; empty means none."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,]+", value)))


def origins(value: str) -> tuple[str, ...]:
    """Origins of pages such as http://localhost:3000, separated by commas or blanks; `*` means any."""
    found = name_list(value)
    wrong = [one for one in found if one != "*" and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", one)]
    if wrong:
        raise ValueError(f"must name origins such as http://localhost:3000 or *; {wrong[0]} is none")
    return found


def issuer(value: str) -> str | None:
    """The address of an issuer of tokens, over https but on this machine; empty means none."""
    found = value.strip()
    local = re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(/|$)", found)
    if found and not local and not re.fullmatch(r"https://[^\s?#@]+", found):
        raise ValueError("must be an address such as https://login.example/realms/ours")
    return found or None


def log_form(value: str) -> str:
    """`text` or `json`."""
    if value.strip().lower() not in ("text", "json"):
        raise ValueError("must be text or json")
    return value.strip().lower()


def _setting(default: Any, sentence: str, parse: Callable[[str], Any], *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"sentence": sentence, "parse": parse, "secret": secret})


def _own_file() -> str:
    return f"sqlite:{user_data_path('argumap', appauthor=False) / 'argumap.sqlite'}"


@dataclass(frozen=True)
class Settings:
    """What the service is told; nothing of it is read before `read` is called."""

    host: str = _setting("127.0.0.1", "Address to listen on.", some_text)
    port: int = _setting(8000, "Port to listen on; 0 takes a free one and prints it.", whole_number(0, 65535))
    store: str = _setting(
        "", "Where maps are kept: sqlite:PATH, neo4j://HOST:PORT, bolt://… or neo4j+s://….", store_address
    )
    neo4j_user: str = _setting("neo4j", "User of the Neo4j server.", some_text)
    neo4j_password: str | None = _setting(None, "Password of the Neo4j user.", optional, secret=True)
    neo4j_password_file: str | None = _setting(None, "File that holds the password instead.", optional)
    neo4j_database: str | None = _setting(None, "Database on the Neo4j server; empty takes its default.", optional)
    neo4j_ca: str | None = _setting(
        None, "File with the certificates of the authority that signed the Neo4j server's.", optional
    )
    neo4j_certificate: str | None = _setting(
        None, "File with a certificate of the service's own, for a Neo4j server that asks for one.", optional
    )
    neo4j_key: str | None = _setting(None, "File with the key of that certificate.", optional)
    neo4j_pool: int = _setting(100, "Connections to the Neo4j server at most.", whole_number(1, 10_000))
    neo4j_verdicts: bool = _setting(
        False, "Write verdict, standing and strength on the nodes in Neo4j, soon after each change.", flag
    )
    neo4j_adopt: int = _setting(
        0,
        "Seconds after which what was changed in Neo4j by hand is looked for again and taken in; 0 waits to be asked.",
        whole_number(0, 86_400),
    )
    clear_text: bool = _setting(
        False, "Let the database's password, or a command's key, go to another machine without encryption.", flag
    )
    migrate: bool = _setting(
        True, "Bring an older store to the newest schema when it is opened; 0 refuses it until `argumap migrate`.", flag
    )
    trust_network: bool = _setting(
        False, "Listen beyond this machine without any key: whoever reaches the port may then read and write.", flag
    )
    seed: bool = _setting(True, "Load the example map on a first start over an empty store.", flag)
    require_if_match: bool = _setting(
        False, "Refuse to change or delete a node without If-Match (428 instead of the last write winning).", flag
    )
    log_days: int = _setting(
        0,
        "Days for which every state of a map can be looked at and every change taken back; 0 keeps all.",
        whole_number(0, 36_500),
    )
    deleted_days: int = _setting(
        30, "Days for which a deleted map can be brought back; 0 deletes for good at once.", whole_number(0, 36_500)
    )
    hosts: tuple[str, ...] = _setting(
        (),
        "Names beside localhost that are answered as Host; * is any, and so is none where keys are set up.",
        name_list,
    )
    cors_origins: tuple[str, ...] = _setting(
        (), "Origins whose pages may read and write here, such as http://localhost:3000; * lets any.", origins
    )
    url_limit: int = _setting(16 << 10, "Characters of an address.", size)
    body_limit: int = _setting(4 << 20, "Bytes of a request's body.", size)
    depth_limit: int = _setting(32, "Levels of nesting in a JSON body.", whole_number(4, 200))
    batch_limit: int = _setting(5000, "Operations in one batch.", whole_number(1, 100_000))
    cypher: bool = _setting(False, "Answer statements of Cypher that read, where the store is Neo4j.", flag)
    cypher_timeout: float = _setting(5.0, "Seconds after which the database ends such a statement.", seconds)
    cypher_memory: int = _setting(8 << 20, "Bytes of the rows that one such statement may answer.", size)
    path_budget: int = _setting(
        200_000, "Steps that one search for paths or connections may take.", whole_number(1000, 10**9)
    )
    evaluation_budget: float = _setting(
        5.0, "Seconds that one question about verdicts or strengths may be worked on.", seconds
    )
    answer_timeout: float = _setting(30.0, "Seconds after which a question that is not answered yet gets 503.", seconds)
    memory: int = _setting(2 << 30, "Bytes of the snapshots of maps kept in memory.", size)
    answer_cache: int = _setting(64 << 20, "Bytes of encoded answers kept for the next time; 0 keeps none.", size)
    workers: int = _setting(4, "Long questions worked on at the same time.", whole_number(1, 256))
    queue: int = _setting(64, "Long questions that may wait; past them the answer is 503.", whole_number(1, 100_000))
    listeners: int = _setting(
        2000, "Event streams that may be open at once; past them the answer is 503.", whole_number(1, 1_000_000)
    )
    heartbeat: float = _setting(
        25.0, "Seconds without an event after which a stream shows by a comment that it lives.", seconds
    )
    rate: int = _setting(
        0, "Requests a second that one key, or one address without keys, may make on the average; 0 is no bound.",
        whole_number(0, 1_000_000),
    )  # fmt: skip
    rate_work: int = _setting(
        0,
        "Seconds of the processor that what one key, or one address without keys, asks for may take a minute on the "
        "average; 0 is no bound.",
        whole_number(0, 1_000_000),
    )
    oidc_issuer: str | None = _setting(
        None, "Issuer whose tokens are taken beside keys (OpenID Connect); needs the extra `oidc`.", issuer
    )
    oidc_audience: str | None = _setting(None, "What the tokens must be for; without it none are taken.", optional)
    oidc_claim: str = _setting("argumap", "Claim of a token with the scope and the maps that it allows.", some_text)
    oidc_name: str = _setting(
        "sub", "Claim of a token that changes record as the name: one that is of one person for ever.", some_text
    )
    quota_map_nodes: int = _setting(0, "Nodes that a map may have; 0 is no bound.", whole_number(0, 10**9))
    quota_map_bytes: int = _setting(0, "Bytes that the nodes of a map may have; 0 is no bound.", size)
    quota_map_kept_bytes: int = _setting(
        0,
        "Bytes that a map may keep beside its nodes: its history with kept answers, texts of sources, remarks and "
        "drafts; 0 is no bound.",
        size,
    )
    quota_principal_nodes: int = _setting(
        0, "Nodes of a map that one principal may have made; 0 is no bound.", whole_number(0, 10**9)
    )
    quota_principal_bytes: int = _setting(
        0, "Bytes of a map's nodes that one principal may have written last; 0 is no bound.", size
    )
    quota_principal_maps: int = _setting(
        0, "Maps that one principal may have made; 0 is no bound.", whole_number(0, 10**6)
    )
    connections: int = _setting(
        4000, "Connections at the same time; for one more the oldest that does nothing goes.", whole_number(16, 100_000)
    )
    head_timeout: float = _setting(10.0, "Seconds that a client has for the head of a request.", seconds)
    body_timeout: float = _setting(60.0, "Seconds that a client has for the body of a request.", seconds)
    send_timeout: float = _setting(30.0, "Seconds in which a client must take something of an answer.", seconds)
    log_format: str = _setting("text", "Records on standard error: text for people, json for programs.", log_form)
    access_log: bool = _setting(False, "Record every request, not only those that may change something.", flag)
    traces: bool = _setting(
        False,
        "Send spans of requests to a collector of OpenTelemetry, which the variables OTEL_… name; needs the extra "
        "`otel`.",
        flag,
    )
    store_timeout: float = _setting(5.0, "Seconds that a call to the store may go without an answer.", seconds)
    shutdown_timeout: float = _setting(5.0, "Seconds that open requests have to end when the service stops.", seconds)

    @property
    def store_url(self) -> str:
        """Where maps are kept, with the default filled in."""
        return self.store or _own_file()

    @property
    def store_shown(self) -> str:
        """The same as it may be printed: a password in it stays out of sight."""
        return re.sub(r"://[^/@]*@", "://…@", self.store_url)

    def password(self) -> str | None:
        """The password of the Neo4j user, read from its file where one is named."""
        if self.neo4j_password_file is None:
            return self.neo4j_password
        try:
            return Path(self.neo4j_password_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{PREFIX}NEO4J_PASSWORD_FILE cannot be read: {error}") from error


def setting_fields() -> tuple["Field[Any]", ...]:
    """The settings in order, each with `metadata` of `sentence`, `parse` and `secret`."""
    return fields(Settings)


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def read_settings(
    environment: Mapping[str, str] | None = None, options: Mapping[str, str | None] | None = None
) -> Settings:
    """The settings from the environment, options going first; raises `SettingsError`."""
    given = dict(os.environ if environment is None else environment)
    refuse_unknown_variables(given)
    values: dict[str, Any] = {}
    for one in setting_fields():
        raw = (options or {}).get(one.name)
        raw = given.get(variable(one.name)) if raw is None else raw
        if raw is None:
            continue
        try:
            values[one.name] = one.metadata["parse"](raw)
        except SecretInSight as error:
            raise SettingsError(f"{variable(one.name)} {error}") from None
        except ValueError as error:
            shown = "" if one.metadata["secret"] else f", not {raw!r}"
            raise SettingsError(f"{variable(one.name)} {error}{shown}") from error
    timeout, kept = values.get("store_timeout"), values.get("store", "")
    if timeout is not None and timeout < SHORTEST_TIMEOUT and not kept.startswith("sqlite:") and kept:
        raise SettingsError(
            f"{PREFIX}STORE_TIMEOUT must be {SHORTEST_TIMEOUT} seconds at least with Neo4j; in less no connection "
            "is had"
        )
    if (values.get("oidc_issuer") is None) != (values.get("oidc_audience") is None):
        raise SettingsError(f"set {PREFIX}OIDC_ISSUER and {PREFIX}OIDC_AUDIENCE together: a token must be for somebody")
    if values.get("neo4j_password") and values.get("neo4j_password_file"):
        raise SettingsError(f"set {PREFIX}NEO4J_PASSWORD or {PREFIX}NEO4J_PASSWORD_FILE, not both")
    return Settings(**values)


def refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    """Raise `SettingsError` for a variable of ours that no setting has."""
    known = {variable(one.name) for one in setting_fields()} | _CLIENT
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known and not name.startswith(_OTHERS):
            near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}?" if near else "`argumap settings` lists all"
            raise SettingsError(f"there is no setting {name}; {hint}")


_IN_CLEAR = re.compile(r"(?:bolt|neo4j|http)://(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)


def goes_in_clear(address: str) -> bool:
    """Whether what is sent to an address can be read on the way: it is of another machine, and not encrypted."""
    found = _IN_CLEAR.match(address)
    return found is not None and not _is_loopback(found[1].strip("[]"))


def refuse_clear_text(settings: Settings) -> None:
    """Raise `SettingsError` where maps and a password would go to a database in clear and nobody has said that they
    may.
    """
    if goes_in_clear(settings.store_url) and not settings.clear_text:
        raise SettingsError(
            f"refusing to talk to {settings.store_shown} in clear: password and maps could be read on the way; "
            f"use neo4j+s:// or bolt+s://, or set {PREFIX}CLEAR_TEXT=1 where the network keeps others out"
        )


def files_open_to_others(settings: Settings) -> list[str]:
    """The files with secrets or maps that others on this machine than their owner may read."""
    store = settings.store_url.partition(":")[2] if settings.store_url.startswith("sqlite:") else None
    named = (store, settings.neo4j_password_file, settings.neo4j_key)
    files = [Path(name).expanduser() for name in named if name and name != ":memory:"]
    return [
        str(file) for file in files if os.name == "posix" and file.is_file() and file.stat().st_mode & _BEYOND_OWNER
    ]


def is_open_to_network(settings: Settings) -> bool:
    """Whether others than this machine reach the service, and no setting says that they may without a key."""
    return not settings.trust_network and not _is_loopback(settings.host)


def refuse_to_listen(settings: Settings) -> NoReturn:
    """Raise `SettingsError`: the service would be open to a network without any key."""
    raise SettingsError(
        f"refusing to listen on {settings.host}: no key is set up in {settings.store_shown}, so whoever reaches the "
        "port could read and write every map; make a key with `argumap keys create --name NAME --scope admin`, "
        f"listen on 127.0.0.1, or set {PREFIX}TRUST_NETWORK=1 where the network keeps others out"
    )


def shown_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """Variable, value and sentence of each setting; of a secret only whether it is set."""
    return [(variable(one.name), _shown(settings, one), one.metadata["sentence"]) for one in setting_fields()]


def _shown(settings: Settings, one: "Field[Any]") -> str:
    value = settings.store_shown if one.name == "store" else getattr(settings, one.name)
    if value is None:
        return ""
    if one.metadata["secret"]:
        return "(set)"
    if isinstance(value, tuple):
        return ",".join(value)
    return str(int(value) if isinstance(value, bool) else value)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
