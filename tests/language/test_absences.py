"""Spans of time as people type them to be away: what they mean, and what is asked."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.refusal import Refusal
from bot.language.times.absences import read_absence
from bot.language.times.away_clock import AwaySpan

BERLIN = ZoneInfo("Europe/Berlin")
AT_WORK = Hours(zone=BERLIN, week=weekly(range(5), [WorkingSpan(opens=8 * 60 + 30, closes=17 * 60)]))
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN).timestamp()
"""A Wednesday."""

MEANT = """
this afternoon | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
tomorrow morning | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
thursday morning | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
from 2pm | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
at 2pm | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
thursday to friday | Thu 19 Nov 00:00 | Sat 21 Nov 00:00
5 march to 9 march | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
monday to wednesday | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
until wednesday | Wed 18 Nov 10:00 | Wed 25 Nov 08:30
friday | Fri 20 Nov 00:00 | Sat 21 Nov 00:00
2h | Wed 18 Nov 10:00 | Wed 18 Nov 12:00
3 days | Wed 18 Nov 10:00 | Sat 21 Nov 10:00
for 3 days | Wed 18 Nov 10:00 | Sat 21 Nov 10:00
tomorrow at 2pm | Thu 19 Nov 14:00 | Thu 19 Nov 17:00
tomorrow 2pm to 4pm | Thu 19 Nov 14:00 | Thu 19 Nov 16:00
tomorrow from 10 to 12 | Thu 19 Nov 10:00 | Thu 19 Nov 12:00
friday 10-12 | Fri 20 Nov 10:00 | Fri 20 Nov 12:00
2-4pm | Wed 18 Nov 14:00 | Wed 18 Nov 16:00
2pm-4pm | Wed 18 Nov 14:00 | Wed 18 Nov 16:00
on 5 and 6 march | Fri 5 Mar 2027 00:00 | Sun 7 Mar 2027 00:00
5 and 6 march | Fri 5 Mar 2027 00:00 | Sun 7 Mar 2027 00:00
2pm-4pm tomorrow | Thu 19 Nov 14:00 | Thu 19 Nov 16:00
from 2pm to 4pm tomorrow | Thu 19 Nov 14:00 | Thu 19 Nov 16:00
from 2pm until 4pm on friday | Fri 20 Nov 14:00 | Fri 20 Nov 16:00
between 2pm and 4pm tomorrow | Thu 19 Nov 14:00 | Thu 19 Nov 16:00
from 2pm to friday 4pm | Wed 18 Nov 14:00 | Fri 20 Nov 16:00
from 2pm until 10am tomorrow | Wed 18 Nov 14:00 | Thu 19 Nov 10:00
14 bis 16 uhr morgen | Thu 19 Nov 14:00 | Thu 19 Nov 16:00
14:00-16:00 | Wed 18 Nov 14:00 | Wed 18 Nov 16:00
between 2 and 4pm | Wed 18 Nov 14:00 | Wed 18 Nov 16:00
5-9 march | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
5 to 9 march | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
march 5-9 | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
march 5 to 9 | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
from the 5th of march to the 9th of march | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
5th to 9th march | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
25-28 | Wed 25 Nov 00:00 | Sun 29 Nov 00:00
31.3. | Wed 31 Mar 2027 00:00 | Thu 1 Apr 2027 00:00
31/3 | Wed 31 Mar 2027 00:00 | Thu 1 Apr 2027 00:00
3/31 | Wed 31 Mar 2027 00:00 | Thu 1 Apr 2027 00:00
30.3.-2.4. | Tue 30 Mar 2027 00:00 | Sat 3 Apr 2027 00:00
next week | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
all next week | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
the rest of the week | Wed 18 Nov 10:00 | Mon 23 Nov 00:00
rest of the day | Wed 18 Nov 10:00 | Thu 19 Nov 00:00
rest of today | Wed 18 Nov 10:00 | Thu 19 Nov 00:00
this week | Wed 18 Nov 10:00 | Mon 23 Nov 00:00
all day | Wed 18 Nov 10:00 | Thu 19 Nov 00:00
all day tomorrow | Thu 19 Nov 00:00 | Fri 20 Nov 00:00
tomorrow all day | Thu 19 Nov 00:00 | Fri 20 Nov 00:00
today | Wed 18 Nov 10:00 | Thu 19 Nov 00:00
tonight | Wed 18 Nov 18:00 | Thu 19 Nov 00:00
this evening | Wed 18 Nov 18:00 | Thu 19 Nov 00:00
monday morning until wednesday noon | Mon 23 Nov 08:30 | Wed 25 Nov 12:00
from tomorrow for 3 days | Thu 19 Nov 00:00 | Sun 22 Nov 00:00
3 days from tomorrow | Thu 19 Nov 00:00 | Sun 22 Nov 00:00
for 2 weeks from monday | Mon 23 Nov 00:00 | Mon 7 Dec 00:00
2 weeks | Wed 18 Nov 10:00 | Wed 2 Dec 10:00
two weeks | Wed 18 Nov 10:00 | Wed 2 Dec 10:00
a week | Wed 18 Nov 10:00 | Wed 25 Nov 10:00
a fortnight | Wed 18 Nov 10:00 | Wed 2 Dec 10:00
for the rest of the week | Wed 18 Nov 10:00 | Mon 23 Nov 00:00
christmas to new year | Thu 24 Dec 00:00 | Sat 2 Jan 2027 00:00
christmas | Thu 24 Dec 00:00 | Sun 27 Dec 00:00
over christmas | Thu 24 Dec 00:00 | Sun 27 Dec 00:00
between christmas and new year | Thu 24 Dec 00:00 | Sat 2 Jan 2027 00:00
from christmas until 6 january | Thu 24 Dec 00:00 | Wed 6 Jan 2027 08:30
until christmas | Wed 18 Nov 10:00 | Thu 24 Dec 08:30
through friday | Wed 18 Nov 10:00 | Sat 21 Nov 00:00
thru friday | Wed 18 Nov 10:00 | Sat 21 Nov 00:00
until end of day | Wed 18 Nov 10:00 | Thu 19 Nov 00:00
until end of the week | Wed 18 Nov 10:00 | Sat 21 Nov 00:00
end of day | Wed 18 Nov 10:00 | Thu 19 Nov 00:00
until the end of the month | Wed 18 Nov 10:00 | Tue 1 Dec 00:00
until tomorrow | Wed 18 Nov 10:00 | Thu 19 Nov 08:30
until tomorrow noon | Wed 18 Nov 10:00 | Thu 19 Nov 12:00
until noon | Wed 18 Nov 10:00 | Wed 18 Nov 12:00
until 3pm | Wed 18 Nov 10:00 | Wed 18 Nov 15:00
until half past three | Wed 18 Nov 10:00 | Wed 18 Nov 15:30
from now until friday | Wed 18 Nov 10:00 | Fri 20 Nov 08:30
from friday afternoon | Fri 20 Nov 12:00 | Fri 20 Nov 17:00
friday afternoon | Fri 20 Nov 12:00 | Fri 20 Nov 17:00
friday afternoon to monday morning | Fri 20 Nov 12:00 | Mon 23 Nov 12:00
monday and tuesday | Mon 23 Nov 00:00 | Wed 25 Nov 00:00
weekend | Sat 21 Nov 00:00 | Mon 23 Nov 00:00
this weekend | Sat 21 Nov 00:00 | Mon 23 Nov 00:00
over the weekend | Sat 21 Nov 00:00 | Mon 23 Nov 00:00
until after the weekend | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
next monday to friday | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
2 march to 9 march | Tue 2 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
until 5 march | Wed 18 Nov 10:00 | Fri 5 Mar 2027 08:30
to friday | Wed 18 Nov 10:00 | Fri 20 Nov 08:30
back monday | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
before noon | Wed 18 Nov 10:00 | Wed 18 Nov 12:00
after 3pm | Wed 18 Nov 15:00 | Wed 18 Nov 17:00
friday until tuesday | Fri 20 Nov 00:00 | Tue 24 Nov 08:30
tuesday until friday | Tue 24 Nov 00:00 | Fri 27 Nov 08:30
from tuesday to friday | Tue 24 Nov 00:00 | Sat 28 Nov 00:00
tomorrow until 1 December | Thu 19 Nov 00:00 | Tue 1 Dec 08:30
mon-wed | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
mon - fri | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
thu-fri | Thu 19 Nov 00:00 | Sat 21 Nov 00:00
next week monday to thursday | Mon 23 Nov 00:00 | Fri 27 Nov 00:00
from 5pm today until 9am tomorrow | Wed 18 Nov 17:00 | Thu 19 Nov 09:00
the 20th | Fri 20 Nov 00:00 | Sat 21 Nov 00:00
20th | Fri 20 Nov 00:00 | Sat 21 Nov 00:00
on friday | Fri 20 Nov 00:00 | Sat 21 Nov 00:00
next friday | Fri 27 Nov 00:00 | Sat 28 Nov 00:00
a few days | Wed 18 Nov 10:00 | Sat 21 Nov 10:00
until next week | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
until next month | Wed 18 Nov 10:00 | Tue 1 Dec 08:30
next month | Tue 1 Dec 00:00 | Fri 1 Jan 2027 00:00
april | Thu 1 Apr 2027 00:00 | Sat 1 May 2027 00:00
in april | Thu 1 Apr 2027 00:00 | Sat 1 May 2027 00:00
first week of april | Thu 1 Apr 2027 00:00 | Thu 8 Apr 2027 00:00
for the whole week | Wed 18 Nov 10:00 | Mon 23 Nov 00:00
monday 9 to 5 | Mon 23 Nov 09:00 | Mon 23 Nov 17:00
until 4 april | Wed 18 Nov 10:00 | Sun 4 Apr 2027 09:00
from 2pm for 2 hours | Wed 18 Nov 14:00 | Wed 18 Nov 16:00
for an hour | Wed 18 Nov 10:00 | Wed 18 Nov 11:00
half an hour | Wed 18 Nov 10:00 | Wed 18 Nov 10:30
1h30m | Wed 18 Nov 10:00 | Wed 18 Nov 11:30
until quarter to five | Wed 18 Nov 10:00 | Wed 18 Nov 16:45
10 march to thursday | Wed 10 Mar 2027 00:00 | Fri 12 Mar 2027 00:00
from monday 9am to tuesday 5pm | Mon 23 Nov 09:00 | Tue 24 Nov 17:00
july | Thu 1 Jul 2027 00:00 | Sun 1 Aug 2027 00:00
july 1 to july 14 | Thu 1 Jul 2027 00:00 | Thu 15 Jul 2027 00:00
1-14 july | Thu 1 Jul 2027 00:00 | Thu 15 Jul 2027 00:00
until 2027-01-05 | Wed 18 Nov 10:00 | Tue 5 Jan 2027 08:30
28 december to 3 january | Mon 28 Dec 00:00 | Mon 4 Jan 2027 00:00
tomorrow and friday | Thu 19 Nov 00:00 | Sat 21 Nov 00:00
today and tomorrow | Wed 18 Nov 10:00 | Fri 20 Nov 00:00
afternoon | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
morning | Wed 18 Nov 10:00 | Wed 18 Nov 12:00
from this afternoon | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
from this afternoon until friday | Wed 18 Nov 12:00 | Fri 20 Nov 08:30
from friday 2pm | Fri 20 Nov 14:00 | Fri 20 Nov 17:00
until lunch | Wed 18 Nov 10:00 | Wed 18 Nov 12:00
until monday 10am | Wed 18 Nov 10:00 | Mon 23 Nov 10:00
from 10:30 | Wed 18 Nov 10:30 | Wed 18 Nov 17:00
from 9:30 to 10:30 tomorrow | Thu 19 Nov 09:30 | Thu 19 Nov 10:30
tomorrow from 9:30 to 10:30 | Thu 19 Nov 09:30 | Thu 19 Nov 10:30
until the 15th | Wed 18 Nov 10:00 | Tue 15 Dec 08:30
the 15th to the 20th | Tue 15 Dec 00:00 | Mon 21 Dec 00:00
15th-20th | Tue 15 Dec 00:00 | Mon 21 Dec 00:00
fri | Fri 20 Nov 00:00 | Sat 21 Nov 00:00
fri-mon | Fri 20 Nov 00:00 | Tue 24 Nov 00:00
morgen vormittag | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
donnerstag bis freitag | Thu 19 Nov 00:00 | Sat 21 Nov 00:00
montag bis mittwoch | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
von montag bis mittwoch | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
ab 14 uhr | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
um 14 uhr | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
vom 5. bis 9. märz | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
5.-9. märz | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
5.3. bis 9.3. | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
bis ende der woche | Wed 18 Nov 10:00 | Sat 21 Nov 00:00
nächste woche | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
die ganze woche | Wed 18 Nov 10:00 | Mon 23 Nov 00:00
den ganzen tag | Wed 18 Nov 10:00 | Thu 19 Nov 00:00
bis morgen mittag | Wed 18 Nov 10:00 | Thu 19 Nov 12:00
montag vormittag bis mittwoch mittag | Mon 23 Nov 08:30 | Wed 25 Nov 12:00
ab morgen für 3 tage | Thu 19 Nov 00:00 | Sun 22 Nov 00:00
2 wochen | Wed 18 Nov 10:00 | Wed 2 Dec 10:00
bis freitag einschließlich | Wed 18 Nov 10:00 | Sat 21 Nov 00:00
den rest der woche | Wed 18 Nov 10:00 | Mon 23 Nov 00:00
jusqu'à lundi | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
jusqu'à lundi prochain | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
du lundi au mercredi | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
de lundi à mercredi | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
lundi et mardi | Mon 23 Nov 00:00 | Wed 25 Nov 00:00
cet après-midi | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
demain matin | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
à partir de 14h | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
du 5 au 9 mars | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
jusqu'à la fin de la semaine | Wed 18 Nov 10:00 | Sat 21 Nov 00:00
toute la journée | Wed 18 Nov 10:00 | Thu 19 Nov 00:00
la semaine prochaine | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
jusqu'au 31 mars | Wed 18 Nov 10:00 | Wed 31 Mar 2027 08:30
de 14h à 16h | Wed 18 Nov 14:00 | Wed 18 Nov 16:00
hasta el lunes | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
hasta mañana | Wed 18 Nov 10:00 | Thu 19 Nov 08:30
de lunes a miércoles | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
del 5 al 9 de marzo | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
esta tarde | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
mañana por la mañana | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
desde las 14 | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
a partir de las 14:00 | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
todo el día | Wed 18 Nov 10:00 | Thu 19 Nov 00:00
la próxima semana | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
hasta el 31 de marzo | Wed 18 Nov 10:00 | Wed 31 Mar 2027 08:30
de 14 a 16 h | Wed 18 Nov 14:00 | Wed 18 Nov 16:00
até segunda | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
até segunda-feira | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
de segunda a quarta | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
amanhã de manhã | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
a partir das 14h | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
de 5 a 9 de março | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
até 31 de março | Wed 18 Nov 10:00 | Wed 31 Mar 2027 08:30
semana que vem | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
fino a lunedì | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
da lunedì a mercoledì | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
dal 5 al 9 marzo | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
questo pomeriggio | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
domani mattina | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
dalle 14 | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
tutta la settimana | Wed 18 Nov 10:00 | Mon 23 Nov 00:00
la prossima settimana | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
tot maandag | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
van maandag tot woensdag | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
maandag t/m woensdag | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
vanmiddag | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
morgenochtend | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
vanaf 14 uur | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
volgende week | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
5 tot 9 maart | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
do poniedziałku | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
od poniedziałku do środy | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
dziś po południu | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
jutro rano | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
od 14:00 | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
w przyszłym tygodniu | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
od 5 do 9 marca | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
月曜まで | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
月曜日まで | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
月曜から水曜まで | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
明日の午前 | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
今日の午後 | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
14時から | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
来週 | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
3月5日から3月9日まで | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
3月31日まで | Wed 18 Nov 10:00 | Wed 31 Mar 2027 08:30
到周一 | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
周一到周三 | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
今天下午 | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
明天上午 | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
下午2点以后 | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
下周 | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
3月5日到9日 | Fri 5 Mar 2027 00:00 | Wed 10 Mar 2027 00:00
3月31日 | Wed 31 Mar 2027 00:00 | Thu 1 Apr 2027 00:00
somvar tak | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
सोमवार तक | Wed 18 Nov 10:00 | Mon 23 Nov 08:30
somvar se budhvar tak | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
aaj dopahar | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
kal subah | Thu 19 Nov 08:30 | Thu 19 Nov 12:00
2 baje se | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
agle hafte | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
friday inclusive | Fri 20 Nov 00:00 | Sat 21 Nov 00:00
until friday inclusive | Wed 18 Nov 10:00 | Sat 21 Nov 00:00
3月20日到25日 | Sat 20 Mar 2027 00:00 | Fri 26 Mar 2027 00:00
tomorrow 14h to 16h | Thu 19 Nov 14:00 | Thu 19 Nov 16:00
mid december | Tue 15 Dec 00:00 | Wed 16 Dec 00:00
until mid december | Wed 18 Nov 10:00 | Tue 15 Dec 08:30
from 14 | Wed 18 Nov 14:00 | Wed 18 Nov 17:00
from 9 | Thu 19 Nov 09:00 | Thu 19 Nov 17:00
von 14 bis 16 uhr | Wed 18 Nov 14:00 | Wed 18 Nov 16:00
von 9 bis 12 uhr | Wed 18 Nov 10:00 | Wed 18 Nov 12:00
morgen von 9 bis 12 uhr | Thu 19 Nov 09:00 | Thu 19 Nov 12:00
freitag ab 13 uhr | Fri 20 Nov 13:00 | Fri 20 Nov 17:00
tomorrow after 3pm | Thu 19 Nov 15:00 | Thu 19 Nov 17:00
friday from noon | Fri 20 Nov 12:00 | Fri 20 Nov 17:00
friday after lunch | Fri 20 Nov 12:00 | Fri 20 Nov 17:00
from lunch | Wed 18 Nov 12:00 | Wed 18 Nov 17:00
the next two days | Wed 18 Nov 10:00 | Fri 20 Nov 10:00
next two weeks | Wed 18 Nov 10:00 | Wed 2 Dec 10:00
from the 23rd for a week | Mon 23 Nov 00:00 | Mon 30 Nov 00:00
starting monday for 2 weeks | Mon 23 Nov 00:00 | Mon 7 Dec 00:00
as of tomorrow until friday | Thu 19 Nov 00:00 | Fri 20 Nov 08:30
between monday and wednesday | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
between the 23rd and the 27th | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
23/11 to 27/11 | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
23.11.-27.11. | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
23.11. bis 27.11.2026 | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
nov 23 - nov 27 | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
23-27 nov | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
23rd to 27th november | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
november 23 through 27 | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
monday through wednesday | Mon 23 Nov 00:00 | Thu 26 Nov 00:00
mon to fri next week | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
tomorrow afternoon and friday | Thu 19 Nov 12:00 | Sat 21 Nov 00:00
today until 3pm | Wed 18 Nov 10:00 | Wed 18 Nov 15:00
today from 3pm | Wed 18 Nov 15:00 | Wed 18 Nov 17:00
today 3pm-5pm | Wed 18 Nov 15:00 | Wed 18 Nov 17:00
until 3 december 2pm | Wed 18 Nov 10:00 | Thu 3 Dec 14:00
until monday morning | Wed 18 Nov 10:00 | Mon 23 Nov 09:00
until tomorrow evening | Wed 18 Nov 10:00 | Thu 19 Nov 20:00
until tonight | Wed 18 Nov 10:00 | Wed 18 Nov 20:00
tonight until tomorrow noon | Wed 18 Nov 18:00 | Thu 19 Nov 12:00
this morning | Wed 18 Nov 10:00 | Wed 18 Nov 12:00
the weekend | Sat 21 Nov 00:00 | Mon 23 Nov 00:00
until the weekend | Wed 18 Nov 10:00 | Sat 21 Nov 09:00
heute ab 15 uhr | Wed 18 Nov 15:00 | Wed 18 Nov 17:00
bis übermorgen | Wed 18 Nov 10:00 | Fri 20 Nov 08:30
übermorgen | Fri 20 Nov 00:00 | Sat 21 Nov 00:00
ab übermorgen bis freitag | Fri 20 Nov 00:00 | Sat 21 Nov 00:00
del lunes al viernes | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
desde mañana hasta el viernes | Thu 19 Nov 00:00 | Sat 21 Nov 00:00
dal 23 al 27 novembre | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
dal lunedì al venerdì | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
du 23 au 27 novembre | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
jusqu'à demain midi | Wed 18 Nov 10:00 | Thu 19 Nov 12:00
até amanhã ao meio-dia | Wed 18 Nov 10:00 | Thu 19 Nov 12:00
van 23 tot en met 27 november | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
od 23 do 27 listopada | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
do piątku włącznie | Wed 18 Nov 10:00 | Sat 21 Nov 00:00
11月23日から27日まで | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
11月23日到27日 | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
从周一到周五 | Mon 23 Nov 00:00 | Sat 28 Nov 00:00
kal tak | Wed 18 Nov 10:00 | Thu 19 Nov 08:30
shukravar tak | Wed 18 Nov 10:00 | Fri 20 Nov 08:30
"""
"""What is typed, from when and until when somebody is away by it; in order: English and numbers, then the other languages."""

ASKED = """
15:00 | Until 15:00, or from then on? | until 15:00; from 15:00
friday 3pm | Until Friday 20 November, 15:00, or from then on? | until 20 November 15:00; from 20 November 15:00
14-16 | Hours or days: 14:00-16:00, or 14 December to 16 December? | 14:00-16:00; 14 December to 16 December
from 2 to 4 | Hours or days: 14:00-16:00, or 2 December to 4 December? | 14:00-16:00; 2 December to 4 December
31.3.2026 | “31.3.2026” is in the past. | -
3/4 | “3/4” can be read in two ways: 3 April or 4 March? | 3 April; 4 March
2026-03-31 | “2026-03-31” is in the past. | -
2026-03-31 to 2026-04-02 | “2026-03-31 to 2026-04-02” is in the past. | -
31.3.2026 - 2.4.2026 | “31.3.2026 - 2.4.2026” is in the past. | -
until 31.3.2026 | “31.3.2026” is in the past. | -
until 3 | “3” of what? Say the unit, or a clock time. | 3m; 3h; until 15:00
now | Until when? | -
in 2 hours | Until 12:00, or from then on? | until 12:00; from 12:00
from monday | From monday on, until when? | monday; from monday for 3 days
from tomorrow | From tomorrow on, until when? | tomorrow; from tomorrow for 3 days
monday and wednesday | Please say each by itself, since there is a day between. | 23 November; 25 November
until someday | I don't understand “someday” as a time. | -
friday until someday | I don't understand “someday” as a time. | -
until | I don't understand “until” as a time. | -
wednesday | It is Wednesday today. Do you mean today, or 25 November? | today; 25 November
tomorrow for 2 hours | From what time on tomorrow? | tomorrow 9:00-11:00; tomorrow afternoon
bis zum 31.3.2026 | “31.3.2026” is in the past. | -
yesterday | “yesterday” is in the past. | -
until yesterday | “yesterday” is in the past. | -
until 2 years | “2 years” is more than a year ahead. | -
5 | “5” of what? Say the unit, or a clock time. | 5m; 5h; 15:00
in a week | Until Wednesday 25 November, 10:00, or from then on? | until 25 November 10:00; from 25 November 10:00
"""
"""What is typed, what is said to it, and what may be typed instead (where it isn't a list of examples)."""

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN).timestamp()
EVENING = datetime(2026, 3, 6, 18, 30, tzinfo=BERLIN).timestamp()
"""A Friday, after work."""

