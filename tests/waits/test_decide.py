"""What people in a channel do, and what becomes of waits."""

from __future__ import annotations

import pytest

from bot.domain.rules import ChannelRules, Watch
from bot.domain.waits import HoldKind, ReplyKind, WaitState
from tests.waits.world import DAY, HOUR, LADDER, MINUTE, NINE, World


@pytest.fixture
def world() -> World:
    return World()


# Opening and extending


def test_a_question_opens_a_wait_with_a_reminder_for_its_first_rung(world: World) -> None:
    asked = world.dana.says("where is my container?")
    assert world.wait.open
    assert (world.wait.customer, world.wait.messages, world.wait.opened_at) == ("dana", (asked,), NINE)
    assert world.due(world.wait) == 10 * MINUTE
    assert world.texts == {(world.wait.id, asked): "where is my container?"}


def test_a_burst_is_one_wait_and_the_clock_runs_from_its_first_message(world: World) -> None:
    world.dana.says("where is my container?")
    world.later(40)
    world.dana.says("it was due yesterday")
    world.later(40)
    world.dana.says("can you look?")
    assert len(world.wait.messages) == 3
    assert world.due(world.wait) == 10 * MINUTE - 80


def test_another_matter_is_a_wait_of_its_own_and_an_answer_to_one_leaves_the_other(world: World) -> None:
    world.dana.says("where is my container?")
    world.later(HOUR)
    second = world.dana.says("another matter, can you change the invoice?")
    assert [wait.open for wait in world.waits] == [True, True]
    world.ana.says("the invoice is changed", reply_to=second)
    assert [wait.open for wait in world.waits] == [True, False]


def test_thanks_in_the_middle_of_a_burst_is_not_part_of_the_question(world: World) -> None:
    world.dana.says("where is my container?")
    world.later(10)
    world.dana.says("thanks in advance")
    assert len(world.wait.messages) == 1


def test_two_customers_have_two_waits(world: World) -> None:
    world.dana.says("where is my container?")
    world.omar.says("and mine?")
    assert [wait.customer for wait in world.waits] == ["dana", "omar"]


def test_a_question_in_a_thread_is_a_wait_of_its_own_there(world: World) -> None:
    root = world.omar.says("my news")
    world.dana.says("where is my container?")
    world.dana.says("did you see this?", thread=root)
    assert [wait.thread for wait in world.waits] == [None, root]


def test_the_customer_goes_on_in_the_thread_of_their_own_question(world: World) -> None:
    asked = world.dana.says("where is my container?")
    world.later(MINUTE)
    world.dana.says("any news?", thread=asked)
    assert len(world.wait.messages) == 2


def test_statements_and_members_questions_open_nothing(world: World) -> None:
    world.dana.says("the weather is fine")
    world.ana.says("shall we have lunch?")
    assert world.waits == []


def test_a_follow_up_after_the_answer_opens_a_new_wait_that_points_to_the_old_one(world: World) -> None:
    world.dana.says("where is my container?")
    world.ana.says("in Rotterdam")
    first = world.wait
    world.later(HOUR)
    world.dana.says("and now?")
    assert [wait.state for wait in world.waits] == [WaitState.ANSWERED, WaitState.WAITING]
    assert world.waits[1].came_back_from == first.id


# What counts, by the channel's `watch`


@pytest.mark.parametrize(
    ("watch", "text", "opens"),
    [
        (Watch.QUESTIONS, "where is it?", True),
        (Watch.QUESTIONS, "our crane broke", False),
        (Watch.EVERYTHING, "our crane broke", True),
        (Watch.EVERYTHING, "thanks all", False),
        (Watch.MENTIONS, "where is it?", False),
        (Watch.MENTIONS, "Ana, where is it?", True),
        (Watch.MENTIONS, "Omar, where is it?", False),
        (Watch.MENTIONS, "the berth plan is late?", True),
    ],
)
def test_what_counts_as_a_mention(watch: Watch, text: str, opens: bool) -> None:
    world = World(rules=ChannelRules(watch=watch, steps=LADDER, watched_words=frozenset({"berth"})))
    world.dana.says(text)
    assert bool(world.waits) is opens


# Replies


def test_a_personal_reply_ends_the_wait_blanks_its_text_and_withdraws_the_reminder(world: World) -> None:
    world.dana.says("where is my container?")
    world.later(3 * MINUTE)
    answer = world.ana.says("Dana, it left this morning")
    wait = world.wait
    assert (wait.state, wait.ended_at) == (WaitState.ANSWERED, world.now)
    assert wait.first_reply is not None and (wait.first_reply.message, wait.first_reply.by) == (answer, "ana")
    assert world.reminders == {} and world.texts == {}


