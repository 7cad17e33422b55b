"""config.toml: what is read, and what is said when something is wrong."""

from __future__ import annotations

import re
import textwrap
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bot import logs
from bot.domain.care import Care
from bot.domain.hours import WorkingSpan
from bot.domain.people import Team
from bot.domain.preferences import ORDINARY, OwnSwitch
from bot.domain.rules import CustomerRule, Sensitivity, Step, Watch
from bot.domain.waits import Holds
from bot.errors import SettingsError, UsageError
from bot.settings import model as settings
from bot.settings.lines import locate
from bot.settings.model import RemindersSection, Settings
from bot.settings.values import Calendar, Secret
from bot.waits.reactions import MEANINGS

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def loaded(folder: Path, text: str) -> Settings:
    path = folder / "config.toml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return settings.load(path)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        loaded(folder, text)
    return list(caught.value.problems)


# What is read


def test_targets_of_channels_customers_and_newcomers(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        """
        [[channels]]
        match = "partners"
        first = "15m"
        [[customers]]
        ids = ["U7"]
        name = "Tide"
        [[customers]]
        match = "* | reef"
        name = "Reef Hotels"
        first = "5m"
        [reminders]
        newcomer_first = "0"
        promise_notice = "30m"
        patience = "0"
        """,
    )
    rules = found.channel_rules("partners")
    assert [step.after for step in rules.steps] == [900.0, 3600.0, 43200.0]
    assert rules.newcomer_first is None and rules.promise_notice == 1800.0
    assert found.channel_rules("help").steps[0].after == 1800.0
    assert found.reminders.patience == 0.0 and settings.Settings().reminders.patience == 900.0
    assert found.customer_rule("U1", ("dana", "Dana | Reef")) == CustomerRule(company="Reef Hotels", first=300.0)
    assert found.customer_rule("U7", ("Omar | Reef",)) == CustomerRule(company="Tide"), "the first entry counts"
    assert found.customer_rule("U1", ("Dana",)) == CustomerRule()
    assert settings.Settings().channel_rules("help").newcomer_first == 600.0


def test_without_a_file_questions_are_watched_and_the_default_ladder_reminds(tmp_path: Path) -> None:
    rules = Settings().channel_rules("support")
    assert rules.watch is Watch.QUESTIONS
    assert rules.sensitivity is Sensitivity.BALANCED
    assert rules.steps == (Step(after=1800, to="owner"), Step(after=7200, to="duty"), Step(after=86400, to="lead"))
    assert rules.holds == Holds()
    assert rules.keep_text
    assert loaded(tmp_path, "").channel_rules("support") == rules


def test_first_fitting_channel_decides_and_is_completed_by_the_rest(tmp_path: Path) -> None:
    given = loaded(
        tmp_path,
        """
        [[channels]]
        match = "#Help-vip"
        watch = "everything"
        steps = [{ after = "5m", to = "team" }]
        watched_words = ["harbor"]
        [[channels]]
        match = "help-*"
        judgement = "eager"
        peers_may_answer = true
        [reminders]
        on_it_reactions = [":hourglass:"]
        [reminders.holds]
        claim = "1h30m"
        [privacy]
        text = "never"
        """,
    )
    vip, other, none = (given.channel_rules(name) for name in ("help-VIP", "#help-2", "random"))
    assert (vip.watch, vip.steps) == (Watch.EVERYTHING, (Step(after=300, to="team"),))
    assert vip.watched_words == {"harbor"}
    assert (other.sensitivity, other.peers_may_answer, len(other.steps)) == (Sensitivity.EAGER, True, 3)
    assert (none.watch, none.peers_may_answer) == (Watch.QUESTIONS, False)
    for rules in (vip, other, none):
        assert rules.holds == Holds(claim=5400, holding=900, redirect=86400)
        assert rules.reactions == {"hourglass": "claim", "white_check_mark": "answered", "heavy_check_mark": "answered"}
        assert not rules.keep_text


