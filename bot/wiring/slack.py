"""Slack for `realreply run` and `doctor`, by the settings. Composition only."""

from __future__ import annotations

import structlog

from adapters.slack.accounts import WhoIsWho
from adapters.slack.connection import SlackConnection, SlackOptions
from adapters.slack.doctor.examination import SlackExamination
from adapters.slack.doctor.expected import Expected, ExpectedChannels, ExpectedMember
from adapters.slack.listening import PING
from bot.domain.durations import Seconds
from bot.ports import Clock
from bot.settings.model import Settings, SlackSection
from bot.wiring.build import Timing
from bot.wiring.slack_tokens import exposed, read, tokens, wanted

log = structlog.get_logger()


def connect(settings: Settings, section: SlackSection, *, time: Timing, ping: Seconds = PING) -> SlackConnection:
    """The connection to Slack, not open yet. Raises UsageError when a token is missing or wrong."""
    for sentence in exposed(section):
        log.warning("secret_exposed", say=sentence)
    return SlackConnection(tokens(section), options(settings, section, ping=ping), clock=time.clock, sleep=time.sleep)


def options(settings: Settings, section: SlackSection, *, ping: Seconds = PING) -> SlackOptions:
    """What the settings say about Slack."""
    listed = settings.team_on("slack")
    return SlackOptions(
        who=WhoIsWho(
            members=listed.members,
            customers=frozenset(settings.team.customers),
            user_groups=settings.team.slack_user_groups,
            home_workspace=settings.team.home_workspace,
            email_domains=frozenset(settings.team.host_email_domains),
            trusted_apps=frozenset(section.trusted_apps),
        ),
        listed=listed,
        destination=settings.reminders.destination,
        listen=section.listen,
        first_read=section.first_read,
        threads=section.threads,
        api=section.api,
        ping=ping,
    )


def examination(settings: Settings, section: SlackSection, *, clock: Clock) -> SlackExamination:
    """What looks at Slack for the doctor, whatever is wrong with the tokens."""
    secrets, problems = read(section)
    ladders = (settings.reminders.steps, *(entry.steps or () for entry in settings.channels))
    expected = Expected(
        members=tuple(
            ExpectedMember(name=member.name, id=member.slack, lead=member.lead, duty=member.duty)
            for member in settings.members
            if member.slack is not None
        ),
        channels=tuple(ExpectedChannels(match=entry.match, fits=entry.fits) for entry in settings.channels),
        customers=settings.team.customers,
        home_workspace=settings.team.home_workspace,
        asks_duty=any(rung.to == "duty" for ladder in ladders for rung in ladder),
    )
    return SlackExamination(
        secrets, problems, options(settings, section), wanted(settings), expected, clock=clock, exposed=exposed(section)
    )