def test_a_clarifying_question_ends_the_wait_and_the_customers_answer_opens_the_next(world: World) -> None:
    world.dana.says("where is my container?")
    world.ana.says("asks which one?")
    assert world.wait.state is WaitState.ANSWERED
    assert world.wait.replies[0].kind is ReplyKind.CLARIFYING
    world.later(MINUTE)
    world.dana.says("!number 4711")
    assert world.waits[1].open and world.waits[1].came_back_from == world.waits[0].id


def test_an_app_never_ends_a_wait_and_is_counted(world: World) -> None:
    world.dana.says("where is my container?")
    world.robot.says("Your ticket has been created", marks=("bot_id",))
    world.ana.says("Dana, we are out of office", marks=("app_id=A1",))
    assert world.wait.open and world.wait.automatic_replies == 2 and not world.wait.replies


def test_one_message_may_answer_two_customers(world: World) -> None:
    world.dana.says("where is my container?")
    world.omar.says("and mine?")
    world.ana.says("Dana, Omar: both left this morning")
    assert {wait.state for wait in world.waits} == {WaitState.ANSWERED}


def test_holding_keeps_the_wait_open_for_a_quarter_of_an_hour(world: World) -> None:
    world.dana.says("where is my container?")
    world.later(MINUTE)
    world.ana.says("holding one sec")
    wait = world.wait
    assert wait.open and wait.hold is not None and wait.hold.kind is HoldKind.HOLDING
    assert (wait.owner, wait.owner_reason) == ("ana", "promised")
    assert world.due(wait) == 15 * MINUTE
    world.later(5 * MINUTE)
    world.ana.says("it left this morning")
    assert world.wait.state is WaitState.ANSWERED
    assert [reply.kind for reply in world.wait.replies] == [ReplyKind.HOLDING, ReplyKind.PERSONAL]


def test_a_customer_who_asks_again_ends_the_hold_but_adding_a_detail_does_not(world: World) -> None:
    world.dana.says("where is my container?")
    world.ana.says("holding one sec")
    world.later(30)
    world.dana.says("it is the blue one, can you see it?")
    assert world.wait.hold is not None
    world.later(9 * MINUTE)
    world.dana.says("anyone?")
    assert world.wait.hold is None
    assert world.due(world.wait) <= 30


def test_a_redirect_holds_for_a_day_and_then_comes_back(world: World) -> None:
    world.dana.says("where is my container?")
    world.ana.says("redirect to support")
    assert world.wait.open and world.due(world.wait) == pytest.approx(DAY)


@pytest.mark.parametrize("said", ["redirect Dana, please mail support", "holding Dana, one sec"])
def test_a_promise_isnt_shortened_by_somebody_elses_word(world: World, said: str) -> None:
    world.dana.says("where is my container?")
    world.ana.says("promise I'll get back to you in 3 hours")
    promised = world.wait.hold
    world.later(MINUTE)
    world.ben.says(said)
    assert promised is not None and promised.kind is HoldKind.PROMISE
    assert world.wait.hold == promised and len(world.wait.replies) == 2


@pytest.mark.parametrize(
    ("said", "quiet_for"),
    [
        ("promise I'll get back to you in an hour", HOUR),
        ("promise I'll get back to you in 20 minutes", 20 * MINUTE),
        ("promise I'll let you know", 15 * HOUR),  # no time given: the next day
    ],
)
def test_a_promise_keeps_the_wait_quiet_until_its_time(world: World, said: str, quiet_for: float) -> None:
    world.dana.says("where is my container?")
    world.later(MINUTE)
    world.ana.says(said)
    assert world.wait.open and world.wait.hold is not None and world.wait.hold.kind is HoldKind.PROMISE
    assert world.due(world.wait) == pytest.approx(quiet_for, abs=MINUTE)
    assert world.reminders[world.wait.id].to == "owner" and world.wait.owner == "ana"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("give me 10 minutes", ReplyKind.PROMISE),
        ("holding let me find out and I'll tell you later today", ReplyKind.PROMISE),
        ("it left this morning", ReplyKind.PERSONAL),
        (
            "it left this morning, here is how to follow it on the map: " + "x " * 40 + "I'll look again tomorrow",
            ReplyKind.PERSONAL,
        ),
    ],
)
def test_a_spoken_time_makes_a_short_message_a_promise(world: World, said: str, kind: ReplyKind) -> None:
    world.dana.says("where is my container?")
    world.ana.says(said)
    assert world.wait.replies[0].kind is kind