ON_MONDAY = """
mon-fri | Mon 2 Mar 09:00 | Sat 7 Mar 00:00
monday to wednesday | Mon 2 Mar 09:00 | Thu 5 Mar 00:00
from monday until friday | Mon 2 Mar 09:00 | Fri 6 Mar 08:30
montag bis mittwoch | Mon 2 Mar 09:00 | Thu 5 Mar 00:00
monday and tuesday | Mon 2 Mar 09:00 | Wed 4 Mar 00:00
mon to fri next week | Mon 9 Mar 00:00 | Sat 14 Mar 00:00
next monday to friday | Mon 9 Mar 00:00 | Sat 14 Mar 00:00
until monday at noon | Mon 2 Mar 09:00 | Mon 2 Mar 12:00
09:00-17:00 | Mon 2 Mar 09:00 | Mon 2 Mar 17:00
from 8:00 to 12:00 | Mon 2 Mar 09:00 | Mon 2 Mar 12:00
from in 2 hours | Mon 2 Mar 11:00 | Mon 2 Mar 17:00
starting in 1 hour | Mon 2 Mar 10:00 | Mon 2 Mar 17:00
from 22:00 until tomorrow 06:00 | Mon 2 Mar 22:00 | Tue 3 Mar 06:00
"""

PARTS_OF_DAYS = """
demain après-midi | Tue 3 Mar 12:00 | Tue 3 Mar 17:00
vendredi après-midi | Fri 6 Mar 12:00 | Fri 6 Mar 17:00
aujourd'hui après-midi | Mon 2 Mar 12:00 | Mon 2 Mar 17:00
l'après-midi | Mon 2 Mar 12:00 | Mon 2 Mar 17:00
vendredi à 14h | Fri 6 Mar 14:00 | Fri 6 Mar 17:00
de demain à vendredi | Tue 3 Mar 00:00 | Sat 7 Mar 00:00
de 10h à midi | Mon 2 Mar 10:00 | Mon 2 Mar 12:00
sexta à tarde | Fri 6 Mar 12:00 | Fri 6 Mar 17:00
amanhã à noite | Tue 3 Mar 18:00 | Wed 4 Mar 00:00
hoje à tarde | Mon 2 Mar 12:00 | Mon 2 Mar 17:00
sexta às 14h | Fri 6 Mar 14:00 | Fri 6 Mar 17:00
na próxima semana | Mon 9 Mar 00:00 | Mon 16 Mar 00:00
hoy a la noche | Mon 2 Mar 18:00 | Tue 3 Mar 00:00
viernes a la tarde | Fri 6 Mar 12:00 | Fri 6 Mar 17:00
viernes a las 14 | Fri 6 Mar 14:00 | Fri 6 Mar 17:00
domani alla sera | Tue 3 Mar 18:00 | Wed 4 Mar 00:00
venerdì alle 14 | Fri 6 Mar 14:00 | Fri 6 Mar 17:00
domattina | Tue 3 Mar 08:30 | Tue 3 Mar 12:00
明晚 | Tue 3 Mar 18:00 | Wed 4 Mar 00:00
明早 | Tue 3 Mar 08:30 | Tue 3 Mar 12:00
明晩 | Tue 3 Mar 18:00 | Wed 4 Mar 00:00
tomorrow until noon | Tue 3 Mar 00:00 | Tue 3 Mar 12:00
morgen bis mittag | Tue 3 Mar 00:00 | Tue 3 Mar 12:00
"""
"""A day with a part of it, where a language joins them by a word that else stands between two times."""