def test_what_customers_asked_is_compared_only_where_texts_may_be_kept(tmp_path: Path) -> None:
    assert Settings().shown_care() == Care()
    never = loaded(tmp_path, '[privacy]\ntext = "never"').shown_care()
    assert not never.topics and not never.came_back and never.thanks and never.introductions
    off = loaded(tmp_path, "[care]\nthanks = false\nintroductions = false\ntopics = false\ncame_back = false").shown_care()
    assert not (off.thanks or off.introductions or off.topics or off.came_back)


def test_reactions_may_be_spelt_as_names_or_characters(tmp_path: Path) -> None:
    given = loaded(
        tmp_path,
        """
        [reminders]
        on_it_reactions = ["👀", "raising_hand::skin-tone-3"]
        answered_reactions = ["✅", "white_check_mark"]
        """,
    )
    said = {"eyes": "claim", "raising_hand": "claim", "white_check_mark": "answered"}
    assert given.channel_rules("help").reactions == said


def test_every_meaning_of_a_reaction_does_something() -> None:
    assert set(RemindersSection.REACTIONS.values()) == set(MEANINGS)


def test_a_channel_may_have_no_ladder(tmp_path: Path) -> None:
    given = loaded(tmp_path, '[[channels]]\nmatch = "quiet"\nsteps = []')
    assert given.channel_rules("quiet").steps == ()
    assert len(given.channel_rules("other").steps) == 3


def test_members_take_what_they_do_not_give_from_the_team(tmp_path: Path) -> None:
    given = loaded(
        tmp_path,
        """
        [team]
        time_zone = "Europe/Berlin"
        hours = "08:00-16:00"
        holidays = "de-by"
        [[members]]
        name = "Ana"
        slack = "U1"
        discord = "11"
        lead = true
        [[members]]
        name = "Ben"
        discord = "22"
        duty = true
        time_zone = "Asia/Tokyo"
        hours = "22:00-06:00 next day"
        days = "sat-mon, wed"
        """,
    )
    ana, ben = given.members
    assert given.member("U1") == given.member("11") == ana
    assert given.member("U9") is None
    time = given.working_time(ana)
    assert (time.time_zone, time.hours, time.days) == (
        "Europe/Berlin",
        (WorkingSpan(opens=480, closes=960),),
        frozenset(range(5)),
    )
    assert time.holidays == Calendar(country="DE", subdivision="BY")
    assert given.working_time() == time
    night = given.working_time(ben)
    assert (night.time_zone, night.hours, night.days) == ("Asia/Tokyo", (WorkingSpan(opens=1320, closes=1800),), {5, 6, 0, 2})
    assert given.team_on("slack") == Team(members=frozenset({"U1"}), leads=("U1",))
    assert given.team_on("discord") == Team(members=frozenset({"11", "22"}), leads=("11",), duty=("22",))
    assert given.accounts(["slack"]).by_member == {}, "everybody on Slack goes by their id there"
    assert given.accounts(["slack", "discord"]).by_member == {"U1": {"slack": "U1", "discord": "11"}, "22": {"discord": "22"}}
    assert given.accounts(["discord"]).by_member == {"U1": {"discord": "11"}, "22": {"discord": "22"}}


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    given = loaded(tmp_path, '[storage]\npath = "data/r.db"\n[storage.backups]\nfolder = "/var/copies"')
    assert given.storage.path == tmp_path / "data" / "r.db"
    assert given.storage.backups.folder == Path("/var/copies")
    assert loaded(tmp_path, "").storage.path == tmp_path / "realreply.db"


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().reminders.budget = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("2h", 7200), ("1d", 86400), ("1h30m", 5400), (" 1d 2h ", 93600)]
)
def test_spans(tmp_path: Path, text: str, seconds: int) -> None:
    assert loaded(tmp_path, f'[reminders.holds]\nclaim = "{text}"').reminders.holds.claim == seconds


# Secrets


