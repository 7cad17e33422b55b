"""Scripts without spaces between words, and letters with marks: they are read as well as others, and cost them nothing."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.hours import Hours, weekly
from bot.domain.people import Role
from bot.domain.reading import LEADING, Cue, Reading
from bot.domain.written_hours import read_span
from bot.language.promises import find
from tests.judge.scene import read


def said(text: str) -> Reading:
    """The reading of what a member wrote."""
    return read(text, author="ana", role=Role.MEMBER)


@pytest.mark.parametrize(
    "text",
    [
        "ありがとうございます！",
        "了解です、ありがとうございました",
        "ｏｋです！",
        "オーケー",
        "ｵｰｹｰです",
        "好的，谢谢！",
        "好的，謝謝您",
        "明白了，辛苦了。",
        "ठीक है, धन्यवाद",
        "बहुत बहुत शुक्रिया जी",
        "theek hai, shukriya bhai",
        "thik hai dhanyawad",
    ],
)
def test_courtesy_alone_leaves_nothing(text: str) -> None:
    assert read(text).has(Cue.BARE)


@pytest.mark.parametrize(
    "text",
    [
        "請求書が届きません",
        "发票下载不了",
        "बिल नहीं मिला",
        "bill nahi mila",
        "謝謝，但是發票下載不了",
        "ありがとうございます、請求書はどこですか",
    ],
)
def test_with_a_matter_something_is_left(text: str) -> None:
    assert not read(text).has(Cue.BARE)
    assert read(text).fingerprints


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("請問發票錯誤怎麼辦", "请问发票错误怎么办"),
        ("ＡＰＩのエラー４１３", "APIのエラー413"),
        ("ﾛｸﾞｲﾝできません", "ログインできません"),
        ("फ़ाइल ख़राब है", "फाइल खराब है"),
        ("मैं जाँच करता हूँ", "मैं जांच करता हूं"),
    ],
)
def test_spellings_of_the_same_are_read_as_the_same(one: str, other: str) -> None:
    first, second = said(one), said(other)
    assert (first.cues, first.rest, first.fingerprints) == (second.cues, second.rest, second.fingerprints)


@pytest.mark.parametrize(
    ("one", "other", "third"),
    [
        ("請求書の宛名を変更したい", "宛名の件ですが、請求書は再発行できます", "ログインの画面が真っ白です"),
        ("发票抬头怎么修改", "我们的发票抬头写错了", "验证码一直收不到"),
        ("इनवॉइस का पता बदलना है", "नया इनवॉइस भेज दिया गया", "लॉगिन पेज नहीं खुलता"),
        ("invoice ka naam change karna hai", "aapka invoice bhej diya", "login page khulta hi nahi"),
    ],
)
def test_messages_about_one_matter_share_its_words(one: str, other: str, third: str) -> None:
    about, same, different = (set(read(text).fingerprints) for text in (one, other, third))
    assert about & same
    assert not about & different


def test_pairs_meet_wherever_a_run_began() -> None:
    assert set(read("電子帳簿保存").fingerprints) & set(read("子帳簿").fingerprints)


@pytest.mark.parametrize(
    "text",
    [
        "設定はどこにありますか",
        "スマホでも使えますか。",
        "可以退款吗",
        "这个功能什么时候上线呢。",
        "這個方案可以退款嗎",
    ],
)
def test_a_particle_asks_where_there_is_no_mark(text: str) -> None:
    assert read(text).has(Cue.QUESTION_MARK)
    assert read(text).has(Cue.ENDS_ASKING)


@pytest.mark.parametrize("text", ["どこかにあります。", "そうですか。", "吗字打错了", "請求書です", "稍等一下好吗"])
def test_the_same_letters_elsewhere_do_not(text: str) -> None:
    assert not read(text).has(Cue.QUESTION_MARK)


@pytest.mark.parametrize("text", ["Danaさん、確認しました。", "Dana，已经修好了", "dana さん：直りました"])
def test_a_name_before_a_title_or_a_wide_comma_leads(text: str) -> None:
    assert said(text).names("dana") == LEADING


@pytest.mark.parametrize(
    "text", ["エクスポートしたファイルが空になります", "导出的文件总是空的怎么办", "एक्सपोर्ट की हुई फ़ाइल खाली आ रही है"]
)
def test_what_is_covered_is_not_foreign(text: str) -> None:
    assert not read(text).has(Cue.FOREIGN)


def test_a_packed_script_that_is_not_covered_still_counts_as_words() -> None:
    thai = read("ฉันไม่สามารถเข้าสู่ระบบได้ตั้งแต่เมื่อวาน")
    assert thai.has(Cue.FOREIGN)
    assert thai.rest > 5


def test_english_words_that_begin_a_phrase_elsewhere_are_topics_as_before() -> None:
    words = ["release", "office", "guide", "contact", "doubt", "resolve", "result"]
    assert len(read("the " + " and the ".join(words)).fingerprints) == len(words)


def test_two_letters_count_as_a_word_though_pairs_overlap() -> None:
    assert read("電子帳簿保存法").words == 4


def test_of_a_page_of_letters_the_beginning_and_the_end_are_read() -> None:
    page = read("確認" * 5_000 + "助けてください")
    assert page.has(Cue.HELP)
    assert page.words < 800


def test_a_page_of_letters_is_read_in_bounded_time() -> None:
    started = time.process_time()
    for text in ("確" * 50_000, "确认" * 25_000, "あ" * 50_000, "か。" * 25_000, "ア" * 50_000, "क्" * 25_000, "ﷺ" * 50_000):
        for role in Role:
            assert len(read(text, role=role).pack()) < 3_000
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    ("text", "redirects", "only"),
    [
        ("恐れ入りますが、サポート窓口までメールでご連絡ください。", True, True),
        ("ＤＭでお願いします。", True, True),
        ("設定の画面でフィルターを外すと直ります。それでもだめならサポートにお問い合わせください。", True, False),
        ("メールは届いていますか？", False, False),
        ("設定の画面からメールアドレスを変更できます。", False, False),
        ("抱歉，这个请联系客服处理。", True, True),
        ("麻煩私訊我帳號", True, True),
        ("把筛选条件清掉再导出就有数据了。如果还不行请联系客服。", True, False),
        ("您收到邮件了吗？", False, False),
        ("邮箱可以在个人中心里修改。", False, False),
        ("माफ़ कीजिए, कृपया सपोर्ट को ईमेल कीजिए।", True, True),
        ("iske liye support team ko mail kar dijiye", True, True),
        ("mujhe dm karo", True, True),
        ("maine support ko mail kar diya hai", False, False),
        ("aapko email mein link mil jayega, us par click kijiye", False, False),
    ],
)
def test_redirects_are_told_from_help(text: str, redirects: bool, only: bool) -> None:
    reading = said(text)
    assert (reading.has(Cue.REDIRECT), reading.has(Cue.REDIRECT_ONLY)) == (redirects, only)


BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(zone=BERLIN, week=weekly(range(5), [read_span("09:00-18:00")]))
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=BERLIN).timestamp()
"""A Tuesday."""


def until(text: str) -> str:
    promise = find(text, NOW, BERLIN, OFFICE)
    if promise is None:
        return "no promise"
    return "no time" if promise.until is None else datetime.fromtimestamp(promise.until, BERLIN).strftime("%a %-d %b %H:%M")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明日ご連絡いたします。", "Wed 4 Mar 12:00"),
        ("明日までにご回答いたしますので、お待ちください。", "Wed 4 Mar 17:00"),
        ("来週の金曜日に報告します", "Fri 13 Mar 12:00"),
        ("月曜までにお返事します", "Mon 9 Mar 17:00"),
        ("午後３時にご連絡します。", "Tue 3 Mar 15:00"),
        ("午後三時までに折り返します", "Tue 3 Mar 15:00"),
        ("30分後に返信します。", "Tue 3 Mar 10:30"),
        ("2時間以内に回答します", "Tue 3 Mar 12:00"),
        ("3営業日以内にご連絡いたします。", "Fri 6 Mar 12:00"),
        ("3月12日に改めて連絡します。", "Thu 12 Mar 12:00"),
        ("三月十二日までにご連絡します", "Thu 12 Mar 17:00"),
        ("来週までに回答します", "Fri 13 Mar 17:00"),
        ("明日ご連絡しますが、先に再起動をお試しください。", "Wed 4 Mar 12:00"),
        ("分かり次第お知らせします。", "no time"),
        ("明日確認します", "Wed 4 Mar 12:00"),
        ("確認します", "no promise"),
        ("ログを送っていただければ、明日ご連絡します。", "no promise"),
        ("昨日ご連絡しました。", "no promise"),
        ("明日連絡しますか？", "no promise"),
        ("我明天回复你。", "Wed 4 Mar 12:00"),
        ("週五之前給您答覆。", "Fri 6 Mar 17:00"),
        ("下周一上午给您答复", "Mon 9 Mar 11:00"),
        ("下午三点前给你回复", "Tue 3 Mar 15:00"),
        ("半小时内回复您", "Tue 3 Mar 10:30"),
        ("10分钟后我回复你", "Tue 3 Mar 10:10"),
        ("两个工作日内给您答复", "Thu 5 Mar 12:00"),
        ("三月十二号再跟您联系", "Thu 12 Mar 12:00"),
        ("月底前给您答复", "Tue 31 Mar 17:00"),
        ("两小时前回复您了", "no promise"),
        ("有消息了我会通知您", "no time"),
        ("我明天再看一下", "Wed 4 Mar 12:00"),
        ("我看一下", "no promise"),
        ("昨天已经回复您了", "no promise"),
        ("如果您把日志发过来，我明天回复您", "no promise"),
        ("मैं कल तक जवाब दूँगा।", "Wed 4 Mar 17:00"),
        ("शाम 5 बजे बताती हूँ।", "Tue 3 Mar 17:00"),
        ("परसों सूचित करेंगे", "Thu 5 Mar 12:00"),
        ("12 मार्च को बताऊँगा", "Thu 12 Mar 12:00"),
        ("kal tak bata dunga", "Wed 4 Mar 17:00"),
        ("somvar ko reply karungi", "Mon 9 Mar 12:00"),
        ("main 5 baje update karta hu", "Tue 3 Mar 17:00"),
        ("2 ghante mein batata hoon", "Tue 3 Mar 12:00"),
        ("agar aap log bhejenge to main kal bata dunga", "no promise"),
        ("maine kal bata diya tha", "no promise"),
    ],
)
def test_promises_name_their_time(text: str, expected: str) -> None:
    assert until(text) == expected
