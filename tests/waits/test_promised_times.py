"""What members promise, in the words of a reply, and until when: the judge that ships, the promises and the holds together."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.context import Context
from bot.domain.hours import Hours, weekly
from bot.domain.waits import ReplyKind
from bot.domain.written_hours import read_span
from bot.judge.standard import StandardJudge
from bot.waits.trial import ReplyToQuestion, reply_to_question

ZONE = ZoneInfo("Europe/Berlin")
OFFICE = Hours(zone=ZONE, week=weekly(range(5), [read_span("09:00-18:00")]))
CONTEXT = Context(judge=StandardJudge(), hours_of=lambda _: OFFICE)
WEDNESDAY = datetime(2026, 3, 4, 10, tzinfo=ZONE).timestamp()
PLAIN = "Hello, why does my report come out twice?"


def reply(text: str, question: str = PLAIN) -> ReplyToQuestion:
    return reply_to_question(CONTEXT, question, text, WEDNESDAY)


def until(text: str) -> str:
    said = reply(text)
    assert said.kind is ReplyKind.PROMISE and said.hold is not None, said
    return datetime.fromtimestamp(said.hold.until, ZONE).strftime("%a %-d %b %H:%M")


ALONE = """
tomorrow at 11am | Thu 5 Mar 11:00
tomorrow at 4pm EST | Thu 5 Mar 22:00
today at 3pm! | Wed 4 Mar 15:00
Friday at 10 | Fri 6 Mar 10:00
2pm Pacific | Wed 4 Mar 23:00
Monday 9am UTC | Mon 9 Mar 10:00
Hopefully Thursday | Thu 5 Mar 12:00
in 5 mins | Wed 4 Mar 10:05
give me 25 | Wed 4 Mar 10:25
gimme twenty | Wed 4 Mar 10:20
tmrw | Thu 5 Mar 12:00
soon | Wed 4 Mar 11:00
morgen um 14 Uhr | Thu 5 Mar 14:00
vermutlich Freitag um 11 Uhr | Fri 6 Mar 11:00
demain à 16h | Thu 5 Mar 16:00
mañana a las 4pm EST | Thu 5 Mar 22:00
amanhã às 15h | Thu 5 Mar 15:00
domani alle 15 | Thu 5 Mar 15:00
morgen om 15 uur | Thu 5 Mar 15:00
jutro o 15 | Thu 5 Mar 15:00
明日の15時です | Thu 5 Mar 15:00
明天下午3点 | Thu 5 Mar 15:00
kal 3 baje | Thu 5 Mar 15:00
"""
SPANS = """
2 hours | Wed 4 Mar 12:00
20 minutes | Wed 4 Mar 10:20
about 2-3 hours | Wed 4 Mar 13:00
an hour | Wed 4 Mar 11:00
noch 2 Stunden | Wed 4 Mar 12:00
encore 2 heures | Wed 4 Mar 12:00
media hora | Wed 4 Mar 10:30
umas duas horas | Wed 4 Mar 12:00
ancora due ore | Wed 4 Mar 12:00
nog een uur | Wed 4 Mar 11:00
jeszcze 2 godziny | Wed 4 Mar 12:00
あと2時間です | Wed 4 Mar 12:00
20分钟左右 | Wed 4 Mar 10:20
2 ghante | Wed 4 Mar 12:00
"""
SENTENCES = """
I will tell you by 1pm | Wed 4 Mar 13:00
I'll tell you by 3pm | Wed 4 Mar 15:00
We'll inform you at 16:30 | Wed 4 Mar 16:30
We'll repair it by Friday | Fri 6 Mar 17:00
We will deploy it on Monday | Mon 9 Mar 12:00
The correction ships on Thursday | Thu 5 Mar 12:00
You'll have the contract tomorrow | Thu 5 Mar 12:00
I'll email you the figures on Friday | Fri 6 Mar 12:00
We'll send you an email tomorrow | Thu 5 Mar 12:00
Je vous envoie un mail demain | Thu 5 Mar 12:00
Your parcel arrives on Friday | Fri 6 Mar 12:00
Du bekommst das Angebot morgen | Thu 5 Mar 12:00
Deine Bestellung geht morgen raus | Thu 5 Mar 12:00
Vous recevrez la facture demain | Thu 5 Mar 12:00
Votre colis part vendredi | Fri 6 Mar 12:00
Recibirás la factura mañana | Thu 5 Mar 12:00
Você vai receber a fatura amanhã | Thu 5 Mar 12:00
Riceverai la fattura domani | Thu 5 Mar 12:00
Je krijgt de factuur morgen | Thu 5 Mar 12:00
Dostaniesz fakturę jutro | Thu 5 Mar 12:00
請求書は明日お届けします | Thu 5 Mar 12:00
你明天会收到发票 | Thu 5 Mar 12:00
aapko invoice kal mil jayega | Thu 5 Mar 12:00
"""


@pytest.mark.parametrize("line", ALONE.strip().splitlines())
def test_a_time_alone_is_a_promise(line: str) -> None:
    text, wanted = line.split(" | ")
    assert until(text) == wanted


@pytest.mark.parametrize("line", SPANS.strip().splitlines())
def test_a_length_of_time_alone_is_a_promise(line: str) -> None:
    text, wanted = line.split(" | ")
    assert until(text) == wanted


@pytest.mark.parametrize(
    "question", ["My export is empty", "Can you fix it, please?", "How do I export?", "Warum geht das nicht?"]
)
def test_so_it_is_to_whoever_needs_something(question: str) -> None:
    assert reply("2 hours", question).kind is ReplyKind.PROMISE


@pytest.mark.parametrize(
    "question",
    ["How long does the export take?", "When will it work?", "What's the SLA?", "How often does it sync?",
     "Does the link expire?", "Was ist das Zeitlimit?", "Combien de temps ça prend ?"],
)  # fmt: skip
@pytest.mark.parametrize("text", ["2 hours", "20 minutes"])
def test_a_length_of_time_that_was_asked_for_is_the_answer(question: str, text: str) -> None:
    assert reply(text, question).kind is ReplyKind.PERSONAL


def test_a_few_minutes_hold_as_any_moment_does() -> None:
    assert reply("5 mins").kind is ReplyKind.HOLDING


@pytest.mark.parametrize("text", ["30 days", "24 hours", "every 2 hours", "2 hours ago", "2 GB", "It takes about 2 hours"])
def test_what_is_a_rule_or_over_promises_nothing(text: str) -> None:
    assert reply(text).kind is not ReplyKind.PROMISE


@pytest.mark.parametrize("line", SENTENCES.strip().splitlines())
def test_the_time_beside_whatever_verb_promises_is_the_promises(line: str) -> None:
    text, wanted = line.split(" | ")
    assert until(text) == wanted


@pytest.mark.parametrize(
    "question",
    ["When do you open?", "What time is the webinar?", "Which day is the maintenance?", "What's the deadline?",
     "When does my order ship?", "Wann startet der Kurs?", "Quel jour arrive le technicien ?"],
)  # fmt: skip
@pytest.mark.parametrize("text", ["tomorrow at 11am", "3pm EST", "Friday 10am CET", "Your order ships Thursday", "2 hours"])
def test_a_time_that_was_asked_for_is_the_answer(question: str, text: str) -> None:
    assert reply(text, question).kind is ReplyKind.PERSONAL


@pytest.mark.parametrize("text", ["12", "3.2", "every Friday", "3/4", "You'll get an email tomorrow", "2.4.1"])
def test_what_holds_a_number_or_happens_by_itself_promises_nothing(text: str) -> None:
    assert reply(text).kind is not ReplyKind.PROMISE


BY_A_TIMETABLE = """
The boat arrives at six, I think
I think the boat arrives at six
The ferry leaves at six
Your flight leaves at six
The train lands in London at five
The plane is due at noon
The last bus leaves today at ten
The museum opens tomorrow at nine
The course starts on Monday
Me parece que el barco llega a las seis
El barco llega a las seis, creo
El tren sale mañana a las ocho
La tienda abre a las nueve
Creo que la obra empieza el lunes
Ich glaube, die Fähre kommt um sechs an
Das Schiff kommt um sechs an, glaube ich
Der Zug geht um acht ab
Der Laden wird um neun geöffnet
Der Kurs beginnt am Montag
Die Fähre ist morgen um sechs da
Je crois que le bateau arrive à six heures
Le bateau arrive à six heures, je crois
Le train part demain à huit heures
Le magasin ouvre à neuf heures
Acho que o barco chega às seis
O barco chega às seis, acho
O trem sai amanhã às oito
A loja abre às nove
Credo che la barca arrivi alle sei
La barca arriva alle sei, credo
Il treno parte domani alle otto
Il negozio apre alle nove
Ik denk dat de boot om zes uur aankomt
De boot komt om zes uur aan, denk ik
De trein vertrekt morgen om acht uur
De winkel gaat om negen uur open
Myślę, że statek przypływa o szóstej
Łódka będzie o osiemnastej, chyba
Taksówka wychodzi jutro o ósmej
Sklep otwiera się o dziewiątej
船は6時に着くと思います
電車は明日の8時に出ます
お店は9時に開きます
船大概六点到
火车明天八点出发
商店九点开门
मुझे लगता है नाव छह बजे आती है
ट्रेन कल आठ बजे निकलती है
Boat shayad 6 baje aati hai
Train kal 8 baje nikalti hai
Dukaan 9 baje khulti hai
"""
HANDED_OVER = """
Your parcel arrives on Friday
The correction ships on Thursday
The replacement part leaves on Thursday
The invoice goes out tomorrow
Our next release lands on Friday
The new version arrives tomorrow
It ships tomorrow
Tu pedido sale mañana
El paquete llega mañana
La factura sale el jueves
Dein Paket kommt morgen an
Die Rechnung geht morgen raus
Das Ersatzteil wird morgen verschickt
Votre colis part demain
La facture sera envoyée demain
La commande arrive jeudi
Seu pedido sai amanhã
A fatura chega amanhã
Il tuo ordine parte domani
Il pacco arriva domani
La fattura parte domani
Je bestelling wordt morgen verzonden
Het pakket vertrekt morgen
De factuur wordt donderdag verstuurd
Paczka wychodzi jutro
Faktura będzie jutro
Twoja przesyłka dotrze jutro
Poprawka wyjdzie w czwartek
"""


@pytest.mark.parametrize("text", BY_A_TIMETABLE.strip().splitlines())
def test_what_comes_goes_or_opens_by_a_timetable_is_nobodys_promise(text: str) -> None:
    said = reply(text)
    assert said.kind is not ReplyKind.PROMISE and said.hold is None


@pytest.mark.parametrize("text", HANDED_OVER.strip().splitlines())
def test_what_the_team_hands_over_is_promised_by_when_it_comes_or_leaves(text: str) -> None:
    assert reply(text).kind is ReplyKind.PROMISE