def test_secrets_are_revealed_late_never_shown_and_cut_out_of_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "revealed", logs.Secrets())
    monkeypatch.delenv("BOT_TOKEN", raising=False)
    given = loaded(tmp_path, '[slack]\nbot_token = "env:BOT_TOKEN"\napp_token = "file:app"\n')
    assert given.slack is not None and given.slack.bot_token is not None and given.slack.app_token is not None
    with pytest.raises(UsageError, match="BOT_TOKEN isn't set"):
        given.slack.bot_token.reveal()
    with pytest.raises(UsageError, match=re.escape(str(tmp_path / "app"))):
        given.slack.app_token.reveal()
    monkeypatch.setenv("BOT_TOKEN", "swordfish-1")
    (tmp_path / "app").write_text("swordfish-2\n", encoding="utf-8")
    assert given.slack.bot_token.reveal() == "swordfish-1"
    assert given.slack.app_token.reveal() == "swordfish-2"
    assert "swordfish" not in repr(given) + str(given.slack.app_token)
    assert logs.redacted("swordfish-1 swordfish-2") == f"{logs.HIDDEN} {logs.HIDDEN}"


@pytest.mark.parametrize("content", [b"", b"  \n", b"two words", b"\xff\xfe", b"x" * 9000])
def test_odd_secret_files_are_refused_without_their_content(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        Secret(kind="file", place=str(tmp_path / "odd")).reveal()
    assert "two words" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "value",
    [
        '"xoxb-1234567890-abcdefgh"',
        '"env:xoxb-1234567890-abcdefgh"',
        '"file:xoxb-1234567890-abcdefgh"',
        '"env:abcdef0123456789abcdef0123456789"',
        '"plainsecret"',
        "1234567890",
        '["xoxb-1234567890-abcdefgh"]',
        '"env:"',
        '"file:"',
    ],
)
def test_a_literal_secret_is_refused_and_not_repeated(tmp_path: Path, value: str) -> None:
    (found,) = problems(tmp_path, f'[slack]\nmode = "http"\nsigning_secret = "env:S"\nbot_token = {value}\n')
    assert found.startswith("line 4: slack.bot_token: ")
    assert 'write "env:NAME"' in found
    for part in ("1234567890", "abcdef", "plainsecret"):
        assert part not in found


def test_a_token_in_the_wrong_place_is_not_repeated_either(tmp_path: Path) -> None:
    found = problems(tmp_path, '[team]\ntime_zone = "xoxb-1234567890-abcdefgh"\n[slack]\nbot_tokn = "xoxb-1234567890-abcdefgh"')
    assert len(found) == 2
    assert "1234567890" not in "".join(found)


# What is wrong


def test_everything_wrong_is_said_at_once_by_line_and_key(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """\
        [team]
        nam = "x"
        time_zone = "Europe/Berlim"
        hours = "17:00-09:00"

        [[members]]
        name = "Ana"
        slack = "@ana"
        [[members]]
        slack = "U2"
        lead = "yes"
        [reminders]
        budget = 300
        digests = []
        steps = [
            { after = "2h", to = "owner" },
            { after = 30, to = "leed" },
        ]
        """,
    )
    starts = [
        "line 2: team.nam: there is no such key; did you mean name?",
        'line 3: team.time_zone: "Europe/Berlim" is not a time zone; did you mean "Europe/Berlin"?',
        'line 4: team.hours: “17:00-09:00” ends before it starts; for a night shift write "17:00-09:00 next day"',
        'line 8: members.slack: "@ana" is not a Slack member id; write it like "U024BE7LH"',
        "line 9: members.name: missing",
        'line 11: members.lead: "yes" is neither true nor false; write one of them, without quotes',
        "line 13: reminders.budget: 300 is too large; write 100 or less",
        "line 14: reminders.digests: there is no such key; did you mean digest?",
        "line 17: reminders.steps.after: 30 has no unit; write for example",
        'line 17: reminders.steps.to: "leed" is none of "owner", "duty", "lead", "team"; did you mean "lead"?',
    ]
    assert len(found) == len(starts)
    for said, start in zip(found, starts, strict=True):
        assert said.startswith(start)


