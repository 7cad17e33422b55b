"""Adverts as replies: what offers something and speaks of nothing that was asked ends no wait by itself; its writer is asked."""

from __future__ import annotations

import pytest

from bot.domain.context import Context
from bot.domain.hours import ALWAYS
from bot.domain.waits import ReplyKind
from bot.judge.standard import StandardJudge
from bot.waits.trial import ReplyToQuestion, reply_to_question

CONTEXT = Context(judge=StandardJudge(), hours_of=lambda _: ALWAYS)
MONDAY = 1772442000.0
PLAIN = "Hello, why does my report come out empty?"

ADVERTS = """
Discover our new premium tracking, free trial for 30 days!
Upgrade to Pro now and get twice the speed!
Have you seen our webinar? Sign up at https://harbor.example/webinar
Check out our new pricing, 20% off until Friday
Get 20% off your first year with code SPRING
Try our premium plan free for 14 days
Our new course on exports starts soon, register at https://harbor.example/course
Did you know? Pro users get priority support. Upgrade today!
Book a demo with our sales team
Subscribe to our newsletter for more tips!
Join us at our webinar on Thursday!
Don't miss our spring sale
Entdecken Sie unser neues Premium-Paket, jetzt 30 Tage kostenlos testen!
Jetzt auf Pro upgraden und 20 % sparen!
Haben Sie schon unser Webinar gesehen? Jetzt anmelden!
Abonnieren Sie unseren Newsletter!
Découvrez notre nouvelle offre premium, essai gratuit de 30 jours !
Passez à Pro maintenant et profitez de 20 % de réduction !
Avez-vous vu notre webinaire ? Inscrivez-vous ici
¡Descubre nuestro nuevo plan premium, prueba gratis de 30 días!
¡Pásate a Pro ahora y ahorra un 20 %!
¿Has visto nuestro webinar? Regístrate en https://harbor.example/webinar
Conheça nosso novo plano premium, teste grátis por 30 dias!
Faça upgrade para o Pro agora e ganhe 20% de desconto!
Já viu o nosso webinar? Inscreva-se aqui
Scopri il nostro nuovo piano premium, prova gratuita di 30 giorni!
Passa a Pro ora e risparmia il 20%!
Hai visto il nostro webinar? Iscriviti qui
Ontdek ons nieuwe premium-abonnement, 30 dagen gratis proberen!
Upgrade nu naar Pro en krijg 20% korting!
Heb je ons webinar al gezien? Meld je hier aan
Odkryj nasz nowy plan premium, 30 dni za darmo!
Przejdź na Pro już teraz i oszczędź 20%!
Widzieliście nasz webinar? Zapisz się tutaj
新しいプレミアムプランを今すぐ無料でお試しください!
今すぐProにアップグレードすると20%オフ!
ウェビナーはもうご覧になりましたか?お申し込みはこちら
了解我们全新的高级套餐,免费试用30天!
立即升级到专业版,享受8折优惠!
您看过我们的网络研讨会吗?点此报名
हमारा नया प्रीमियम प्लान देखें, 30 दिन मुफ्त!
Abhi Pro mein upgrade karein aur 20% discount paayein!
Kya aapne hamara webinar dekha? Yahan register karein
"""
ADVICE = """
You can upgrade to Pro, that removes the limit
Exports are only in the Pro plan
Upgrade to 2.1, that fixes it
Upgrade to the latest version and try again
You have to sign up first, then the button appears
Have you seen the date filter? It hides the older rows
Did you try a different browser?
Register the device under Settings first
The discount is added at checkout
Du kannst auf Pro wechseln, dann fällt die Grenze weg
Mit Version 2.1 geht es, bitte aktualisieren
Haben Sie den Filter gesehen? Er blendet ältere Zeilen aus
Vous devez d'abord vous inscrire, ensuite le bouton apparaît
Tienes que registrarte primero, luego aparece el botón
Il faut passer à la version 2.1
"""


def reply(text: str, question: str = PLAIN) -> ReplyToQuestion:
    return reply_to_question(CONTEXT, question, text, MONDAY)


def test_an_advert_is_asked_about() -> None:
    for text in ADVERTS.strip().splitlines():
        said = reply(text)
        assert said.kind is None, f"{text}: {said}"
        assert said.evidence[0] == "it offers something, and speaks of nothing that was asked", f"{text}: {said}"


def test_advice_that_has_the_words_of_adverts_answers() -> None:
    for text in ADVICE.strip().splitlines():
        assert reply(text).kind in (ReplyKind.PERSONAL, ReplyKind.CLARIFYING), f"{text}: {reply(text)}"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What does the Pro plan cost?", "Try our premium plan free for 14 days"),
        ("Is there a discount for schools?", "You get 20% off with code SCHOOL"),
        ("Do exports work before I pay?", "The free trial includes exports, so it should work"),
        ("Why does my report come out twice?", "Remove the second filter, that helps. By the way: 20% off with code SPRING"),
    ],
)
def test_an_offer_that_was_asked_for_or_that_stands_beside_an_answer_is_none(question: str, text: str) -> None:
    assert reply(text, question).kind is ReplyKind.PERSONAL