WORDS_AROUND = """
2026-03-10/2026-03-12 | Tue 10 Mar 00:00 | Fri 13 Mar 00:00
on vacation until friday | Mon 2 Mar 09:00 | Fri 6 Mar 08:30
sick today | Mon 2 Mar 09:00 | Tue 3 Mar 00:00
krank bis freitag | Mon 2 Mar 09:00 | Fri 6 Mar 08:30
en vacances jusqu'à vendredi | Mon 2 Mar 09:00 | Fri 6 Mar 08:30
thursday, friday | Thu 5 Mar 00:00 | Sat 7 Mar 00:00
thursday, 5 march | Thu 5 Mar 00:00 | Fri 6 Mar 00:00
until april | Mon 2 Mar 09:00 | Wed 1 Apr 08:30
"""

ON_FRIDAY_EVENING = """
fri-mon | Fri 6 Mar 18:30 | Tue 10 Mar 00:00
friday to sunday | Fri 6 Mar 18:30 | Mon 9 Mar 00:00
9:00-17:00 | Sat 7 Mar 09:00 | Sat 7 Mar 17:00
"""

ASKED_ON_MONDAY = """
9-5 | Hours or days: 09:00-17:00, or 9 March to 5 April? | 09:00-17:00; 9 March to 5 April
from 10 to 3 | Hours or days: 10:00-15:00, or 10 March to 3 April? | 10:00-15:00; 10 March to 3 April
von 11 bis 1 | Hours or days: 11:00-13:00, or 11 March to 1 April? | 11:00-13:00; 11 March to 1 April
22-6 | Hours or days: from 22:00 until tomorrow 06:00, or 22 March to 6 April? | -
monday for 3 days | It is Monday today. Do you mean today, or 9 March? | from today for 3 days; from 9 March for 3 days
"""