TWO = '[[members]]\nname = "Ana"\nslack = "U1"\n[[members]]\nname = "Ben"\nslack = "U2"\n'

CONTRADICTIONS = [
    ('[[customers]]\nname = "Reef"', "line 1: customers: it names no customer"),
    ('[[customers]]\nmatch = "Reef *"', "line 1: customers: it says nothing of them"),
    (
        '[[customers]]\nids = ["U9"]\nname = "Reef"\n[[customers]]\nids = ["U9"]\nname = "Tide"',
        'line 5: customers.ids: "U9" is in an entry already (line 2)',
    ),
    (
        '[[customers]]\nmatch = "r*"\nname = "Reef"\n[[customers]]\nmatch = "R*"\nname = "Tide"',
        'line 5: customers.match: "R*" is matched already (line 2)',
    ),
    (TWO + '[[customers]]\nids = ["U2"]\nfirst = "5m"', 'line 8: customers.ids: "U2" is a member (line 4)'),
    ('[[channels]]\nmatch = "help"\nsteps = []\nfirst = "5m"', "line 4: channels.first: a ladder of its own (line 3)"),
    ('[reminders]\nsteps = []\n[[channels]]\nmatch = "help"\nfirst = "5m"', "line 5: channels.first: there is no ladder"),
    (TWO.replace("Ben", "ANA"), 'line 5: members.name: "ANA" is a member already (line 2)'),
    (TWO.replace("U2", "U1"), 'line 6: members.slack: "U1" belongs to another member already (line 3)'),
    ('[[members]]\nname = "Ana"', 'line 1: members: "Ana" has no id'),
    ('[team]\ncustomers = ["U1"]\n' + TWO, 'line 2: team.customers: "U1" is a member (line 3)'),
    ('[team]\ncustomers = ["U1",\n"U1"]', 'line 3: team.customers: "U1" is listed already (line 2)'),
    ('[[channels]]\nmatch = "help"\n[[channels]]\nmatch = "#HELP"', 'line 4: channels.match: "HELP" is matched already (line 2)'),
    ('[[channels]]\nmatch = "*"\n[[channels]]\nmatch = "help"', 'line 4: channels.match: "help" is never reached'),
    (
        '[reminders]\ndestination = "#team"\n[[channels]]\nmatch = "team"',
        'line 4: channels.match: "team" is where reminders go (line 2)',
    ),
    (
        '[reminders]\nsteps = [{after="2h", to="owner"},\n{after="2h", to="team"}]',
        "line 3: reminders.steps.after: a step must come later than the one before it (line 2)",
    ),
    (
        '[[channels]]\nmatch = "a"\nsteps = [{after="2h", to="owner"}, {after="1h", to="team"}]',
        "line 3: channels.steps.after: a step must come later",
    ),
    (TWO + '[reminders]\nsteps = [{after="2h", to="lead"}]', "line 8: reminders.steps.to: no member has lead = true"),
    (TWO + '[reminders]\nsteps = [{after="2h", to="duty"}]', "line 8: reminders.steps.to: no member has duty = true"),
    (
        '[reminders]\non_it_reactions = ["a"]\nanswered_reactions = ["b", "a"]',
        'line 3: reminders.answered_reactions: "a" has a meaning already (line 2)',
    ),
    (
        '[reminders]\non_it_reactions = ["✅"]\nanswered_reactions = ["white_check_mark"]',
        'line 3: reminders.answered_reactions: "white_check_mark" has a meaning already (line 2)',
    ),
    ('[reminders]\non_it_reactions = ["a", "a"]', 'line 2: reminders.on_it_reactions: "a" has a meaning already (line 2)'),
    ('[reminders]\nanswered_reactions = ["👀"]', 'line 2: reminders.answered_reactions: "👀" is among the defaults of on_it'),
    ('[reminders]\nanswered_reactions = ["eyes"]', 'line 2: reminders.answered_reactions: "eyes" is among the defaults of on_it'),
    (
        '[reminders]\ndigest = [{at="09:00"},\n{at="09:00", days="fri-sat"}]',
        "line 3: reminders.digest: another digest (line 2) has the same day and time",
    ),
    ('[privacy]\nkeep_messages = "30d"\nkeep_waits = "7d"', "line 3: privacy.keep_waits: waits would be forgotten"),
    ('[slack]\napp_token = "env:A"', "line 1: slack: the section is there without bot_token"),
    ('[slack]\nbot_token = "env:B"', 'line 1: slack.mode: mode "socket" needs app_token'),
    ('[slack]\nbot_token = "env:B"\nmode = "http"', 'line 3: slack.mode: mode "http" needs signing_secret'),
    ('[discord]\n[[discord.guilds]]\nid = "1"', "line 1: discord: the section is there without token"),
    ('[discord]\ntoken = "env:D"', "line 1: discord: no server is named"),
    ('[[members]]\nname = "A"\nslack = "U1"\nrelayed_as = ["Al"]', "line 4: members.relayed_as: what comes through a relay"),
    ('[[members]]\nname = "A"\ndiscord = "1"\nrelayed_as = ["Al"]', "line 4: members.relayed_as: there is no relay"),
    (
        '[discord]\ntoken = "env:D"\n[[discord.guilds]]\nid = "1"\n[[discord.guilds]]\nid = "1"',
        'line 6: discord.guilds.id: "1" is named already (line 4)',
    ),
]


