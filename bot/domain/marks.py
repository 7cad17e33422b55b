"""Names of the instants that outlive a restart (see `mark` in bot.ports.storage)."""

from __future__ import annotations

STARTED = "started"
"""When a lead let reminders begin, and who."""

NEW = "new"
"""When this database was made; taken off when the team has been asked to let reminders begin."""

CALENDAR_FAILS = "calendar fails"
"""Since when the team's calendar can't be read; taken off when it can."""

DUTY = "duty"
"""Since when, and who (a list of members as JSON), was on duty when that was looked at last."""

TEAM_GATHERS = "team gathers"
"""Since when a message for the team, about whom nobody can be asked, waited for what fell due right after: the latest time."""

HOLDS_FOLLOWED = "holds followed"
"""Since when whatever posts tell of a hold is brought up to date when that ends."""

HOME = "home "
"""When somebody was first shown their list as their own page, by platform and account ("home slack:U1"); taken off when that page
shows it no more."""

BEGUN_ANEW = "begun anew"
"""When it turned out that this database is new although posts of ours stand in the team's channel: an earlier one was lost."""

LEARNT = "learnt "
"""What a platform, by its name, is to be told at the next start, as a text of its own ("learnt discord:..."): since when it is
known."""

DM_CLOSED = "dm closed "
"""Since when somebody, by platform and account, takes no direct messages from us though they asked for them; taken off when they
ask anew."""


TOLD = "told "
"""Until when a member was told what others did to what is theirs; who is a fingerprint of what a lead chose for them."""


def told_of(member: str) -> str:
    """The name of that mark for a member."""
    return f"{TOLD}{member}"


def dm_closed(platform: str, account: str) -> str:
    """The name of that mark for an account ("dm closed discord:80351110224678912")."""
    return f"{DM_CLOSED}{platform}:{account}"
