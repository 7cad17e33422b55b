"""Reasons in words: each has its own, and they read as they always did."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.domain.reasons import Reason, ReasonCode
from bot.domain.views import Plain, Spans
from bot.domain.waits import OwnerReason
from bot.wording.owner_reasons import LOOKING, OWNER_WORDS
from bot.wording.reasons import SENTENCES, sentence


@pytest.mark.parametrize(
    ("code", "about", "says"),
    [
        (ReasonCode.ENDED, ("answered",), "the wait has ended: answered"),
        (ReasonCode.OVER_BUDGET, ("ana", "ben"), "over the daily budget of ana, ben"),
        (ReasonCode.BACK_TOO_LATE, ("ana",), "ana will be at work only after the next step can be taken"),
        (ReasonCode.BACK_TOO_LATE, (), "the team will be at work only after the next step can be taken"),
        (ReasonCode.TOO_OFTEN, ("12", "no {answer}"), "gave up after 12 attempts: no {answer}"),
        (ReasonCode.IN_DOUBT, ("not now",), "it may have arrived, and that can't be found out: not now"),
        (ReasonCode.REFUSED, ("the channel {is} gone",), "the channel {is} gone"),
        (ReasonCode.OLD, ("what was said once",), "what was said once"),
        (ReasonCode.NOWHERE, (), "there is no channel to send it to: set reminders.destination in the settings"),
    ],
)
def test_a_reason_as_people_read_it(code: ReasonCode, about: tuple[str, ...], says: str) -> None:
    assert sentence(Reason(code=code, about=about)) == says


def test_every_code_has_a_sentence() -> None:
    assert set(SENTENCES) == set(ReasonCode)


def test_every_reason_of_an_owner_has_its_words() -> None:
    assert set(OWNER_WORDS) == set(get_args(OwnerReason))


def text(spans: Spans) -> str:
    return "".join(span.text if isinstance(span, Plain) else "Dana" for span in spans)


def test_an_owners_reason_names_the_customer_and_the_day_where_it_is_known() -> None:
    known = OWNER_WORDS["acquaintance"]
    assert text(known.to_owner("dana", "on 3 May")) == "You know Dana: you helped on 3 May."
    assert text(known.to_owner("dana", None)) == "You know Dana best."
    assert text(known.to_others("dana")) == " knows Dana best"
    assert text(OWNER_WORDS["named"].to_owner("dana", "on 3 May")) == "Dana asked for you."
    assert text(LOOKING.to_owner("dana", None)) == "You were looking into it."