@pytest.mark.parametrize(("text", "start"), CONTRADICTIONS, ids=[start.split(": ")[1] for _, start in CONTRADICTIONS])
def test_contradictions(tmp_path: Path, text: str, start: str) -> None:
    (found,) = problems(tmp_path, text)
    assert found.startswith(start)


def test_a_discord_server(tmp_path: Path) -> None:
    text = """
        [discord]
        token = "env:DISCORD_TOKEN"
        relays = ["466378653216014359"]

        [[discord.guilds]]
        id = "41771983423143937"
        team_roles = ["Support"]
        channels = ["#help", "ask-*"]
        destination = "#support-team"
        solved_tags = ["solved"]

        [[discord.guilds]]
        id = "41771983423143938"
    """
    section = loaded(tmp_path, text).discord
    assert section is not None
    first, second = section.guilds
    assert (first.channels, first.destination, first.solved_tags) == (("help", "ask-*"), "support-team", ("solved",))
    assert (second.team_roles, second.channels, second.destination) == ((), ("*",), None)
    assert section.first_read == 30 * 86_400


def test_a_role_that_everybody_in_a_discord_server_has_makes_no_team(tmp_path: Path) -> None:
    text = """
        [team]
        discord_roles = ["Support", "@Everyone"]

        [discord]
        token = "env:DISCORD_TOKEN"

        [[discord.guilds]]
        id = "41771983423143937"
        team_roles = ["everyone", "Support"]

        [[discord.guilds]]
        id = "41771983423143938"
        team_roles = ["41771983423143937", "41771983423143938"]
    """
    found = problems(tmp_path, text)
    assert [said.split(":")[:2] for said in found] == [
        ["line 3", " team.discord_roles"],
        ["line 10", " discord.guilds.team_roles"],
        ["line 14", " discord.guilds.team_roles"],
        ["line 14", " discord.guilds.team_roles"],
    ]
    assert all("everybody in a server has" in said and "no customer" in said for said in found)


def test_contradictions_are_found_beside_other_faults_and_on_their_own_lines(tmp_path: Path) -> None:
    # The faulty first member is left out of the search: the lines of the others must not move up with it.
    found = problems(tmp_path, '[[members]]\nslack = "U7"\n' + TWO.replace("U2", "U1") + "[reminders]\nbudget = -1")
    assert [said.split(";")[0] for said in found] == [
        "line 1: members.name: missing",
        'line 8: members.slack: "U1" belongs to another member already (line 5)',
        "line 10: reminders.budget: -1 is too small",
    ]


