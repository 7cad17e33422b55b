"""The arguments of a Web API call: from JSON, a form or the query, checked against what the method documents.

Slack forgives much here (unknown arguments, numbers as text). The fake doesn't: a misspelt argument is a bug that the
real service would hide.
"""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import web

Json = dict[str, Any]

EVERYWHERE = frozenset({"token", "team_id"})
"""Taken by every method: Bolt's client sends the workspace along with each call."""

TS = re.compile(r"\d{1,12}(\.\d{1,6})?")


class Misused(Exception):
    """The call itself is wrong: `problems` are sentences."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


async def raw_arguments(request: web.Request) -> tuple[Json, bool]:
    """What was sent, and whether it came as JSON (and so with types)."""
    query: Json = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return query, False
    if request.content_type == "application/json":
        body = await request.read()
        try:
            sent = json.loads(body or b"{}")
        except ValueError:
            raise Misused(["the body isn't JSON"]) from None
        if not isinstance(sent, dict):
            raise Misused(["the JSON body isn't an object"])
        return {**query, **sent}, True
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await request.post()
        return {**query, **dict(form)}, False
    raise Misused([f"unsupported content type: {request.content_type}"])


def checked(spec: str, sent: Json, *, typed: bool) -> Json:
    """The arguments by name, converted. `spec` lists `name:type`, with `!` behind what is required.

    Types: str, int, bool, ts (a message time), ids (a comma-separated list), json (an array or object).
    """
    known = dict(part.split(":") for part in spec.split())
    problems = [f"unknown argument: {name}" for name in sent if name not in known and name not in EVERYWHERE]
    result: Json = {}
    for name, kind in known.items():
        required = kind.endswith("!")
        if name not in sent or sent[name] is None:
            if required:
                problems.append(f"missing required field: {name}")
            continue
        try:
            result[name] = _converted(kind.rstrip("!"), sent[name], typed=typed)
        except ValueError as wrong:
            problems.append(f"{name} {wrong}")
    if problems:
        raise Misused(problems)
    return result


def _converted(kind: str, value: Any, *, typed: bool) -> Any:
    match kind:
        case "str":
            if not isinstance(value, str):
                raise ValueError("must be a string")
            return value
        case "int":
            if typed and isinstance(value, int) and not isinstance(value, bool):
                return value
            if not typed and re.fullmatch(r"-?\d+", str(value)):
                return int(value)
            raise ValueError("must be an integer")
        case "bool":
            if typed and isinstance(value, bool):
                return value
            if not typed and str(value).lower() in ("0", "1", "true", "false"):
                return str(value).lower() in ("1", "true")
            raise ValueError("must be a boolean")
        case "ts":
            if not isinstance(value, str) or not TS.fullmatch(value):
                raise ValueError("must be a message time like 1355517523.000005, as text")
            return value
        case "ids":
            if not isinstance(value, str):
                raise ValueError("must be a comma-separated list")
            return [part.strip() for part in value.split(",") if part.strip()]
        case _:
            if isinstance(value, str):
                try:
                    value = json.loads(value)
                except ValueError:
                    raise ValueError("must be JSON") from None
            if not isinstance(value, list | dict):
                raise ValueError("must be an array or an object")
            return value