def shown(instant: float) -> str:
    then = datetime.fromtimestamp(instant, BERLIN)
    year = "" if then.year == 2026 else f" {then.year}"
    return f"{then:%a} {then.day} {then:%b}{year} {then:%H:%M}"


def read(text: str, now: float = NOW) -> AwaySpan | Refusal:
    return read_absence(text, now, AT_WORK)


def rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split(" | ")) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "since", "until"), rows(MEANT))
def test_what_people_type(text: str, since: str, until: str) -> None:
    span = read(text)
    assert isinstance(span, AwaySpan), span
    assert (shown(span.since), shown(span.until)) == (since, until)


@pytest.mark.parametrize(
    ("now", "text", "since", "until"),
    [
        *((MONDAY, *row) for row in [*rows(ON_MONDAY), *rows(PARTS_OF_DAYS), *rows(WORDS_AROUND)]),
        *((EVENING, *row) for row in rows(ON_FRIDAY_EVENING)),
    ],
)
def test_what_begins_today(now: float, text: str, since: str, until: str) -> None:
    span = read(text, now)
    assert isinstance(span, AwaySpan), span
    assert (shown(span.since), shown(span.until)) == (since, until)


@pytest.mark.parametrize("row", rows(ASKED_ON_MONDAY), ids=lambda row: row[0])
def test_nobody_is_away_for_weeks_by_two_hours(row: tuple[str, ...]) -> None:
    text, says, tries = row
    refused = read(text, MONDAY)
    assert isinstance(refused, Refusal) and refused.says == says
    assert tries in ("-", "; ".join(refused.tries))
    assert all(isinstance(read(offered, MONDAY), AwaySpan) for offered in refused.tries)


