"""What is worth a tip, and what isn't: precision first."""

from __future__ import annotations

import pytest

from bot.domain.preferences import OwnSwitch
from bot.domain.tips import ALL_TIPS, APART, TipKind
from bot.domain.writes import SeeTip
from bot.settings.model import Settings
from bot.wiring.live import policy
from tests.coaching.town import LINE, QUESTION, CoachedTown
from tests.waits.world import DAY, HOUR

NEWS = "Join our meetup on Thursday evening in Lisbon, with talks about exports, tables and charts by three customers of ours."
OFFER = "Welcome! Book a demo with us and get 20 % off the yearly plan: https://harbor.example/pro"


# -- canned


def test_the_third_customer_within_a_month_makes_a_tip_with_count_and_places() -> None:
    town = CoachedTown()
    said = [town.answers("ana", who) for who in ("dana", "omar")]
    assert town.tips() == []
    town.passes(20 * DAY)
    said.append(town.answers("ana", "pia"))
    (tip,) = town.tips()
    assert (tip.kind, tip.member, tip.count) == (TipKind.CANNED, "ana", 3)
    assert [one.id for one in tip.messages] == [one.id for one in said]


def test_a_name_and_a_greeting_make_no_other_text() -> None:
    town = CoachedTown()
    for who in ("dana", "omar", "pia"):
        town.answers("ana", who, f"Hi {who.title()}, {LINE}")
    assert [tip.count for tip in town.tips()] == [3]


def test_a_welcome_that_is_copied_for_each_who_comes_is_one_too() -> None:
    town = CoachedTown()
    line = "welcome to our community, please introduce yourself in the lounge and read the rules before you post pictures"
    for who in ("dana", "omar", "ben", "pia"):
        town.says("ana", f"@{who.title()} {line}", mentions=(who,))
    assert [(tip.kind, tip.count) for tip in town.tips()] == [(TipKind.CANNED, 3)]


def test_it_is_rebuilt_from_storage_alone() -> None:
    town = CoachedTown()
    for who in ("dana", "omar", "pia"):
        town.restart()
        town.answers("ana", who, channel=f"help-{who}")
    assert [tip.kind for tip in town.tips()] == [TipKind.CANNED]


@pytest.mark.parametrize(
    ("whom", "by", "apart"),
    [
        (("dana", "omar"), ("ana", "ana"), 0.0),
        (("dana", "omar", "dana"), ("ana", "ana", "ana"), 0.0),
        (("dana", "omar", "pia"), ("ana", "ben", "ana"), 0.0),
        (("dana", "omar", "pia"), ("ana", "ana", "ana"), 16 * DAY),
    ],
    ids=("two", "one of them twice", "two colleagues", "more than a month"),
)
def test_what_is_no_habit(whom: tuple[str, ...], by: tuple[str, ...], apart: float) -> None:
    town = CoachedTown()
    for customer, member in zip(whom, by, strict=True):
        town.answers(member, customer)
        town.passes(apart)
    assert town.tips("ana") == [] == town.tips("ben")


def test_one_answer_for_all_who_wait_is_one_answer_and_good_news_is_told_to_each() -> None:
    town = CoachedTown()
    for who in ("dana", "omar", "pia"):
        town.says(who, QUESTION)
    town.says("ana", LINE)
    town.passes(DAY)
    for who in ("dana", "omar", "pia"):
        town.answers("ana", who, "The export of large tables is fixed now, please reload the page and start it again from there.")
    assert town.tips() == []


RECEIPT = "Thank you for contacting Harbor support. Your request is important to us and an agent will be with you shortly."


@pytest.mark.parametrize(
    "line", [RECEIPT, "Merci pour votre message, notre équipe va traiter votre demande dans les meilleurs délais."]
)
def test_a_receipt_of_light_words_is_counted_whatever_they_asked(line: str) -> None:
    town = CoachedTown()
    for who in ("dana", "omar", "pia"):
        town.answers("ana", who, line, question=QUESTION)
    assert [(tip.kind, tip.count) for tip in town.tips()] == [(TipKind.CANNED, 3)]