def test_peers_count_only_where_the_channel_lets_them(world: World) -> None:
    world.dana.says("where is my container?")
    world.omar.says("Dana in Rotterdam, I saw it")
    assert world.wait.open
    lenient = World(rules=ChannelRules(peers_may_answer=True, steps=LADDER))
    lenient.dana.says("where is my container?")
    lenient.omar.says("Dana in Rotterdam, I saw it")
    assert lenient.wait.state is WaitState.HELPED
    assert lenient.wait.replies[0].by == "omar"


# The customer ends it


def test_solved_it_resolves_the_wait(world: World) -> None:
    world.dana.says("where is my container?")
    world.later(MINUTE)
    world.dana.says("solved, found it")
    assert (world.wait.state, world.wait.replies) == (WaitState.RESOLVED, ())
    assert world.reminders == {}


def test_a_reply_that_comes_after_solved_it_is_still_the_reply(world: World) -> None:
    asked = world.dana.says("where is my container?")
    world.later(MINUTE)
    world.dana.says("solved, found it")
    world.later(MINUTE)
    answer = world.ana.says("in berth four", thread=asked)
    assert world.wait.state is WaitState.RESOLVED
    assert [reply.message for reply in world.wait.replies] == [answer]
    assert not world.reminders


def test_thanks_reveal_the_answer_that_was_overlooked(world: World) -> None:
    world.dana.says("where is my container?")
    world.omar.says("and mine?")
    world.later(MINUTE)
    answer = world.ana.says("in Rotterdam")
    assert all(wait.open for wait in world.waits)
    world.later(MINUTE)
    world.dana.says("solved, thanks")
    wait = world.waits[0]
    assert (wait.state, wait.ended_at) == (WaitState.ANSWERED, float(answer))
    assert wait.replies[0].message == answer


# Edits


def test_an_edit_into_a_question_opens_a_wait_from_the_edit_on(world: World) -> None:
    said = world.dana.says("our crane broke")
    world.later(HOUR)
    world.dana.edits(said, "our crane broke, can you help?")
    assert world.wait.messages == (said,) and world.wait.opened_at == world.now
    assert world.due(world.wait) == 10 * MINUTE


