"""What the settings expect of a workspace, as plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedMember:
    """A member that the settings name, by their Slack id."""

    name: str
    id: str
    lead: bool = False
    duty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedChannels:
    """An entry of [[channels]]: its pattern, and whether a channel's name fits it."""

    match: str
    fits: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the settings expect. `asks_duty`: a ladder asks who is on duty. `customers` are ids."""

    members: tuple[ExpectedMember, ...] = ()
    channels: tuple[ExpectedChannels, ...] = ()
    customers: tuple[str, ...] = ()
    home_workspace: str | None = None
    asks_duty: bool = False