def test_a_receipt_in_ones_own_voice_is_none() -> None:
    town = CoachedTown()
    for who in ("dana", "omar", "pia"):
        town.answers("ana", who, "Thanks for the report, I have got your request and will be with you in a few minutes from now.")
    assert town.tips() == []


@pytest.mark.parametrize(
    ("lines", "questions"),
    [
        ((LINE,), (QUESTION, "My export fails with an error, what now?", "Is there a way to restart an export?")),
        ((LINE,), ("How do I retry?", "Where is the retry button?", "Which settings restart it?")),
        (
            ("We have an outage of the map servers in Lisbon, boats and quays show late; we work on it and write here by noon.",),
            (),
        ),
        (("Wir haben gerade eine Störung beim Kartendienst in Lissabon, Boote und Kais erscheinen verspätet.",), ()),
        (("Tenemos una avería en el servidor de mapas de Lisboa, barcos y muelles aparecen tarde hoy.",), ()),
        (
            tuple(
                f"Parcel {no} left the depot last night and travels by train toward the harbor hall now."
                for no in (4711, 4712, 4713)
            ),
            (),
        ),
        (
            ("The timetable with quays, fares and islands stands here: https://harbor.example/timetable",),
            ("Where do I find the schedule?", "Which page shows departures?", "Can you send me the link?"),
        ),
    ],
    ids=("one matter", "what they named", "outage", "outage in German", "outage in Spanish", "numbers", "a link asked for"),
)
def test_the_same_answer_to_the_same_matter_is_no_canned_line(lines: tuple[str, ...], questions: tuple[str, ...]) -> None:
    town = CoachedTown(kinds=frozenset({TipKind.CANNED}))
    for place, who in enumerate(("dana", "omar", "pia")):
        town.answers("ana", who, lines[place % len(lines)], question=questions[place] if questions else "")
    assert town.tips() == []


@pytest.mark.parametrize(
    "line",
    [
        "We apologise for the inconvenience.",
        "Nous vous prions de nous excuser pour la gêne occasionnée.",
        "Przepraszamy za niedogodności.",
        "Sorry for the trouble, this has been noted and passed to our engineers for a future release of the product.",
        "Please clear your browser map cache and cookies, restart the device and try again with another network connection.",
    ],
)
def test_regrets_of_a_desk_are_canned_however_short_and_one_word_in_common_excuses_nothing(line: str) -> None:
    town = CoachedTown(kinds=frozenset({TipKind.CANNED}))
    for who in ("dana", "omar", "pia"):
        town.answers("ana", who, line)
    assert [tip.count for tip in town.tips()] == [3]


@pytest.mark.parametrize(
    "line",
    [
        "We apologise for the inconvenience, the map servers are down since nine and come back within the hour.",
        "Wir entschuldigen uns für die Unannehmlichkeiten, der Kartendienst ist ausgefallen und kommt bis zehn wieder.",
        "Sorry for the confusion, it was my mistake.",
        "I'm sorry for the inconvenience.",
        "I'm looking into it.",
        "Done!",
    ],
)
def test_a_true_word_of_trouble_or_ones_own_regret_is_none(line: str) -> None:
    town = CoachedTown(kinds=frozenset({TipKind.CANNED}))
    for who in ("dana", "omar", "pia"):
        town.answers("ana", who, line)
    assert town.tips() == []


def test_what_an_app_posts_in_a_members_name_is_no_line_of_theirs() -> None:
    town = CoachedTown()
    for who in ("dana", "omar", "pia"):
        town.says("ana", LINE, to=town.says(who, QUESTION), marks=("bot_id",))
    assert town.tips() == []


def test_one_tip_a_week_whatever_its_kind_and_not_again_about_the_same_three() -> None:
    town = CoachedTown()
    for who in ("dana", "omar", "pia", "rosa"):
        town.answers("ana", who)
    town.says("ana", OFFER, to=town.says("vera", QUESTION))
    assert len(town.tips()) == 1
    town.passes(APART + DAY)
    town.answers("ana", "yuri")
    assert len(town.tips()) == 1, "counted anew since the last one: Yuri is the second"
    for who in ("ines", "hugo"):
        town.answers("ana", who)
    assert [tip.count for tip in town.tips()] == [3, 3]