def test_an_edit_out_of_a_question_withdraws_it(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.dana.edits(asked, "never mind")
    assert world.wait.state is WaitState.WITHDRAWN and world.reminders == {}


def test_an_edit_of_one_of_two_questions_keeps_the_wait(world: World) -> None:
    world.dana.says("where is it?")
    world.later(10)
    second = world.dana.says("and when?")
    world.dana.edits(second, "and so on")
    assert world.wait.open


def test_a_typo_edit_keeps_the_wait_and_renews_the_kept_text(world: World) -> None:
    asked = world.dana.says("wher is it?")
    world.dana.edits(asked, "where is it?")
    assert world.wait.open and world.texts[world.wait.id, asked] == "where is it?"


def test_one_sec_edited_into_the_answer_ends_the_wait(world: World) -> None:
    world.dana.says("where is it?")
    reply = world.ana.says("holding")
    world.later(2 * MINUTE)
    world.ana.edits(reply, "it left this morning")
    assert (world.wait.state, world.wait.ended_at) == (WaitState.ANSWERED, world.now)


# Deletions


def test_a_deleted_question_withdraws_the_wait(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.dana.deletes(asked)
    assert world.wait.state is WaitState.WITHDRAWN and world.texts == {}


def test_deleting_one_of_two_questions_keeps_the_wait(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.later(10)
    again = world.dana.says("and when?")
    world.dana.deletes(asked)
    assert world.wait.open and world.wait.messages == (again,)


def test_a_deleted_answer_leaves_the_customer_waiting_again_on_their_own_clock(world: World) -> None:
    world.dana.says("where is it?")
    world.later(MINUTE)
    answer = world.ana.says("no idea")
    world.later(MINUTE)
    world.ana.deletes(answer)
    assert world.wait.open and world.wait.opened_at == NINE and not world.wait.replies
    assert world.due(world.wait) == 8 * MINUTE


def test_of_two_answers_one_may_be_deleted(world: World) -> None:
    asked = world.dana.says("where is it?")
    answer = world.ana.says("no idea")
    world.ben.reacts(asked, "white_check_mark")
    world.ana.deletes(answer)
    assert world.wait.open  # the mark came after the end, so the answer alone had ended it


def test_a_deleted_one_sec_releases_the_hold(world: World) -> None:
    world.dana.says("where is it?")
    said = world.ana.says("holding")
    world.later(MINUTE)
    world.ana.deletes(said)
    assert world.wait.hold is None and world.due(world.wait) == 9 * MINUTE


@pytest.mark.parametrize("verb", ["claim", "snooze"])
def test_a_deleted_one_sec_leaves_what_a_member_did_by_hand(world: World, verb: str) -> None:
    world.dana.says("where is it?")
    said = world.ana.says("holding")
    world.later(MINUTE)
    world.ben.acts(verb, world.wait, until=world.now + 5 * HOUR)
    held = world.wait.hold
    world.ana.deletes(said)
    assert world.wait.hold == held is not None and world.wait.replies == ()


# Reactions


@pytest.mark.parametrize("emoji", ["eyes", "white_check_mark"])
def test_only_who_put_a_reaction_there_takes_it_back(world: World, emoji: str) -> None:
    asked = world.dana.says("where is it?")
    world.ana.reacts(asked, emoji)
    before = world.wait
    world.later(MINUTE)
    world.ben.reacts(asked, emoji, added=False)
    assert world.wait == before


def test_a_members_eyes_are_a_claim_and_can_be_taken_back(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.ana.reacts(asked, "eyes")
    assert (world.wait.owner, world.wait.owner_reason) == ("ana", "claimed")
    assert world.due(world.wait) == 2 * HOUR
    world.ana.reacts(asked, "eyes", added=False)
    assert world.wait.hold is None and world.wait.owner != "ana"
    assert world.due(world.wait) == 10 * MINUTE


def test_a_members_check_mark_ends_the_wait_and_taking_it_back_reopens_it(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.later(MINUTE)
    world.ana.reacts(asked, "white_check_mark")
    assert (world.wait.state, world.wait.marked_by, world.wait.replies) == (WaitState.ANSWERED, "ana", ())
    world.ana.reacts(asked, "white_check_mark", added=False)
    assert world.wait.open and world.due(world.wait) == 9 * MINUTE


def test_customers_reactions_and_other_emoji_mean_nothing(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.omar.reacts(asked, "white_check_mark")
    world.omar.reacts(asked, "eyes")
    world.ana.reacts(asked, "tada")
    assert world.wait.open and world.wait.hold is None


def test_the_channels_rules_say_what_a_reaction_means() -> None:
    world = World(rules=ChannelRules(steps=LADDER, reactions={"tada": "claim", "eyes": "answered"}))
    asked = world.dana.says("where is it?")
    world.ana.reacts(asked, "white_check_mark")
    assert world.wait.open and world.wait.hold is None
    world.ana.reacts(asked, "tada")
    assert world.wait.hold is not None and world.wait.hold.kind is HoldKind.CLAIM
    world.ana.reacts(asked, "eyes")
    assert world.wait.state is WaitState.ANSWERED


def test_a_reaction_without_a_time_claims_nothing_and_still_takes_the_reply(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.ana.reacts(asked, "eyes", timed=False)
    assert world.wait.hold is None
    world.ana.reacts(asked, "white_check_mark", timed=False)
    assert world.wait.state is WaitState.ANSWERED
    world.later(HOUR)
    answer = world.ana.says("it left this morning", thread=asked)
    assert world.wait.state is WaitState.ANSWERED
    assert world.wait.first_reply is not None and world.wait.first_reply.message == answer


# Somebody is visibly on it


def test_a_member_who_types_is_given_a_moment(world: World) -> None:
    world.dana.says("where is it?")
    world.later(9 * MINUTE)
    world.ana.types()
    assert world.wait.hold is not None and world.wait.hold.kind is HoldKind.TYPING
    assert world.due(world.wait) == 3 * MINUTE
    world.later(MINUTE)
    world.ana.says("in Rotterdam")
    assert world.wait.state is WaitState.ANSWERED


def test_typing_long_before_a_reminder_or_by_customers_changes_nothing(world: World) -> None:
    world.dana.says("where is it?")
    world.ana.types()
    assert world.wait.hold is None and world.due(world.wait) == 10 * MINUTE
    world.later(9 * MINUTE)
    world.omar.types()
    assert world.wait.hold is None


def test_typing_in_another_thread_changes_nothing(world: World) -> None:
    news = world.omar.says("my news")
    asked = world.dana.says("where is it?")
    world.later(9 * MINUTE)
    world.ana.types(thread=news)
    assert world.wait.hold is None
    world.ana.types(thread=asked)
    assert world.wait.hold is not None


def test_a_post_in_the_thread_that_answers_nobody_gives_a_moment_too(world: World) -> None:
    root = world.omar.says("my news")
    world.dana.says("where is it?", thread=root)
    world.later(9 * MINUTE)
    world.ana.says("aside, that is great news", thread=root)
    assert world.wait.hold is not None and world.due(world.wait) == 3 * MINUTE


# What members do by hand


def test_claim_snooze_dismiss_and_answered_elsewhere(world: World) -> None:
    world.dana.says("where is it?")
    world.ana.acts("claim", world.wait)
    assert (world.wait.owner_reason, world.due(world.wait)) == ("claimed", 2 * HOUR)
    world.ana.acts("snooze", world.wait, until=world.now + 5 * HOUR)
    assert world.due(world.wait) == 5 * HOUR
    world.ana.acts("dismiss", world.wait)
    assert world.wait.state is WaitState.DISMISSED
    world.later(HOUR)
    world.omar.says("and mine?")
    world.ben.acts("answered", world.waits[1])
    assert world.waits[1].state is WaitState.ANSWERED


def test_acting_on_a_wait_that_is_over_changes_nothing(world: World) -> None:
    world.dana.says("where is it?")
    world.ana.says("here")
    before = world.wait
    world.ben.acts("claim", before)
    assert world.wait == before and "the wait is over already" in world.trace


def test_customers_cant_act_on_waits(world: World) -> None:
    world.dana.says("where is it?")
    world.omar.acts("dismiss", world.wait)
    assert world.wait.open


def test_not_me_passes_the_wait_on(world: World) -> None:
    world.dana.says("Ana, where is it?")
    assert (world.wait.owner, world.wait.owner_reason) == ("ana", "named")
    world.ana.acts("not_me", world.wait)
    assert (world.wait.owner, world.wait.owner_reason) == ("ben", "duty")
    world.ben.acts("not_me", world.wait)
    assert world.wait.owner is None


def test_a_snooze_into_the_past_is_refused(world: World) -> None:
    world.dana.says("where is it?")
    with pytest.raises(ValueError, match="future"):
        world.ana.acts("snooze", world.wait, until=world.now - 1)


# Whom to ask


def test_who_helped_a_customer_before_is_asked_again(world: World) -> None:
    world.dana.says("where is it?")
    world.mia.says("in Rotterdam")
    world.later(30 * DAY)
    world.dana.says("and now?")
    assert (world.waits[-1].owner, world.waits[-1].owner_reason) == ("mia", "acquaintance")


def test_who_is_away_is_passed_over_for_the_next_who_knows_them(world: World) -> None:
    for member in (world.mia, world.mia, world.ana):
        world.dana.says("where is it?")
        world.later(MINUTE)
        member.says("in Rotterdam")
        world.later(MINUTE)
    world.state.is_away = lambda member, at: member == "mia"
    world.dana.says("and now?")
    assert (world.waits[-1].owner, world.waits[-1].owner_reason) == ("ana", "acquaintance")
    world.omar.says("Mia, where is mine?")
    assert (world.waits[-1].owner, world.waits[-1].owner_reason) == ("ben", "duty")


def test_without_anybody_who_knows_them_the_one_on_duty_is_asked(world: World) -> None:
    world.dana.says("where is it?")
    assert (world.wait.owner, world.wait.owner_reason) == ("ben", "duty")


def test_the_partner_in_the_thread_comes_before_acquaintance(world: World) -> None:
    world.dana.says("where is it?")
    world.mia.says("Dana in Rotterdam")
    root = world.omar.says("my news")
    world.ana.says("great", thread=root)
    world.later(MINUTE)
    world.dana.says("which crane?", thread=root)
    assert (world.waits[-1].owner, world.waits[-1].owner_reason) == ("ana", "thread")


# Late, early, out of order


def test_an_answer_that_arrives_before_its_question_still_answers_it(world: World) -> None:
    world.ana.says("Dana, it left this morning", at=NINE + 60)
    world.dana.says("where is it?", at=NINE)
    wait = world.wait
    assert (wait.state, wait.ended_at) == (WaitState.ANSWERED, NINE + 60)


def test_an_answer_that_arrives_late_becomes_the_first_reply(world: World) -> None:
    world.dana.says("where is it?", at=NINE)
    second = world.ana.says("Dana see the map", at=NINE + 300)
    first = world.ben.says("Dana in Rotterdam", at=NINE + 60)
    wait = world.wait
    assert [reply.message for reply in wait.replies] == [first, second]
    assert (wait.first_reply.by if wait.first_reply else None, wait.ended_at) == ("ben", NINE + 60)


def test_an_edit_that_overtakes_its_message_is_applied_when_the_message_comes(world: World) -> None:
    asked = world.dana.says("our crane broke")
    late = World()
    late.posted = dict(world.posted)
    late.later(30)
    late.dana.edits(asked, "our crane broke, can you help?")
    assert late.waits == []
    late.posted.clear()
    late.dana.says("our crane broke", at=NINE)
    assert late.wait.open and late.wait.messages == (asked,)


def test_a_deletion_that_overtakes_its_message_withdraws_it(world: World) -> None:
    world.dana.deletes(f"{NINE + 60:.6f}")
    world.dana.says("where is it?", at=NINE + 60)
    assert world.wait.state is WaitState.WITHDRAWN


def test_text_isnt_kept_where_the_settings_say_never() -> None:
    world = World(rules=ChannelRules(steps=LADDER, keep_text=False))
    world.dana.says("where is it?")
    assert world.wait.open and world.texts == {}


def test_a_near_copy_is_marked_on_the_reply_and_changes_nothing_else(world: World) -> None:
    world.dana.says("where is my container?")
    world.ana.says("Dana as always it is in Rotterdam")
    assert world.wait.state is WaitState.ANSWERED
    assert world.wait.replies[0].canned
    assert any("near-copy" in line for line in world.trace)


def test_a_peers_question_back_helps_and_its_one_sec_holds() -> None:
    lenient = World(rules=ChannelRules(peers_may_answer=True, steps=LADDER))
    lenient.dana.says("where is my container?")
    lenient.omar.says("holding on Dana, I ask around")
    assert lenient.wait.open
    assert lenient.wait.hold is not None
    assert [reply.kind for reply in lenient.wait.replies] == [ReplyKind.HOLDING]
    lenient.omar.says("asks Dana which harbour it was")
    assert lenient.wait.state is WaitState.HELPED
    assert lenient.wait.replies[-1].kind is ReplyKind.CLARIFYING


def test_a_peers_promise_binds_nobody() -> None:
    lenient = World(rules=ChannelRules(peers_may_answer=True, steps=LADDER))
    lenient.dana.says("where is my container?")
    lenient.omar.says("promise Dana, tomorrow")
    assert lenient.wait.open
    assert lenient.wait.replies[0].kind is ReplyKind.HOLDING


def test_thanks_to_a_peer_end_the_wait_with_what_they_said() -> None:
    lenient = World(rules=ChannelRules(peers_may_answer=True, steps=LADDER))
    lenient.dana.says("where is my container?")
    lenient.omar.says("aside: Rotterdam is full of them")
    assert lenient.wait.open
    lenient.dana.says("thanks Omar")
    assert lenient.wait.state is WaitState.HELPED
    assert lenient.wait.replies[0].by == "omar"


def test_a_question_of_ones_own_opens_a_wait_even_if_it_helps_another() -> None:
    lenient = World(rules=ChannelRules(peers_may_answer=True, steps=LADDER))
    lenient.dana.says("where is my container?")
    lenient.omar.says("mine is missing too, who knows more?")
    first, second = lenient.waits
    assert first.state is WaitState.HELPED
    assert (second.customer, second.open) == ("omar", True)


def test_who_helps_by_name_asks_nothing_of_the_team() -> None:
    lenient = World(rules=ChannelRules(peers_may_answer=True, steps=LADDER))
    lenient.dana.says("where is my container?")
    lenient.omar.says("Dana have you looked in Rotterdam?")
    assert [wait.state for wait in lenient.waits] == [WaitState.HELPED]


def test_a_deleted_answer_of_a_peer_leaves_the_customer_waiting_again() -> None:
    lenient = World(rules=ChannelRules(peers_may_answer=True, steps=LADDER))
    lenient.dana.says("where is my container?")
    said = lenient.omar.says("Dana in Rotterdam, I saw it")
    assert lenient.wait.state is WaitState.HELPED
    lenient.omar.deletes(said)
    assert lenient.wait.open
    assert lenient.wait.replies == ()