@pytest.mark.parametrize("row", rows(ASKED), ids=lambda row: row[0])
def test_what_is_ambiguous_or_unknown_is_asked_with_what_to_try(row: tuple[str, ...]) -> None:
    text, says, tries = row
    refused = read(text)
    assert isinstance(refused, Refusal) and refused.says == says
    assert len(refused.tries) >= 2 and (tries == "-" or "; ".join(refused.tries) == tries)


@pytest.mark.parametrize("row", [row for row in rows(ASKED) if row[2] != "-" and row[0] != "5"], ids=lambda row: row[0])
def test_what_is_offered_instead_is_understood(row: tuple[str, ...]) -> None:
    """ "Did you mean ...": whichever they choose is no question again."""
    for offered in row[2].split("; "):
        assert isinstance(read(offered), AwaySpan), offered


@pytest.mark.parametrize(
    ("text", "says", "tried"),
    [
        ("firday", "Did you mean “friday”?", "friday"),
        ("until wensday", "Did you mean “wednesday”?", "until wednesday"),
        ("untill friday", "Did you mean “until friday”?", "until friday"),
        ("until 2027-13-01", "There is no “2027-13-01” in the calendar.", "2h"),
        ("2026-02-30", "There is no “2026-02-30” in the calendar.", "2h"),
        ("tomorrow 9-12, 14-16", "Please say each by itself.", "tomorrow 14-16"),
        ("30.2.2026", "There is no “30.2.2026” in the calendar.", "2h"),
        ("31 february", "There is no “31 february” in the calendar.", "2h"),
        ("until april 31", "There is no “april 31” in the calendar.", "2h"),
        ("29.2.2027", "There is no “29.2.2027” in the calendar.", "2h"),
        ("31. Februar", "There is no “31. februar” in the calendar.", "2h"),
        ("until march", "It is March now.", "through 31 March"),
        ("sick", "Until when?", "until monday"),
        ("half a day", "Which half of the day?", "this afternoon"),
        ("banana", "understand “banana” as a time.", "2h"),
    ],
)
def test_slips_are_told_with_what_was_meant(text: str, says: str, tried: str) -> None:
    refused = read(text, MONDAY)
    assert isinstance(refused, Refusal) and says in refused.says and tried in refused.tries
    assert isinstance(read(tried, MONDAY), AwaySpan)