def test_a_fault_is_not_taken_for_something_missing(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, TWO + 'lead = "yes"\n[reminders]\nsteps = [{after="2h", to="lead"}]')
    assert "members.lead" in found


def test_the_default_ladder_needs_no_lead(tmp_path: Path) -> None:
    assert len(loaded(tmp_path, TWO).members) == 2


@pytest.mark.parametrize(
    ("key", "value", "part"),
    [
        ("team.hours", '"9-"', "are no hours"),
        ("team.hours", '"1-5"', "did you mean 13:00-17:00 or 01:00-05:00?"),
        ("team.hours", '"09:00-12:00, lunch"', "are no hours"),
        ("team.hours", '"mon 09:00-12:00"', "are no hours"),
        ("team.time_zone", '"EST"', 'did you mean "America/New_York" or "America/Panama"?'),
        ("team.time_zone", '"UTC+2"', 'did you mean "Etc/GMT-2"?'),
        ("team.time_zone", '"IST"', 'did you mean "Asia/Kolkata", "Europe/Dublin" or "Asia/Jerusalem"?'),
        ("team.time_zone", '"PST"', 'did you mean "America/Los_Angeles" or "Asia/Manila"?'),
        ("team.time_zone", '"Berlin"', 'did you mean "Europe/Berlin"?'),
        ("team.time_zone", '"europe/berlin"', 'did you mean "Europe/Berlin"?'),
        ("team.time_zone", '"XYZ"', "write one of the IANA database"),
        ("team.hours", '"09:00-25:00"', "a day runs from 00:00 to 24:00"),
        ("team.hours", '"09:00-09:00"', "no time at all"),
        ("team.hours", '"09:00-17:00 next day"', 'without "next day"'),
        ("team.hours", "09:00:00", "is not a text"),
        ("team.days", '"mon-fry"', 'write for example "mon-fri"'),
        ("team.days", '""', 'write for example "mon-fri"'),
        ("team.holidays", '"XX"', "names no country"),
        ("team.holidays", '"DE-QQ"', "known are BB, BE"),
        ("team.holidays", '"AF-X"', 'write "AF"'),
        ("team.time_zone", '"../../etc/passwd"', "is not a time zone"),
        ("team.customers", '"U1"', "is not a list"),
        ("team.customers", "[1]", "names and ids are texts"),
        ("team.host_email_domains", '["ana@harbor.example"]', "is not an e-mail domain"),
        ("team.name", '"  "', "is not a name"),
        ("team", "3", "is not a table; write [team]"),
        ("team", "[{}]", "write [team], once"),
        ("members", '{ name = "Ana" }', "write [[members]], with two brackets"),
        ("members", '["Ana"]', "is not an entry"),
        ("reminders.steps", "3", "is not a list of tables"),
        ("reminders.steps", '{ after = "1h", to = "team" }', "is not a list of tables"),
        ("reminders.budget", "3.5", "is not a whole number"),
        ("reminders.budget", "true", "is not a whole number"),
        ("reminders.budget", "0x" + "f" * 5000, "a number of very many digits"),
        ("reminders.steps", '[{ after = "4000d", to = "team" }]', "is out of range"),
        ("reminders.steps", '[{ after = "0m", to = "team" }]', "is out of range"),
        ("reminders.steps", '[{ after = "30", to = "team" }]', '"30" has no unit'),
        ("reminders.digest", '[{ at = "24:00" }]', 'write "00:00"'),
        ("reminders.claim", '"2h"', "it belongs into [reminders.holds]"),
        ("reminders.on_it_reactions", '[":"]', "is not an emoji"),
        ("reminders.destination", '"#"', "names no channel"),
        ("storage.backups.keep", "0", "too small; write 1 or more"),
        ("storage.path", '""', "is not a path"),
        ("zzz", "1", "known here are team, members, channels"),
        ('"a\\nb"', "1", "there is no such key"),
    ],
)
def test_single_faults(tmp_path: Path, key: str, value: str, part: str) -> None:
    (found,) = problems(tmp_path, f"# first\n{key} = {value}\n")
    assert found.startswith("line 2: ")
    assert part in found
    assert "\n" not in found


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a = 1\na = 2\n", "line 2: not TOML: cannot overwrite a value"),
        ("[team]\n[team]\n", "line 2: not TOML: cannot declare"),
        ("\n[team]\nname = Ana\n", "line 3: not TOML: invalid value at column 8; texts stand in quotes"),
        ('[team]\nname = "Ana\ndays = "mon"\n', "line 2: not TOML: illegal character"),
        ("[team]\nname\n", "line 2: not TOML: expected '=' after a key"),
        ("x = [\n1,\n\n", "line 2: not TOML: invalid value at the end of the file"),
        ("x = " + "9" * 5000, "line 1: a number has too many digits"),
        ("\nx = " + "[" * 3000, "line 2: values stand inside one another too deeply"),
        ("\nx = " + "{a=" * 3000, "line 2: values stand inside one another too deeply"),
    ],
)
def test_what_is_not_toml_is_told_by_line(tmp_path: Path, text: str, start: str) -> None:
    (found,) = problems(tmp_path, text)
    assert found.startswith(start)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(SettingsError) as caught:
            settings.load(path)
        assert str(caught.value).startswith(str(path))
        (only,) = caught.value.problems
        return only

    assert "no such file; copy config.example.toml there" in said(tmp_path / "none.toml")
    assert "this is a folder" in said(tmp_path)
    assert "can't be read" in said(tmp_path / "nul\0.toml")
    odd = tmp_path / "odd.toml"
    odd.write_bytes(b'[team]\nname = "caf\xe9"\n')
    assert said(odd) == "line 2: byte 0xe9 here isn't UTF-8; save the file as UTF-8"
    odd.write_bytes("[team]".encode("utf-16"))
    assert said(odd) == "line 1: the file is UTF-16; save the file as UTF-8"
    odd.write_bytes(b"#" * (1 << 20) + b"\n")
    assert "larger than 1 MiB" in said(odd)