def test_the_week_counts_from_when_it_was_shown() -> None:
    town = CoachedTown()
    for who in ("dana", "omar", "pia"):
        town.answers("ana", who)
    town.passes(APART - DAY)
    town.tx.save([SeeTip(key=town.tips()[0].key, at=town.now)])
    town.passes(3 * DAY)
    town.says("ana", OFFER, to=town.says("vera", QUESTION))
    assert len(town.tips()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": ALL_TIPS - {TipKind.CANNED}},
        {"speaks": False},
        {"switches": {"ana": OwnSwitch(tips_off=frozenset({TipKind.CANNED}))}},
        {"switches": {"ana": OwnSwitch(wanted=frozenset({"reminders", "digests"}))}},
    ],
    ids=("off for the team", "nothing is sent", "off for them", "no tips for them"),
)
def test_where_it_is_off_nothing_is_noticed(changes: dict[str, object]) -> None:
    town = CoachedTown(**changes)  # type: ignore[arg-type]
    for who in ("dana", "omar", "pia"):
        town.answers("ana", who)
    assert town.tips() == []


def test_what_is_read_back_from_longer_ago_than_a_day_gives_none() -> None:
    town = CoachedTown()
    for who in ("dana", "omar"):
        town.answers("ana", who)
    asked = town.says("pia", QUESTION)
    then = town.now + 60
    town.passes(2 * DAY)
    town.says("ana", LINE, to=asked, at=then)
    assert town.tips() == []


@pytest.mark.parametrize(("dm", "budget", "announced"), [(True, None, 1), (False, None, 0), (True, 0, 0)])
def test_it_is_a_direct_message_only_for_who_asked_for_these(dm: bool, budget: int | None, announced: int) -> None:
    town = CoachedTown(dm=dm, switches={"ana": OwnSwitch(budget=budget)})
    for who in ("dana", "omar", "pia"):
        town.answers("ana", who)
    due = [one for one in town.tx.claim_due(town.now, limit=99, lease=60.0) if one.key == town.tips()[0].key]
    assert len(due) == announced


def test_a_team_switches_kinds_off_in_its_settings() -> None:
    settings = Settings.model_validate({"tips": {"canned": False, "auto_dm": False}})
    assert policy(settings, ["slack"]).tips == {TipKind.PITCH, TipKind.BROADCAST}
    assert policy(Settings(), ["slack"]).tips == ALL_TIPS


# -- pitch first


@pytest.mark.parametrize(
    "text",
    [
        OFFER,
        "Sign up for our webinar on Thursday, it's free: https://harbor.example/w",
        "Here you go: https://harbor.example/x/4711",
        "Buch dir gleich eine kostenlose Demo: https://harbor.example/demo",
        "Découvrez nos nouvelles offres : https://harbor.example/fr",
        "今すぐ登録 https://harbor.example/jp",
    ],
)
def test_the_first_words_to_a_newcomer_are_an_offer_or_a_bare_link(text: str) -> None:
    town = CoachedTown()
    said = town.says("ana", text, to=town.says("vera", QUESTION))
    (tip,) = town.tips()
    assert (tip.kind, tip.about, tip.messages[0].id) == (TipKind.PITCH, "vera", said.id)


@pytest.mark.parametrize(
    "text",
    [
        "The export fails above 5,000 rows on the free plan; with 20 % off you can upgrade to pro: https://harbor.example/pro",
        "Error 500 means that the disk is full: https://harbor.example/x/4711",
        "https://harbor.example/docs/fix-a-failed-export",
        "Which version do you use? You can start your trial of 4.2 here: https://harbor.example/4-2",
        "You can upgrade to 2.1, which has it repaired.",
        "One moment, I'm looking into it.",
    ],
)
def test_who_speaks_of_what_was_asked_pitches_nothing(text: str) -> None:
    town = CoachedTown()
    town.says("ana", text, to=town.says("vera", QUESTION))
    assert town.tips() == []


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How much does the yearly thing cost?", OFFER),
        ("Is there a discount for schools?", "Use our promo code BOAT at the till."),
        ("Where is the timetable?", "Here you go: https://harbor.example/x/4711"),
        ("Why can't I add a third boat?", "That's the limit here; you can upgrade to pro to lift it."),
    ],
)
def test_what_was_asked_for_is_no_pitch(question: str, text: str) -> None:
    town = CoachedTown()
    town.says("ana", text, to=town.says("vera", question))
    assert town.tips() == []