@pytest.mark.parametrize("text", ["this afternoon", "this morning", "heute nachmittag"])
def test_a_part_of_the_day_that_is_over_is_no_other_day(text: str) -> None:
    refused = read(text, EVENING)
    assert isinstance(refused, Refusal) and ("over" in refused.says or "past" in refused.says)


PIECES = (
    "in at on until to through from for the end of 2 15 3pm 9:00 friday mon tomorrow weekend weeks days hours h march december "
    "2026-12-01 1/2 31.12. 5th 99 noon morning afternoon all whole now and - , . bis von um à jusqu'à から まで 到 周三 tak ² ٣"
)


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=95), st.lists(st.sampled_from(PIECES.split()), max_size=8).map(" ".join)))
def test_whatever_is_typed_gives_a_span_ahead_or_a_sentence(text: str) -> None:
    span = read(text)
    if isinstance(span, Refusal):
        assert span.says and span.tries
    else:
        assert NOW <= span.since < span.until


def test_the_time_somebody_is_away_already_moves_no_edge() -> None:
    monday = datetime(2026, 11, 23, 0, 0, tzinfo=BERLIN).timestamp()
    gone = Hours(zone=BERLIN, week=AT_WORK.week, away=((NOW, monday + 86400),))
    assert read_absence("until monday", NOW, gone) == read("until monday")


