"""Where customers answer each other: whose question does a customer's message answer?"""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import pytest

from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.window import Window
from bot.judge.peers import conversation as bounds
from bot.judge.peers.conversation import PeerConversation
from bot.judge.peers.model import parse_peer_weights
from tests.judge.scene import JUDGE, Scene


def helped(scene: Scene, who: str, text: str, *, after: float = 30.0, **more: object) -> list[str]:
    """Whose waits this message, said now, helps; it then stands in the channel."""
    seen = scene.seen(who, text, after=after, **more)  # type: ignore[arg-type]
    by_id = {wait.id: wait.customer for wait in scene.waits}
    found = [by_id[item.wait] for item in JUDGE.peers(seen, scene.window, scene.waits) if JUDGE.helps(item)]
    scene.window.put(seen)
    return found


def kept(window: Window) -> PeerConversation:
    """What the judge has worked out of who speaks with whom."""
    conversation = window.walks[PeerConversation]
    assert isinstance(conversation, PeerConversation)
    return conversation


@pytest.fixture
def scene() -> Scene:
    """Lena and Yuki talk; then Dana asks."""
    scene = Scene()
    scene.says("Lena", "Yuki: did the new printer arrive yet?", opens=True, ends="Lena")
    scene.says("Yuki", "Lena: yes, it stands in the hall")
    scene.says("Lena", "Yuki: great, I'll set it up then")
    scene.says("Dana", "hi, how can I export my contacts to a spreadsheet?", after=60, opens=True)
    return scene


def test_whoever_names_the_asker_helps(scene: Scene) -> None:
    assert helped(scene, "Omar", "Dana: there is an export button under contacts, it writes a spreadsheet") == ["dana"]


def test_the_name_may_stand_anywhere_or_be_misspelt(scene: Scene) -> None:
    scene.says("Lena", "the weather is awful today", after=20)
    assert helped(scene, "Omar", "you can use the export button for that, Dana", after=20) == ["dana"]
    assert helped(scene, "Omar", "dnaa: the export button writes a spreadsheet", after=20) == ["dana"]


def test_an_answer_right_away_needs_no_name(scene: Scene) -> None:
    assert helped(scene, "Omar", "there is an export button under contacts, it writes a spreadsheet", after=25) == ["dana"]


def test_a_question_back_helps_too(scene: Scene) -> None:
    assert helped(scene, "Omar", "Dana: which version do you have?", after=40) == ["dana"]


def test_another_question_helps_nobody(scene: Scene) -> None:
    assert helped(scene, "Omar", "hello, does anybody know why my invoices come twice?", after=90) == []


def test_what_is_meant_for_somebody_else_helps_nobody(scene: Scene) -> None:
    assert helped(scene, "Yuki", "Lena: the cable is in the drawer", after=40) == []
    assert helped(scene, "Lena", "Yuki: thanks, found it", after=20) == []


def test_the_askers_own_messages_help_nobody(scene: Scene) -> None:
    assert helped(scene, "Dana", "I looked in the settings already", after=15) == []


def test_what_was_said_to_the_asker_about_something_else_is_no_answer(scene: Scene) -> None:
    """Omar and Dana have been talking about something else, and go on with it after her question."""
    talk = Scene()
    talk.says("Dana", "Omar: did you order the labels?", opens=True, ends="Dana")
    for _ in range(3):
        talk.says("Omar", "Dana: yes, the small ones", after=20)
        talk.says("Dana", "Omar: we need the large ones as well", after=20)
    talk.says("Dana", "can anybody tell me where the invoices of last year went?", after=15, opens=True)
    on_topic = talk.seen("Omar", "Dana: ok, I'll order the large labels too", after=10)
    before = JUDGE.peers(on_topic, talk.window, talk.waits)[0].probability
    fresh = JUDGE.peers(replace(on_topic, author="lena"), talk.window, talk.waits)[0].probability
    assert before < fresh


def test_a_reply_reference_or_the_thread_says_whom_it_is_for(scene: Scene) -> None:
    question = scene.waits[0].messages[0]
    for number in range(6):
        scene.says(("Lena", "Yuki")[number % 2], f"and then I went to shop number {number}", after=20)
    assert helped(scene, "Omar", "under contacts, the button on the right", thread=question, after=400) == ["dana"]
    assert helped(scene, "Omar", "under contacts, the button on the right", reply_to=question, after=400) == ["dana"]


def test_what_stands_in_another_thread_helps_only_by_name(scene: Scene) -> None:
    other = scene.says("Lena", "shall we meet at the printer?", after=20)
    assert helped(scene, "Omar", "yes, under the stairs, on the right", thread=other.id, after=10) == []