def test_a_question_that_leads_to_an_offer_asks_nothing() -> None:
    town = CoachedTown()
    town.says("ana", "Have you seen our webinar? Sign up at https://harbor.example/w", to=town.says("vera", "Where is my boat?"))
    assert [tip.kind for tip in town.tips()] == [TipKind.PITCH]


def test_whoever_is_known_here_may_be_offered_something() -> None:
    town = CoachedTown()
    town.answers("ben", "vera")
    town.passes(HOUR)
    town.says("ana", OFFER, to=town.says("vera", "How do I get the report into a spreadsheet every week?"))
    assert town.tips() == []


def test_who_has_only_said_hello_is_offered_something_too() -> None:
    town = CoachedTown()
    town.says("vera", "Hello everybody, I've just joined!")
    town.says("ana", "@Vera welcome! Book a demo with us: https://harbor.example/pro", mentions=("vera",))
    town.says("yuri", "Hello everybody, I've just joined!")
    town.says("ben", "@Yuri welcome! Here you go: https://harbor.example/start", mentions=("yuri",))
    assert [tip.about for tip in town.tips()] == ["vera"] and town.tips("ben") == []


# -- broadcast


def broadcast(town: CoachedTown, *channels: str, text: str = NEWS) -> None:
    for channel in channels:
        town.says("ana", text, channel=channel)


def lively(town: CoachedTown, *channels: str) -> None:
    """Customers write in these channels."""
    for channel in channels:
        town.says("dana", "Good morning everybody, lovely weather today in Porto", channel=channel)


def test_the_same_in_three_channels_of_customers_is_a_broadcast() -> None:
    town = CoachedTown()
    lively(town, "help", "sales", "tables")
    broadcast(town, "help", "sales")
    assert town.tips() == []
    town.restart()
    broadcast(town, "tables")
    (tip,) = town.tips()
    assert (tip.kind, tip.count) == (TipKind.BROADCAST, 3)
    assert [one.channel for one in tip.messages] == [f"local:harbor:{name}" for name in ("help", "sales", "tables")]


def test_a_channel_where_only_the_team_writes_is_there_for_announcements() -> None:
    town = CoachedTown()
    lively(town, "help", "sales")
    broadcast(town, "announcements", "help", "sales")
    assert town.tips() == []


def test_over_days_or_one_by_one_it_is_none() -> None:
    town = CoachedTown()
    lively(town, "help", "sales", "tables")
    for channel in ("help", "sales", "tables"):
        broadcast(town, channel)
        town.passes(20 * HOUR)
    assert town.tips() == []


@pytest.mark.parametrize(
    "text",
    [
        "We have a problem with logins since nine, exports fail as well; we are on it and will write here again by noon.",
        "Logins and exports are back up after this morning's outage, thank you all for your patience with us today.",
    ],
)
def test_an_outage_is_told_everywhere(text: str) -> None:
    town = CoachedTown()
    lively(town, "help", "sales", "tables")
    broadcast(town, "help", "sales", "tables", text=text)
    assert town.tips() == []


def test_what_answers_who_waits_there_is_no_broadcast() -> None:
    town = CoachedTown(kinds=frozenset({TipKind.BROADCAST}))
    for channel, who in (("help", "dana"), ("sales", "omar"), ("tables", "pia")):
        town.says(who, QUESTION, channel=channel)
        town.says("ana", f"@{who.title()} {LINE}", channel=channel, mentions=(who,))
    assert town.tips() == []
