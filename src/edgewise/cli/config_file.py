"""The file of `--config`: TOML whose keys are the long options of the command line, without the dashes in front."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer

from edgewise.cli.failures import BadConfig


def use_config_file(context: typer.Context, file: Path | None) -> Path | None:
    """Take the defaults of a command from a file: flags and environment variables still come first.

    One file may serve several commands: each takes the keys it has an option for. Raises: BadConfig.
    """
    if file is not None:
        values = read_config_file(file, configurable_names(context.find_root().command))
        context.default_map = values
    return file


def read_config_file(file: Path, names: set[str]) -> dict[str, Any]:
    """The values of a file by the name of their parameter. Raises: BadConfig."""
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"{file} is not TOML: {error}") from error
    except OSError as error:
        raise BadConfig(f"cannot read {file}: {error.strerror}") from error
    known = {name.replace("_", "-") for name in names}
    for key, value in values.items():
        if key.replace("_", "-") not in known:
            close = get_close_matches(key.replace("_", "-"), known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"the options are {', '.join(sorted(known))}"
            raise BadConfig(f"{file}: no option is named {key}; {hint}")
        if isinstance(value, dict):
            raise BadConfig(f"{file}: {key} is a table; options stand at the top of the file")
    return {key.replace("-", "_"): value for key, value in values.items()}


def configurable_names(command: Any) -> set[str]:
    """The names of the parameters that a file may set: those of every command that takes `--config`."""
    return {
        name
        for each in _commands(command)
        if "config" in (names := {param.name for param in each.params})
        for name in names - {"config", "help"}
    }


def _commands(command: Any) -> Iterator[Any]:
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _commands(below)
