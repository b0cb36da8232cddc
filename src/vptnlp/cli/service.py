"""`vptnlp service key`: make, renew and end API keys of the HTTP service."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from vptnlp.errors import ConfigError, MissingExtraError

app = typer.Typer(help="Run the HTTP service.", no_args_is_help=True)
key = typer.Typer(
    help="API keys of the HTTP service. The file holds hashes only; a key is shown once.", no_args_is_help=True
)
app.add_typer(key, name="key")

_File = Annotated[
    Path, typer.Option("--file", "-f", envvar="VPTNLP_KEYS_FILE", help="The key file; made where there is none.")
]
_Name = Annotated[str, typer.Argument(help="Who or what the key is for, such as 'zaaksysteem'.")]
_Days = Annotated[int | None, typer.Option(min=1, help="How many days the key lives; for ever when left out.")]


@key.command("new")
def new(
    name: _Name,
    file: _File,
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What it may do: assess, details, metrics; repeat for more. All but metrics when left out."),
    ] = None,
    days: _Days = None,
) -> None:
    """Make a key and show it once."""
    keys = _keys()
    wanted = scope or ["assess", "details"]
    known = {str(s) for s in keys.Scope}
    if unknown := sorted(set(wanted) - known):
        raise ConfigError(f"There is no scope '{unknown[0]}'; choose from: {', '.join(sorted(known))}.")
    _show(keys.add(file, name, [keys.Scope(s) for s in wanted], days))


@key.command("rotate")
def rotate(
    name: _Name,
    file: _File,
    overlap: Annotated[int, typer.Option(min=0, help="Days that the older key lives on.")] = 7,
    days: _Days = None,
) -> None:
    """Make a new key with the scopes of an older one, which ends after an overlap."""
    _show(_keys().rotate(file, name, days, timedelta(days=overlap)))


@key.command("revoke")
def revoke(identity: Annotated[str, typer.Argument(metavar="ID", help="As 'list' shows it.")], file: _File) -> None:
    """End a key at once."""
    _keys().revoke(file, identity)


@key.command("list")
def list_keys(file: _File) -> None:
    """Show the keys, without their secrets."""
    from rich.console import Console

    table = Table("id", "name", "scopes", "made", "ends", box=None)
    for entry in _keys().read(file):
        ends = f"{entry.expires:%Y-%m-%d}" if entry.expires else "never"
        table.add_row(entry.id, entry.name, " ".join(entry.scopes), f"{entry.created:%Y-%m-%d}", ends)
    Console().print(table)


def _show(made: str) -> None:
    typer.echo(made)
    typer.echo("vptnlp: keep this key now; it is stored as a hash only and cannot be shown again.", err=True)


def _keys() -> Any:
    try:
        # By name, not import: the service stands above the command line.
        return import_module("vptnlp_service.keys")
    except ImportError as error:
        raise MissingExtraError(error.name or "fastapi", "service", "manage API keys") from None