def test_a_byte_order_mark_and_windows_line_ends_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbf[team]\r\nname = "Harbor"\r\n')
    assert settings.load(path).team.name == "Harbor"
    path.write_bytes(b'\xef\xbb\xbf[team]\r\n\r\nnam = "Harbor"\r\n')
    with pytest.raises(SettingsError, match=r"line 3: team\.nam"):
        settings.load(path)


def test_a_wrong_file_does_not_flood(tmp_path: Path) -> None:
    found = problems(tmp_path, "\n".join(f"key{number} = 1" for number in range(500)))
    assert len(found) == 101
    assert found[-1] == "line 500: 400 more problems up to this line"


# Where things stand


def test_lines_of_keys_in_every_form() -> None:
    text = textwrap.dedent(
        '''\
        # comment with [brackets] = "x
        a.b = 1
        "q \\U0001F600.x" = """
        [[no]]
        not = "a key"
        """
        [t]
        k = [
          1, # ] }
          { q = 'a,}]', "w.z" = [ 2,
           3 ] },
        ]
        [[m]]
        n = \'\'\'it\'s
        [x]\'\'\'\'
        [[m]]
        when = 1979-05-27 07:32:00 # with a space
        [m.sub.deep]
        d = """"quoted\\""""
        [[m.list]]
        z = ""
        y = """two at the end"""""
        e = []
        '''
    )
    places = locate(text)
    expected = {
        ("a",): 2,
        ("a", "b"): 2,
        ("q \U0001f600.x",): 3,
        ("t",): 7,
        ("t", "k"): 8,
        ("t", "k", 0): 9,
        ("t", "k", 1): 10,
        ("t", "k", 1, "q"): 10,
        ("t", "k", 1, "w.z"): 10,
        ("t", "k", 1, "w.z", 0): 10,
        ("t", "k", 1, "w.z", 1): 11,
        ("m",): 13,
        ("m", 0): 13,
        ("m", 0, "n"): 14,
        ("m", 1): 16,
        ("m", 1, "when"): 17,
        ("m", 1, "sub"): 18,
        ("m", 1, "sub", "deep"): 18,
        ("m", 1, "sub", "deep", "d"): 19,
        ("m", 1, "list"): 20,
        ("m", 1, "list", 0): 20,
        ("m", 1, "list", 0, "z"): 21,
        ("m", 1, "list", 0, "y"): 22,
        ("m", 1, "list", 0, "e"): 23,
    }
    tomllib.loads(text)
    assert {path: places.line(path) for path in places} == expected
    assert places.line(("m", 1, "missing", 3)) == 16
    assert places.line(("nothing",)) == 1