def test_days_are_whole_when_the_clocks_change() -> None:
    friday = datetime(2026, 10, 23, 12, 0, tzinfo=BERLIN).timestamp()
    span = read("from tomorrow for 3 days", friday)
    assert isinstance(span, AwaySpan) and (shown(span.since), shown(span.until)) == ("Sat 24 Oct 00:00", "Tue 27 Oct 00:00")


def in_two(*spans: tuple[float, float]) -> Hours:
    opens = [WorkingSpan(opens=round(since * 60), closes=round(until * 60)) for since, until in spans]
    return Hours(zone=BERLIN, week=weekly(range(5), opens))


@pytest.mark.parametrize(
    "text", ["at lunch", "lunch", "over lunch", "for lunch", "today at lunch", "Mittagspause", "pause déjeuner", "昼休み"]
)
@pytest.mark.parametrize(
    ("now", "hours", "lunch"),
    [
        (9.0, AT_WORK, ("Mon 2 Mar 12:00", "Mon 2 Mar 13:00")),
        (12.5, AT_WORK, ("Mon 2 Mar 12:30", "Mon 2 Mar 13:00")),
        (9.0, in_two((9, 12.25), (13.5, 17)), ("Mon 2 Mar 12:15", "Mon 2 Mar 13:30")),
        (9.0, in_two((6, 8), (9, 17)), ("Mon 2 Mar 12:00", "Mon 2 Mar 13:00")),
    ],
    ids=["usual", "within", "own", "no break about noon"],
)
def test_lunch_is_a_break_of_their_own_or_an_hour(text: str, now: float, hours: Hours, lunch: tuple[str, str]) -> None:
    span = read_absence(text, MONDAY + (now - 9) * 3600, hours)
    assert isinstance(span, AwaySpan), span
    assert (shown(span.since), shown(span.until)) == lunch


