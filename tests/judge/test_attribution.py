"""Which open wait a member's message replies to."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from bot.domain.waits import Reply, ReplyKind, Wait
from bot.judge.attribution import model as attribution
from tests.judge.scene import JUDGE, Scene


def two_wait() -> Scene:
    scene = Scene()
    scene.says("Dana", "The upload of my photos fails with code 413", opens=True)
    scene.says("Omar", "How do I change the billing address?", opens=True)
    return scene


def test_the_only_one_who_just_asked_is_answered() -> None:
    scene = Scene()
    scene.says("Dana", "How do I change the billing address?", opens=True)
    assert scene.answered("Ana", "Under Settings, then Billing.", after=45) == ["dana"]


@pytest.mark.parametrize(
    "text", ["Dana: make it smaller", "@dana make it smaller", "make it smaller, @Dana", "dnaa: make it smaller"]
)
def test_a_name_in_any_form_beats_who_spoke_last(text: str) -> None:
    assert two_wait().answered("Ana", text) == ["dana"]


def test_the_platforms_mention_decides() -> None:
    assert two_wait().answered("Ana", "make it smaller", mentions=("dana",)) == ["dana"]


def test_a_reply_in_the_thread_of_a_message_answers_its_author() -> None:
    scene = two_wait()
    assert scene.answered("Ana", "make it smaller", thread=scene.waits[0].messages[0]) == ["dana"]


def test_a_reply_reference_answers_the_author_of_what_it_replies_to() -> None:
    scene = two_wait()
    assert scene.answered("Ana", "make it smaller", reply_to=scene.waits[0].messages[0]) == ["dana"]


def test_a_thread_of_several_customers_is_told_apart_by_name() -> None:
    scene = Scene()
    root = scene.says("Dana", "The upload fails", opens=True)
    scene.says("Omar", "same here, what can we do?", opens=True, thread=root.id)
    assert scene.answered("Ana", "Omar: which browser is that?", thread=root.id) == ["omar"]


def test_several_named_people_are_all_answered() -> None:
    assert sorted(two_wait().answered("Ana", "@Dana @Omar both are fixed now")) == ["dana", "omar"]


def test_going_on_with_an_answered_customer_does_not_end_somebody_elses_wait() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413", opens=True)
    scene.says("Ana", "Dana: that file is over the limit", ends="Dana")
    scene.says("Omar", "How do I change the billing address?", opens=True, after=3)
    assert (
        scene.answered("Ana", "the limit is 10 MB for photos, and 50 MB for films, if you are on the small plan", after=2) == []
    )


def test_a_reply_to_somebody_else_by_name_ends_nothing() -> None:
    scene = two_wait()
    scene.says("Lena", "hello")
    assert scene.answered("Ana", "Lena: welcome!") == []


def test_words_in_common_tell_two_waits_apart() -> None:
    scene = two_wait()
    seen = scene.seen("Ana", "a photo upload over 10 MB gives code 413", after=60)
    found = {item.wait: item.probability for item in JUDGE.attribute(seen, scene.window, scene.waits)}
    plain = scene.seen("Ana", "that is a limit", after=0)
    without = {item.wait: item.probability for item in JUDGE.attribute(plain, scene.window, scene.waits)}
    dana = scene.waits[0].id
    assert found[dana] > without[dana] + 0.1


def test_probabilities_are_shared_out() -> None:
    scene = two_wait()
    found = JUDGE.attribute(scene.seen("Ana", "looking"), scene.window, scene.waits)
    assert 0.0 < sum(item.probability for item in found) <= 1.0 + 1e-9
    assert [item.probability for item in found] == sorted((item.probability for item in found), reverse=True)


def test_two_waits_of_one_customer_do_not_halve_what_a_reply_to_them_is_worth() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413", opens=True)
    scene.says("Dana", "How do I change the billing address?", opens=True, after=7200)
    found = JUDGE.attribute(scene.seen("Ana", "Dana: under Settings, then Billing"), scene.window, scene.waits)
    assert found[0].probability > 0.95
    assert found[0].wait == scene.waits[1].id


def test_hundreds_of_open_waits_cost_no_more_than_a_few() -> None:
    scene = Scene()
    waits = []
    for number in range(300):
        name = f"customer{number}"
        scene.names[name] = (name,)
        seen = scene.seen(name, "the upload fails, what can I do?", after=5)
        scene.window.put(seen)
        waits.append(
            Wait(
                id=f"C/{seen.id}",
                channel="C",
                customer=name,
                thread=None,
                messages=(seen.id,),
                opened_at=seen.at,
                last_message_at=seen.at,
            )
        )
    seen = scene.seen("Ana", "which browser is that?")
    found = attribution.candidates(seen, scene.window, waits)
    assert len(found) <= attribution.MOST_WAITS + attribution.MOST_TALKS + 1
    named = scene.seen("Ana", "customer3: which browser is that?")
    assert [item.wait for item in JUDGE.attribute(named, scene.window, waits) if JUDGE.answers(item)] == [waits[3].id]


def test_a_wait_that_this_member_held_is_theirs_to_answer() -> None:
    scene = two_wait()
    hold = scene.says("Ana", "Dana: let me look into that")
    held = scene.waits[0]
    reply = Reply(message=hold.id, by="ana", at=hold.at, kind=ReplyKind.HOLDING)
    from dataclasses import replace

    scene.waits[0] = replace(held, replies=(reply,))
    assert scene.answered("Ana", "ok, so that file is over the limit of 10 MB", after=50) == ["dana"]


def test_an_attribution_names_its_reasons() -> None:
    scene = two_wait()
    found = JUDGE.attribute(scene.seen("Ana", "Dana: make it smaller"), scene.window, scene.waits)
    assert found[0].evidence()[0].name == "named at the start"


def test_peers_can_be_attributed_too() -> None:
    scene = two_wait()
    seen = scene.seen("Lena", "Dana: make it smaller")
    assert seen.role is Role.CUSTOMER
    found = JUDGE.attribute(seen, scene.window, scene.waits)
    assert found[0].wait == scene.waits[0].id
    assert JUDGE.answers(found[0])


def test_a_reply_in_the_thread_of_a_message_long_out_of_the_window_answers_it() -> None:
    scene = two_wait()
    first = scene.waits[0].messages[0]
    for number in range(210):
        scene.says(("Lena", "Yuki")[number % 2], f"line {number}", after=5)
    assert scene.window.get(first) is None
    assert scene.answered("Ana", "make it smaller", thread=first) == ["dana"]


def test_who_is_named_needs_nobody_else_weighed() -> None:
    scene = two_wait()
    found = attribution.candidates(scene.seen("Ana", "Dana: make it smaller"), scene.window, scene.waits)
    assert [candidate.customer for candidate in found] == ["dana", None]


def test_two_waits_of_one_customer_count_together_without_a_name() -> None:
    scene = Scene()
    scene.says("Dana", "The upload fails with code 413", opens=True)
    scene.says("Dana", "And how do I change the billing address?", opens=True, after=40)
    found = JUDGE.attribute(scene.seen("Ana", "one moment"), scene.window, scene.waits)
    assert found[0].probability > 0.7
    assert all(JUDGE.answers(item) for item in found)


def likely(scene: Scene, who: str, text: str, **more: object) -> dict[str, float]:
    """How likely this message, said now, answers each customer who waits."""
    seen = scene.seen(who, text, **more)  # type: ignore[arg-type]
    by_id = {wait.id: wait.customer for wait in scene.waits}
    return {by_id[item.wait]: item.probability for item in JUDGE.attribute(seen, scene.window, scene.waits)}


def backlog() -> Scene:
    """Dana, Omar and Lena have asked while nobody was there."""
    scene = Scene()
    scene.says("Dana", "How do I add a second harbour?", opens=True, after=300)
    scene.says("Omar", "Where do I find my invoices?", opens=True, after=300)
    scene.says("Lena", "Can I rename my boat?", opens=True, after=300)
    return scene


def test_who_works_through_what_piled_up_takes_it_in_order() -> None:
    fresh, working = backlog(), backlog()
    working.says("Ana", "Dana: under Settings, the plus sign", after=600, ends="Dana")
    before, after = (
        likely(fresh, "Ana", "that's in the side bar", after=640),
        likely(working, "Ana", "that's in the side bar", after=40),
    )
    assert after["omar"] / after["lena"] > 1.2 * before["omar"] / before["lena"]


def test_all_that_somebody_wrote_tells_what_they_talk_about() -> None:
    told, plain = Scene(), Scene()
    told.says("Dana", "we run the Lisbon pontoon with a tidal gauge")
    plain.says("Dana", "we are new here, hello to everybody")
    for scene in (told, plain):
        scene.says("Dana", "How do I see that on the map?", opens=True, after=60)
        scene.says("Omar", "How do I change my mail address?", opens=True, after=60)
    text = "the tidal gauge of a pontoon has a switch of its own"
    assert likely(told, "Ana", text)["dana"] > likely(plain, "Ana", text)["dana"] + 0.05


def test_it_takes_time_to_type_an_answer() -> None:
    long = "you'll find it in the side bar below the name of the harbour, then choose the third tab and press its last button"
    quick, slow = two_wait(), two_wait()
    assert likely(quick, "Ana", long, after=2)["omar"] < likely(slow, "Ana", long, after=25)["omar"]


def test_it_can_be_known_whom_a_message_is_not_for() -> None:
    scene = two_wait()
    seen = scene.seen("Ana", "a photo upload over 10 MB gives code 413", after=60)
    found = JUDGE.attribute(seen, scene.window, scene.waits, frozenset({"dana"}))
    assert [item.wait for item in found] == [scene.waits[1].id]


def test_among_many_waits_the_next_in_line_is_weighed_too() -> None:
    scene = Scene()
    for number in range(12):
        name = f"customer{number}"
        scene.names[name] = (name,)
        scene.says(name, "how do I change my mail address?", opens=True, after=60)
    scene.says("Ana", "customer0: under Settings", ends="customer0")
    found = attribution.candidates(scene.seen("Ana", "under Settings"), scene.window, scene.waits)
    assert "customer1" in [candidate.customer for candidate in found]
    assert sum(candidate.wait is not None for candidate in found) <= attribution.MOST_WAITS