def test_what_members_want_to_be_told(tmp_path: Path) -> None:
    given = loaded(
        tmp_path,
        """
        [[members]]
        name = "Ana"
        slack = "U1"
        budget = 0
        only_mine = true
        wants = ["digests"]
        [[members]]
        name = "Ben"
        slack = "U2"
        """,
    )
    assert given.switch_of("U1") == OwnSwitch(budget=0, only_mine=True, wanted=frozenset({"digests"}))
    assert given.switch_of("U2") == given.switch_of("U9") == ORDINARY
    (problem,) = problems(tmp_path, '[[members]]\nname = "Ana"\nslack = "U1"\nwants = ["newsletters"]\n')
    assert "newsletters" in problem and "reminders" in problem


# config.example.toml


def section_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := section_in(part))), None)


def keys_of(kind: type[BaseModel], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], tuple[type[BaseModel], str]]:
    found = {}
    for name, field in kind.model_fields.items():
        found[(*path, name)] = (kind, name)
        section = section_in(field.annotation)
        if section is not None:
            found |= keys_of(section, (*path, name))
    return found


def without_positions(path: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))


def test_the_example_is_valid_and_has_every_key_and_no_other() -> None:
    settings.load(EXAMPLE)
    shown = {without_positions(path) for path in locate(EXAMPLE.read_text(encoding="utf-8"))}
    assert shown - {()} == set(keys_of(Settings))


def test_the_example_tells_every_default_as_it_is() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    lines, places, model = text.split("\n"), locate(text), keys_of(Settings)
    raw = tomllib.loads(text)
    checked = set()
    for path in places:
        key = without_positions(path)
        here = places.line(path)
        if not key or key in checked or isinstance(path[-1], int) or not lines[here - 1].startswith(str(path[-1])):
            continue  # tables and entries inside a line
        checked.add(key)
        block = " ".join(line.removeprefix("# ") for line in comment_above(lines, here - 1))
        kind, name = model[key]
        field = kind.model_fields[name]
        told = re.search(r"Default: (.*)$", block)
        assert (told is None) == field.is_required(), f"{'.'.join(key)}: {'needs' if told is None else 'has'} a default"
        if told is None:
            continue
        if told[1].startswith(("none", "the team's", "the one of")):
            expected: Any = None
        elif told[1] == "the three steps below":
            expected = raw["reminders"]["steps"]
        else:
            expected = tomllib.loads(f"x = {told[1]}")["x"]
        default = field.get_default()
        assert plain(default) == plain(expected), f"{'.'.join(key)}: the default is {default!r}"
    assert len(checked) > 45


def comment_above(lines: list[str], index: int) -> list[str]:
    """The comment right above a line; keys that follow one another without comments share the one above the first."""
    while not lines[index - 1].startswith("#") and lines[index - 1] and not lines[index - 1].startswith("["):
        index -= 1
    end = index
    while lines[index - 1].startswith("#"):
        index -= 1
    return lines[index:end]


def plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    return str(value) if isinstance(value, Path) else value
