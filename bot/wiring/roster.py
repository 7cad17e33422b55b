"""Who is on the team in an archive: said on the command line, in the settings, or told by the archive itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from bot.domain.events import Event, Posted
from bot.domain.messages import Message
from bot.domain.people import Role, Team
from bot.errors import UsageError
from bot.ports import Archive, ArchivePerson

MOST_SUGGESTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The team of an archive, and what everybody is. `how` says in words where it comes from."""

    team: Team
    how: str
    apps: frozenset[str]
    customers: frozenset[str] = frozenset()

    def role(self, person: str, message: Message) -> Role:
        """What an author is. Explicit customers win, then members; everybody unknown is a customer."""
        if person in self.customers:
            return Role.CUSTOMER
        if person in self.team.members:
            return Role.MEMBER
        return Role.APP if person in self.apps else Role.CUSTOMER


def read_names(arguments: Sequence[str]) -> tuple[str, ...]:
    """The names and ids of `--team` arguments; `@FILE` stands for the lines of a file (# starts a comment line).

    Raises UsageError when a file can't be read or holds no name.
    """
    names: list[str] = []
    for argument in arguments:
        if not argument.startswith("@"):
            names.append(argument.strip())
            continue
        path = Path(argument[1:])
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except OSError as error:
            raise UsageError(f"--team @{path}: can't read the file ({error.strerror}). Give one name or id a line.") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"--team @{path}: the file isn't UTF-8 text. Give one name or id a line.") from error
        found = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
        if not found:
            raise UsageError(f"--team @{path}: the file names nobody. Give one name or id a line.")
        names += found
    return tuple(name for name in names if name)


def having(people: Mapping[str, ArchivePerson], roles: Iterable[str]) -> tuple[str, ...]:
    """The ids of those who have one of these roles, by its name without case or a leading @; apps are no members."""
    wanted = {role.removeprefix("@").casefold() for role in roles}
    return tuple(
        person.id
        for person in people.values()
        if not person.app and any(role.removeprefix("@").casefold() in wanted for role in person.roles)
    )


def said(people: Mapping[str, ArchivePerson], arguments: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The ids of those meant by `--team` arguments, and how they were said. `@Role` stands for everybody with a role of that
    name, where the archive knows it; else `@FILE` is a file.

    Raises UsageError, naming the roles there are where it is neither.
    """
    known = {role.removeprefix("@").casefold(): role for person in people.values() for role in person.roles}
    roles: list[str] = []
    names: list[str] = []
    for argument in arguments:
        wanted = argument.removeprefix("@").casefold()
        if argument.startswith("@") and wanted in known:
            roles.append(wanted)
        elif argument.startswith("@") and known and not Path(argument[1:]).exists():
            listed = ", ".join(f"@{role.removeprefix('@')}" for role in sorted(known.values())[:20])
            raise UsageError(
                f"--team {argument}: nobody in the archive has a role of that name, and there is no such file. Roles: {listed}."
            )
        else:
            names.append(argument)
    members = having(people, roles) + (named(people, read_names(names)) if names else ())
    if roles and not members:
        raise UsageError(f"--team @{known[roles[0]]}: only apps have that role in the archive. Name another role, or people.")
    how = "said with --team"
    if roles:
        how += (
            " (everybody with the role " + ", ".join(f"@{known[role].removeprefix('@')}" for role in dict.fromkeys(roles)) + ")"
        )
    return tuple(dict.fromkeys(members)), how


def named(people: Mapping[str, ArchivePerson], names: Iterable[str]) -> tuple[str, ...]:
    """The ids of the people meant by these names or ids; names are compared without case or a leading @.

    Raises UsageError naming every name that fits nobody (with the nearest) or several people (with their ids).
    """
    by_name: dict[str, list[str]] = {}
    for person in people.values():
        for name in dict.fromkeys(name.casefold() for name in person.names):
            by_name.setdefault(name, []).append(person.id)
    found: list[str] = []
    problems: list[str] = []
    for name in names:
        wanted = name.removeprefix("@").casefold()
        ids = [name] if name in people else by_name.get(wanted, [])
        if len(ids) == 1:
            found.append(ids[0])
        elif ids:
            problems.append(f"{name!r} is the name of {len(ids)} people: pass one of the ids {', '.join(sorted(ids))}")
        else:
            near = get_close_matches(wanted, by_name, n=1)
            shown = f" Did you mean {people[by_name[near[0]][0]].names[0]!r}?" if near else ""
            problems.append(f"nobody in the archive is called {name!r}.{shown}")
    if problems:
        raise UsageError("--team: " + "\n        ".join(problems))
    return tuple(dict.fromkeys(found))


def from_archive(archive: Archive) -> tuple[str, ...] | None:
    """The team as the archive itself tells it: the home workspace's own people, where others (guests, people of another
    organisation) are there too. None where everybody looks alike."""
    people = [person for person in archive.people.values() if not person.app]
    outside = [person for person in people if _is_outside(person, archive.home)]
    if not outside:
        return None
    inside = tuple(person.id for person in people if not _is_outside(person, archive.home) and not person.deleted)
    return inside or None


def _is_outside(person: ArchivePerson, home: str | None) -> bool:
    elsewhere = home is not None and person.home is not None and person.home != home
    return person.guest or person.stranger or elsewhere


def likely_members(events: Iterable[Event], people: Mapping[str, ArchivePerson]) -> list[tuple[str, int]]:
    """The people who most look like the team: (id, how many different people they wrote to), most first.

    Writing to somebody means naming or mentioning them, or posting in a thread they started. The team answers many
    people; a customer deals with few.
    """
    starters: dict[tuple[str, str], str] = {}
    written_to: dict[str, set[str]] = {}
    by_name = {name.casefold(): person.id for person in people.values() for name in person.names}
    for event in events:
        if not isinstance(event, Posted) or event.message.marks or event.message.role is Role.APP:
            continue
        message = event.message
        reached = set(message.mentions)
        if message.thread is None:
            starters[message.channel, message.id] = message.author
        elif (message.channel, message.thread) in starters:
            reached.add(starters[message.channel, message.thread])
        first = message.text.split(maxsplit=1)[0].strip("@:,").casefold() if message.text.strip() else ""
        if first in by_name:
            reached.add(by_name[first])
        reached.discard(message.author)
        if reached:
            written_to.setdefault(message.author, set()).update(reached)
    counts = Counter({person: len(reached) for person, reached in written_to.items()})
    return [(person, count) for person, count in counts.most_common(MOST_SUGGESTED) if count > 1]
