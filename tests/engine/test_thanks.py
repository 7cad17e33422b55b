"""Whom customers thank: a member who replied to them personally, and nobody who wasn't meant."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.domain.events import Edited
from bot.domain.messages import Message
from bot.engine.gratitude import FROM_NOW, PassedThanks
from tests.coaching.town import CoachedTown

THANKS = "Thank you, that worked!"
ELSEWHERE = "Please contact support@harbor.example"


@dataclass
class ThankfulTown(CoachedTown):
    """A town in which thanks are passed on."""

    def restart(self) -> None:
        super().restart()
        self.engine.passed_thanks = PassedThanks(clock=self.clock)

    def thanked(self) -> list[tuple[str, str]]:
        """Who thanked whom, so far."""
        return [
            (thanks.customer, thanks.member) for member in sorted(self.members) for thanks in self.tx.thanks_to(member, 0.0, 9)
        ]

    def edits(self, message: Message, text: str) -> None:
        after = Message(
            channel=message.channel, id=message.id, at=message.at, author=message.author, role=message.role, text=text,
            thread=message.thread,
        )  # fmt: skip
        self.passes(60.0)
        self.engine.process(self.tx, Edited(message=after, at=self.now))


@pytest.mark.parametrize(
    "thanks",
    [
        THANKS,
        "thanks Ana!",
        "Perfect, thanks a lot",
        "Danke dir, jetzt geht es!",
        "merci beaucoup",
        "¡Muchas gracias!",
        "grazie mille",
        "bedankt!",
        "dziękuję bardzo",
        "muito obrigado",
        "谢谢你",
        "ありがとうございます",
        "thanks, solved! Where do I find the log next time?",
    ],
)
def test_thanks_for_a_personal_reply_are_passed_on(thanks: str) -> None:
    town = ThankfulTown()
    reply = town.answers("ana", "dana")
    town.says("dana", thanks, to=reply)
    assert town.thanked() == [("dana", "ana")]


@pytest.mark.parametrize(
    "thanks",
    [
        "Thanks in advance for any help!",
        "thanks for nothing",
        "thanks for letting me wait two hours",
        "Thanks for the late reply...",
        "Danke, dass ihr mich zwei Stunden habt warten lassen",
        "Merci de m'avoir fait attendre",
        "Gracias por hacerme esperar",
        "Grazie per avermi fatto aspettare",
        "Bedankt voor het lange wachten",
        "Obrigado por me fazer esperar",
        "Dzięki za długie czekanie",
        "thanks a lot for breaking my account",
        "Great, thanks 🙄",
        "oh great, thanks :face_with_rolling_eyes:",
        "no thanks",
        "thanks, but that doesn't work",
        "Still waiting, thanks",
        "thanks, can you please look again?",
        "thanks anyway",
        "Danke für nichts",
        "Vielen Dank im Voraus",
        "nein danke",
        "Merci d'avance",
        "merci pour rien",
        "gracias de antemano",
        "gracias por nada",
        "grazie in anticipo",
        "alvast bedankt",
        "z góry dziękuję",
        "obrigado por nada",
        "先谢谢了",
        "thanks Pia!",
    ],
)
def test_what_is_no_thanks_for_sure_is_none(thanks: str) -> None:
    town = ThankfulTown()
    town.says("pia", "Hello, where do I find the invoices?")
    town.says("dana", thanks, to=town.answers("ana", "dana"))
    assert town.thanked() == []


def test_who_only_pointed_elsewhere_or_said_one_moment_isnt_thanked() -> None:
    town = ThankfulTown()
    town.says("dana", "thanks", to=town.answers("ana", "dana", ELSEWHERE))
    town.says("omar", "thank you!", to=town.answers("ben", "omar", "One moment, I'm looking into it."))
    assert town.thanked() == []


def test_what_an_app_answered_is_nobodys() -> None:
    town = ThankfulTown()
    asked = town.says("dana", "My export fails with error 500, how can I fix that?")
    town.says("ana", "You can restart the export under Settings.", to=asked, marks=("bot_id",))
    town.says("dana", THANKS, to=asked)
    assert town.thanked() == []


def test_another_customer_who_helped_after_the_member_may_be_meant() -> None:
    town = ThankfulTown()
    reply = town.answers("ana", "dana")
    town.says("omar", "For me it was the proxy: switch it off and the export runs.", to=reply)
    town.says("dana", THANKS, to=reply)
    assert town.thanked() == []


def test_who_is_named_is_meant_also_after_others() -> None:
    town = ThankfulTown()
    reply = town.answers("ana", "dana")
    town.says("ben", "And here is how to restart it: choose Retry in the list of exports.", to=reply)
    town.says("dana", "Thanks @Ana, that worked!", to=reply, mentions=("ana",))
    assert town.thanked() == [("dana", "ana")]
    town.says("dana", "thanks!", to=reply)
    assert town.thanked() == [("dana", "ana")], "to one of both, who knows"


def test_thanks_to_another_customer_beside_a_member_are_not_sorted_out() -> None:
    town = ThankfulTown()
    reply = town.answers("ana", "dana")
    town.says("dana", "Thanks @Pia, just what @Ana said!", to=reply, mentions=("pia", "ana"))
    assert town.thanked() == []


def test_in_a_busy_channel_others_questions_dont_take_thanks_away() -> None:
    town = ThankfulTown()
    town.says("dana", "Hi, my export fails with error 500 since this morning, how can I fix that?")
    town.says("ana", "You can restart the export under Settings, Exports, with the button Retry.")
    town.says("omar", "Hello, how do I change the address on my invoice?")
    town.says("dana", THANKS)
    assert town.thanked() == [("dana", "ana")]


def test_a_member_who_never_replied_to_them_isnt_told() -> None:
    town = ThankfulTown()
    town.says("dana", "Thanks @Mia, that worked!", to=town.answers("ana", "dana"), mentions=("mia",))
    assert town.thanked() == []


def test_thanks_that_are_edited_or_deleted_are_gone_and_come_with_an_edit() -> None:
    town = ThankfulTown()
    first = town.says("dana", THANKS, to=town.answers("ana", "dana"))
    town.edits(first, "that doesn't work")
    assert town.thanked() == []
    town.edits(first, THANKS)
    assert town.thanked() == [("dana", "ana")]
    town.deletes(first)
    assert town.thanked() == []


def test_nothing_is_passed_on_of_what_is_read_back_from_long_ago() -> None:
    town = ThankfulTown()
    reply = town.answers("ana", "dana")
    long_ago = town.now
    town.passes(FROM_NOW + 60.0)
    town.says("dana", THANKS, to=reply, at=long_ago + 30.0)
    assert town.thanked() == []
