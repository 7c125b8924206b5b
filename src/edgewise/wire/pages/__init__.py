"""The pages that people see: templates in files beside this one, whose values are escaped unless made here."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from string import Template


class Html(str):
    """A text that is HTML already."""

    __slots__ = ()


@cache
def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


@cache
def _template(name: str) -> Template:
    return Template(_file(f"{name}.html").rstrip("\n"))


def fill(template: str, **values: object) -> Html:
    """A template with its `$names` filled in; what is not `Html` is escaped."""
    from html import escape

    shown = {name: value if isinstance(value, Html) else escape(str(value)) for name, value in values.items()}
    return Html(_template(template).substitute(shown))


def joined(parts: Iterable[Html]) -> Html:
    """Pieces, one after the other."""
    return Html("\n".join(parts))


def page(title: str, content: Html) -> str:
    """A whole document."""
    return fill("frame", title=title, style=Html(_file("style.css")), content=content)


@cache
def style_source() -> str:
    """What a content security policy must allow for the style of `page`, and for nothing else."""
    return f"'sha256-{base64.b64encode(sha256(_file('style.css').encode()).digest()).decode()}'"
