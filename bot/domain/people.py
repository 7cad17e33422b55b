"""Who is who in a workspace."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.value import value


class Role(StrEnum):
    """What somebody is in a workspace. An unknown author is a customer: better watched than overlooked."""

    CUSTOMER = "customer"
    MEMBER = "member"
    APP = "app"


@value
class Team:
    """The members the bot knows of, by id, with who leads and who is on duty (ids, in the order to be asked)."""

    members: frozenset[str] = frozenset()
    leads: tuple[str, ...] = ()
    duty: tuple[str, ...] = ()
