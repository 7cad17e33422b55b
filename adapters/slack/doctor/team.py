"""What `realreply doctor` says about the people: who is on the team by settings and Slack, and who can't be."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.slack.checks import Access
from adapters.slack.directory import Directory
from adapters.slack.doctor.expected import Expected, ExpectedMember
from adapters.slack.workspace import SlackWorkspace
from bot.domain.people import Team
from bot.ports import Finding
from bot.ports.examination import listed

PROFILE = "copy it from their Slack profile (More, Copy member ID), or take the entry out"


async def examine_team(directory: Directory, workspace: SlackWorkspace, access: Access, expected: Expected) -> list[Finding]:
    """The findings about the team. The directory was started."""
    await directory.ensure(
        [member.id for member in expected.members], within=None
    )  # in a large workspace not everybody was listed
    team = workspace.team()
    found = [_of_team(directory, team)]
    found += [finding for member in expected.members if (finding := _of_member(directory, member)) is not None]
    found += [
        Finding(
            level="bad",
            says=f"the workspace has no user group @{group}, which team.slack_user_groups names",
            do="correct the handle, or make the group in Slack",
        )
        for group in directory.groups_missing
    ]
    both = [who for who in expected.customers if who in directory.group_people]
    if both:
        says = f"{listed([directory.name(who) for who in both])}: in a user group of the team and in team.customers"
        found.append(Finding(level="note", says=f"{says}; they count as customers", do="take them out of one of the two"))
    if not directory.at_home:
        says = (
            f"team.home_workspace is {expected.home_workspace}, but the app is installed in {access.workspace} "
            f"({access.team_id}): its people count as customers unless they are listed"
        )
        do = f'if {access.workspace} is the team\'s own workspace, write home_workspace = "{access.team_id}" or leave it out'
        found.append(Finding(level="note", says=says, do=do))
    if team.members:
        found += _of_roles(expected, team)
    return found


def _of_team(directory: Directory, team: Team) -> Finding:
    if not team.members:
        do = "list the team's ids under [[members]], or name their user group in team.slack_user_groups"
        return Finding(level="bad", says="nobody is on the team: everybody counts as a customer, and nobody is reminded", do=do)
    names = listed(sorted(directory.name(who) for who in team.members))
    return Finding(level="good", says=f"on the team: {len(team.members)} ({names})")


def _of_member(directory: Directory, member: ExpectedMember) -> Finding | None:
    """What is wrong with an entry of [[members]]; None when nothing is."""
    who = f"{member.name} ({member.id}) in [[members]]"
    account = directory.account(member.id)
    if account is None:
        return Finding(level="bad", says=f"{who}: Slack knows nobody by this id", do=PROFILE)
    if account.person.app:
        says = f"{who} is an app: what it posts is never a person's answer"
        return Finding(level="bad", says=says, do="list a person instead, or a relay people speak through in slack.trusted_apps")
    if not account.active:
        asked = listed([role for role, has in (("lead", member.lead), ("on duty", member.duty)) if has])
        says = f"{who}: the account was deactivated" + (f", and is to be asked as {asked}" if asked else "")
        return Finding(level="bad" if asked else "note", says=says, do="take the entry out")
    if account.standing == "stranger":
        says = f"{who} has an account of another organisation; being listed, they are on the team"
        return Finding(level="note", says=says, do="take the entry out if that isn't meant")
    if account.person.guest:
        says = f"{who} is a guest of the workspace; being listed, they are on the team"
        return Finding(level="note", says=says, do="take the entry out if that isn't meant")
    return None


def _of_roles(expected: Expected, team: Team) -> Iterator[Finding]:
    if not team.leads:
        says = "no member has lead = true, so every member may do what leads may: let reminders begin, choose what is watched"
        yield Finding(level="note", says=says, do="set lead = true for who should")
    if expected.asks_duty and not team.duty:
        yield Finding(
            level="note",
            says=f"the ladder asks who is on duty, and no member has duty = true: {_instead(team)} asked instead",
            do='set duty = true for somebody, or write to = "team"',
        )


def _instead(team: Team) -> str:
    return "a lead is" if team.leads else "the whole team is"