def test_lunch_of_another_day_and_one_that_is_over() -> None:
    for text in ("tomorrow over lunch", "tuesday lunch", "lunch tomorrow", "at lunch on 3 march"):
        span = read(text, MONDAY)
        assert isinstance(span, AwaySpan) and shown(span.since) == "Tue 3 Mar 12:00" and shown(span.until) == "Tue 3 Mar 13:00"
    span = read("lunch on monday", MONDAY)
    assert isinstance(span, AwaySpan) and shown(span.until) == "Mon 2 Mar 13:00", "today is a Monday"
    refused = read("at lunch", MONDAY + 5 * 3600)
    assert isinstance(refused, Refusal) and refused.says == "Lunch was until 13:00. Until when?"
    assert all(isinstance(read(each, MONDAY + 5 * 3600), AwaySpan) for each in refused.tries)
    span = read("at lunch", MONDAY + 9 * 3600)
    assert isinstance(span, AwaySpan) and shown(span.until) == "Tue 3 Mar 13:00", "in the evening"
    until, after = read("until lunch", MONDAY), read("from lunch until 4pm", MONDAY)
    assert isinstance(until, AwaySpan) and shown(until.until) == "Mon 2 Mar 12:00"
    assert isinstance(after, AwaySpan) and shown(after.until) == "Mon 2 Mar 16:00"


@pytest.mark.parametrize(
    "text", ["from firday to monday", "firday to monday", "tomorow until wensday", "until firday", "over lunch firday"]
)
def test_a_slip_in_a_span_is_told_as_one(text: str) -> None:
    refused = read(text, MONDAY)
    assert isinstance(refused, Refusal) and "Did you mean" in refused.says, refused
    assert all(isinstance(read(each, MONDAY), AwaySpan) for each in refused.tries)
