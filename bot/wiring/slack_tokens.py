"""What lets us into Slack, by the settings: the secrets, what they are and what is wrong with them, and the scopes to ask for."""

from __future__ import annotations

from typing import Final

from adapters.slack.manifest import Wanted
from adapters.slack.tokens import TokenKind, Tokens, kind_of
from bot.errors import UsageError
from bot.settings.model import Settings, SlackSection
from bot.settings.values import Secret

_KINDS: Final[dict[TokenKind, str]] = {
    "bot": "a bot token (xoxb-...)",
    "app": "an app token (xapp-...)",
    "user": "a person's token (xoxp-...)",
    "rotating": "a token that rotates (xoxe...)",
    "signing": "a signing secret",
    "other": "something else",
}

_FROM: Final = {
    "bot_token": "the bot token, which begins with xoxb- (api.slack.com/apps, Install App)",
    "app_token": "an app token, which begins with xapp- (api.slack.com/apps, Basic Information, App-Level Tokens)",
    "signing_secret": "the signing secret (api.slack.com/apps, Basic Information, App Credentials)",
}
"""What belongs under a key, and where Slack shows it."""


def read(section: SlackSection) -> tuple[dict[str, str], tuple[str, ...]]:
    """The secrets as they are now, by their key in [slack], and a sentence for each that is missing or no such thing: what is
    wrong, where, what to do."""
    places = _places(section)
    problems = []
    secrets: dict[str, str] = {}
    for key, secret in places.items():
        if secret is None:
            needed = "" if key == "bot_token" else f', which mode "{section.mode}" needs'
            problems.append(f"slack.{key} is missing{needed}: set it to where {_FROM[key]} is kept")
            continue
        try:
            secrets[key] = secret.reveal()
        except UsageError as error:
            problems.append(f"slack.{key}: {str(error).rstrip('.')}. It is to hold {_FROM[key]}")
    for key, problem in _misplaced(secrets, places):
        problems += [problem] if problem else []
        secrets.pop(key)
    return secrets, tuple(problems)


def exposed(section: SlackSection) -> tuple[str, ...]:
    """A sentence for each secret in a file that others on this machine can read: where, and what to do."""
    return tuple(
        f"slack.{key}: others on this machine can read {secret.place}. Make it yours alone: chmod 600 {secret.place}"
        for key, secret in _places(section).items()
        if secret is not None and secret.exposed
    )


def tokens(section: SlackSection) -> Tokens:
    """The tokens as they are now. Raises UsageError with everything that is wrong with them."""
    found, problems = read(section)
    if problems:
        raise UsageError("\n".join(f"{problem}." for problem in problems))
    return Tokens(bot=found["bot_token"], secret=found.get("signing_secret"), app=found.get("app_token"))


def _places(section: SlackSection) -> dict[str, Secret | None]:
    if section.mode == "http":
        return {"bot_token": section.bot_token, "signing_secret": section.signing_secret}
    return {"bot_token": section.bot_token, "app_token": section.app_token}


def _misplaced(secrets: dict[str, str], places: dict[str, Secret | None]) -> list[tuple[str, str]]:
    """The keys that hold another kind of secret, with what is to be said about it; "" where that was said already."""
    kinds = {key: kind_of(secret) for key, secret in secrets.items()}
    if kinds.get("bot_token") == "app" and kinds.get("app_token") == "bot":
        said = (
            f"the tokens are swapped: slack.bot_token ({places['bot_token']}) holds {_KINDS['app']} and slack.app_token "
            f"({places['app_token']}) {_KINDS['bot']}. Swap them"
        )
        return [("bot_token", said), ("app_token", "")]
    found = []
    for key, kind in kinds.items():
        # Signing secrets have no prefix: all that can be told is that a token isn't one.
        right = kind in ("signing", "other") if key == "signing_secret" else kind == key.removesuffix("_token")
        if not right:
            also = " and turn token rotation off for the app" if kind == "rotating" else ""
            found.append((key, f"slack.{key} ({places[key]}) holds {_KINDS[kind]}. Put {_FROM[key]} there{also}"))
    return found


def wanted(settings: Settings) -> Wanted:
    """What the app is to be able to do, by the settings."""
    section, team = settings.slack, settings.team
    email, groups = bool(team.host_email_domains), bool(team.slack_user_groups)
    if section is None:
        return Wanted(email=email, groups=groups, reports=settings.reports.auto_dms)
    return Wanted(
        private=section.private_channels,
        email=email,
        groups=groups,
        dm=section.direct_messages,
        http=section.mode == "http",
        reports=settings.reports.auto_dms,
    )
