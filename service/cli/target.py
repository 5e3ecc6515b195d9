"""Where a command looks for its maps: a store of its own, or a running service."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from service.cli.api import Api, Embedded, Remote
from service.cli.errors import CliError, ExitCode
from service.settings import Settings, SettingsError, goes_in_clear, read_settings


@dataclass(frozen=True)
class Target:
    """What `--store` and `--url` say, with the environment for what they leave open."""

    store: str | None = None
    url: str | None = None

    @property
    def service_url(self) -> str | None:
        """The address of the service to ask, or None where a store is asked; raises `CliError`."""
        if self.store is not None and self.url is not None:
            raise CliError(ExitCode.MISUSE, "give --store or --url, not both")
        if self.store is not None:
            return None
        return self.url or os.environ.get("ARGUMAP_URL") or None

    def api(self, *, making: bool = False) -> Api:
        """The service or store to ask; `making` allows a store that is not there yet."""
        url = self.service_url
        if url is None:
            return self.embedded(making=making)
        key = os.environ.get("ARGUMAP_KEY")
        if key and goes_in_clear(url) and not self.settings().clear_text:
            raise CliError(
                ExitCode.MISUSE,
                "refusing to send the key in clear to another machine, where anybody on the way could read it; use "
                "https://, or set ARGUMAP_CLEAR_TEXT=1 where the network keeps others out",
            )
        return Remote(url, key)

    def embedded(self, *, making: bool = False) -> Embedded:
        """The application over the store; raises `CliError` where there is none and none may be made."""
        settings = self.settings()
        file = file_of(settings.store_url)
        if file is not None and not making and not file.exists():
            raise CliError(
                ExitCode.AWAY,
                f"there is no store at {file}; `argumap seed` makes one with the example map, `argumap serve` too",
            )
        return Embedded(replace(settings, seed=False))

    def settings(self, options: Mapping[str, str | None] | None = None) -> Settings:
        """The settings that the environment and the options give; raises `CliError`."""
        try:
            return read_settings(options={"store": self.store, **(options or {})})
        except SettingsError as error:
            raise CliError(ExitCode.MISUSE, str(error)) from error


def file_of(store_url: str) -> Path | None:
    """The file of a store that is one."""
    scheme, _, path = store_url.partition(":")
    if scheme != "sqlite" or not path or path == ":memory:":
        return None
    return Path(path).expanduser()
