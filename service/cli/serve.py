"""`argumap serve`: run the service."""

import inspect
from typing import Annotated, Any

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.target import Target
from service.settings import SettingsError, setting_fields, variable

_EXAMPLES = examples(
    "argumap serve",
    "argumap serve --port 0 --store sqlite:maps.sqlite",
    "ARGUMAP_NEO4J_PASSWORD=… argumap serve --store neo4j://127.0.0.1:7687",
)


def register_serve(app: typer.Typer) -> None:
    """Add the command, with an option for each setting."""
    app.command("serve", epilog=_EXAMPLES)(_command())


def _serve(**options: str | None) -> None:
    from graph.errors import StoreError  # noqa: PLC0415 - the help must come fast
    from service.server import serve  # noqa: PLC0415

    settings = Target().settings(options)
    try:
        serve(settings)
    except SettingsError as error:
        raise CliError(ExitCode.MISUSE, str(error)) from error
    except ValueError as error:
        raise CliError(ExitCode.MISUSE, str(error)) from error
    except StoreError as error:
        raise CliError(ExitCode.AWAY, error.detail) from error


def _command() -> Any:
    def serve(**options: str | None) -> None:
        """Serve the maps over HTTP until Ctrl-C.

        On a first start over an empty store the example map is loaded. Each
        option is also an environment variable, which `argumap settings` lists. Beyond this machine it listens only
        where that is expressly allowed.
        """
        _serve(**options)

    # A secret is no option: every user of the machine sees the options of a process.
    open_ones = [one for one in setting_fields() if not one.metadata["secret"]]
    parameters = [_parameter(one.name, one.metadata["sentence"]) for one in open_ones]
    serve.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    serve.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return serve


def _parameter(name: str, sentence: str) -> inspect.Parameter:
    flag = f"--{name.replace('_', '-')}"
    option = typer.Option(flag, metavar="VALUE", help=f"{sentence} ({variable(name)})")
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, option]
    )