def test_a_question_that_left_the_window_can_still_be_answered() -> None:
    scene = Scene()
    scene.says("Dana", "how can I export my contacts to a spreadsheet?", opens=True)
    for number in range(220):
        scene.says(("Lena", "Yuki")[number % 2], f"line {number}", after=20)
    question = scene.waits[0].messages[0]
    assert scene.window.get(question) is None
    assert helped(scene, "Omar", "under contacts, the button on the right", reply_to=question) == ["dana"]


def test_bots_are_nobody(scene: Scene) -> None:
    robot = Message(
        channel="C", id="b", at=scene.now + 5, author="robot", role=Role.APP, text="Dana: have you read our help pages?"
    )
    scene.window.put(
        MessageRecord(
            id="b", at=robot.at, author="robot", role=Role.APP, thread=None, reply_to=None, reading=JUDGE.read(robot, scene.names)
        )
    )  # fmt: skip
    assert helped(scene, "Omar", "there is an export button under contacts, it writes a spreadsheet", after=25) == ["dana"]
    conversation = kept(scene.window)
    assert "robot" not in conversation.people


def test_thanks_find_the_answer_that_was_overlooked(scene: Scene) -> None:
    answer = scene.says("Omar", "Dana, under contacts I believe", after=40)
    thanks = scene.seen("Dana", "thank you Omar!", after=40)
    assert JUDGE.thanked(thanks, scene.waits[0], scene.window) == answer.id
    assert JUDGE.thanked(scene.seen("Dana", "thanks Omar, but where is that?"), scene.waits[0], scene.window) is None
    assert JUDGE.thanked(scene.seen("Dana", "thanks Yuki"), scene.waits[0], scene.window) is None


def test_a_judgement_names_its_reasons(scene: Scene) -> None:
    seen = scene.seen("Omar", "Dana: there is an export button")
    names = [item.name for item in JUDGE.peers(seen, scene.window, scene.waits)[0].evidence()]
    assert {"meant for them", "they are silent since", "meant for them: named at the start"} <= set(names)


def test_the_window_alone_gives_the_same_judgement(scene: Scene) -> None:
    """After a restart everything is worked out again from the window."""
    for number in range(40):
        scene.says(
            ("Lena", "Yuki", "Omar")[number % 3], f"Dana: have a look at page {number}" if number % 7 == 0 else "hm", after=9
        )
        JUDGE.peers(scene.seen("Omar", "maybe", after=1), scene.window, scene.waits)
    seen = scene.seen("Omar", "there is an export button under contacts", after=25)
    kept = JUDGE.peers(seen, scene.window, scene.waits)
    fresh = JUDGE.peers(seen, Window(scene.window), scene.waits)
    assert [item.probability for item in kept] == pytest.approx([item.probability for item in fresh])


def test_while_nobody_waits_nothing_is_worked_out(scene: Scene) -> None:
    assert JUDGE.peers(scene.seen("Omar", "there is an export button under contacts", after=25), scene.window, []) == []
    assert PeerConversation not in scene.window.walks


def test_a_late_message_is_judged_at_its_place(scene: Scene) -> None:
    late = scene.seen("Omar", "there is an export button under contacts", after=10)
    before = JUDGE.peers(late, scene.window, scene.waits)[0].probability
    scene.says("Lena", "Yuki: shall we have lunch?", after=10)
    scene.says("Yuki", "Lena: yes please", after=10)
    assert JUDGE.peers(late, scene.window, scene.waits)[0].probability == pytest.approx(before)


def test_memory_is_bounded() -> None:
    scene = Scene()
    names = [f"guest{number}" for number in range(900)]
    scene.names |= {name: (name,) for name in names}
    scene.says("Dana", "how can I export my contacts?", opens=True)
    waits = scene.waits
    for number in range(1800):
        scene.says(names[number % 900], f"{names[(number * 7) % 900]}: word{number} is what I would try")
        JUDGE.peers(scene.seen("omar", "hm", after=0.001), scene.window, waits)
    conversation = kept(scene.window)
    assert len(conversation.people) <= bounds.MOST_PEOPLE + bounds.MOST_RECEIVED
    assert len(conversation.pairs) <= bounds.MOST_PAIRS
    assert len(conversation.places) <= bounds.MOST_PLACES
    assert set(conversation.order) <= set(conversation.people)


def content() -> dict[str, object]:
    loaded: dict[str, object] = json.loads((files("bot.judge") / "weights_peers.json").read_text(encoding="utf-8"))
    return loaded


def test_the_weights_name_their_corpus_and_its_licence() -> None:
    weights = parse_peer_weights(content())
    assert "irc-disentanglement" in weights.source
    assert "CC-BY-4.0" in weights.source


def test_weights_of_another_version_are_refused_with_what_to_do() -> None:
    changed = content()
    del changed["help"]["weights"]["thanks"]  # type: ignore[index]
    with pytest.raises(ValueError, match=r"help.*thanks.*train again"):
        parse_peer_weights(changed)
