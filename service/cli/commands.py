"""All commands together, and how each of them ends."""

import os
import sys
import traceback
from typing import Annotated

import typer

from service.cli import (
    acceptance,
    backup,
    call,
    connections,
    copy,
    cruxes,
    database,
    doctor,
    draft,
    evaluation,
    export,
    follow,
    graph,
    history,
    influence,
    keys,
    maps,
    merge,
    migrate,
    paths,
    purge,
    reading,
    remark,
    search,
    seed,
    serve,
    settings,
    sources,
    structure,
    summary,
    taking_back,
    what_if,
    why,
    writing,
)  # fmt: skip
from service.cli.errors import CliError, ExitCode

_HELP = """Maps of arguments: who claims what, from which source, and what it bears on.

Commands ask a store (--store, or the one that ARGUMAP_STORE names) or a running service (--url, or ARGUMAP_URL).
"""
_ENDINGS = "Exit codes: 0 done; 1 the question has no answer, or a check failed; 2 wrong use; 3 store or service away."

_COMPLETE = "_ARGUMAP_COMPLETE"
"""Set by a shell that asks what may follow."""

app = typer.Typer(
    name="argumap",
    help=_HELP,
    epilog=_ENDINGS,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
for register in (
    serve.register_serve,
    seed.register_seed,
    maps.register_maps,
    paths.register_paths,
    connections.register_connections,
    evaluation.register_evaluation,
    acceptance.register_acceptance,
    why.register_why,
    influence.register_influence,
    cruxes.register_cruxes,
    what_if.register_what_if,
    reading.register_reading,
    writing.register_writing,
    merge.register_merge,
    follow.register_follow,
    draft.register_draft,
    remark.register_remark,
    summary.register_summary,
    history.register_history,
    taking_back.register_taking_back,
    search.register_search,
    graph.register_graph,
    structure.register_structure,
    sources.register_sources,
    export.register_export,
    call.register_call,
    backup.register_backup,
    copy.register_copy,
    doctor.register_doctor,
    database.register_database,
    keys.register_keys,
    purge.register_purge,
    migrate.register_migrate,
    settings.register_settings,
):
    register(app)


def _version(asked: bool) -> None:
    if asked:
        from service.http.context import VERSION  # noqa: PLC0415 - the help must come fast

        print(f"argumap {VERSION}")
        raise typer.Exit


_Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]
_Debug = Annotated[bool, typer.Option("--debug", help="Show where in the program a fault came from.")]


@app.callback()
def _argumap(version: _Version = False, debug: _Debug = False) -> None:
    pass


def execute(arguments: list[str]) -> int:
    """Run one command; the exit code. What goes wrong is said in a sentence on standard error."""
    debug = "--debug" in arguments
    if _COMPLETE in os.environ:
        app(arguments, prog_name="argumap")
    try:
        # Not by calling the app, which has ends of its own for a closed pipe and an interrupt.
        command = typer.main.get_command(app)
        with command.make_context("argumap", arguments) as context:
            command.invoke(context)
        return ExitCode.DONE
    except typer.Exit as end:
        return end.exit_code
    except CliError as failure:
        _say(failure.message, *failure.more)
        if debug:
            traceback.print_exception(failure.__cause__ or failure)
        return failure.code
    except typer.Abort:
        _say("stopped; nothing was changed")
        return ExitCode.NO
    except typer.TyperException as error:
        return _misused(error)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:
        if debug:
            traceback.print_exc()
        _say(f"this is a fault of argumap: {type(error).__name__}: {error}; `argumap --debug …` shows where")
        return ExitCode.AWAY


def _misused(error: typer.TyperException) -> int:
    show = getattr(error, "show", None)
    if show is None:
        _say(str(error))
    else:
        show()
    return ExitCode.MISUSE


def _say(*lines: str) -> None:
    for place, text in enumerate(lines):
        print(f"argumap: {text}" if place == 0 else f"  {text}", file=sys.stderr)
