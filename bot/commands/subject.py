"""Whom a command is about: the asker, or somebody else for whom a lead says it."""

from __future__ import annotations

from bot.commands.command import Arguments
from bot.commands.context import CommandContext
from bot.domain.params import Param
from bot.domain.refusal import Refusal
from bot.domain.views import PersonName, Plain, Spans

MEMBER = Param(name="member", kind="member", required=False)
"""The member a command is about, where that isn't the asker."""


def for_whom(given: Arguments, ctx: CommandContext) -> str | Refusal:
    """The member a command is about. Leads may act for others."""
    if given.member is None or given.member == ctx.who or ctx.is_a == "lead":
        return given.member or ctx.who
    leads = ", ".join(ctx.name(lead) for lead in ctx.team.leads)
    return Refusal(
        says=f"Only leads say this for somebody else. Please ask {leads}." if leads else "Only leads say this for others."
    )


def does(member: str, ctx: CommandContext, yours: str, theirs: str) -> Spans:
    """The beginning of a sentence about a member: "You get", or "Ben gets"."""
    return (Plain(f"You {yours}"),) if member == ctx.who else (PersonName(member), Plain(f" {theirs}"))


def typed(command: str, member: str, ctx: CommandContext, rest: str = "") -> str:
    """A command as the asker types it about a member: "unmute", "budget @Ben unset"."""
    about = "" if member == ctx.who else f" @{ctx.name(member)}"
    return f"{command}{about}{' ' if rest else ''}{rest}"
