"""Where members' commands and clicks are dealt with: load what the answer needs, answer, perform, show.

Claims and the like go through the inbox as events, the same way as everything else that changes a wait: what came of them is
decided there, once, and put into words afterwards. What members choose is decided in the transaction that saves it. The view is
for who asked alone; the adapter shows it privately.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import structlog

from bot.commands import forms
from bot.commands.answer import answer
from bot.commands.check import UNREADABLE, check_message
from bot.commands.command import Request
from bot.commands.context import CommandContext
from bot.commands.home import home
from bot.commands.offers import offers
from bot.commands.parse import asked, parse, parse_click
from bot.commands.responses import Act, PrivateSpeech, Response, refusal
from bot.commands.table import COMMANDS
from bot.commands.undo import with_undo
from bot.domain import keys
from bot.domain.accounts import on_platform
from bot.domain.auto_dms import DirectMessage
from bot.domain.durations import Instant
from bot.domain.events import Corrected, Says
from bot.domain.marks import DM_CLOSED, HOME, STARTED, told_of
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.preferences import (
    SetDm,
)
from bot.domain.refusal import Permission, Refusal
from bot.domain.views import OPENS, Form, View
from bot.domain.waits import Wait
from bot.domain.writes import KeepText
from bot.engine.activation import Activation
from bot.engine.engine import Engine, Processed
from bot.engine.preferences import Preferences
from bot.errors import DeliveryError, described
from bot.intake.inbox import Inbox
from bot.language.greetings import only_greets
from bot.outbox.guard import Guard
from bot.ports import Clock, Mark, Moderation, QueryTransaction, Store, Transaction
from bot.queries.handover import handover_facts
from bot.queries.snapshot import Lookups
from bot.queries.untold import untold
from bot.runtime.auto_dms import AutoDmReports
from bot.runtime.filters import Filters
from bot.runtime.reconsidering import reconsider
from bot.runtime.rereading import Reread
from bot.runtime.tip_notes import TipNotes
from bot.waits import corrections
from bot.waits.outcome import Outcome
from bot.waits.verbs import registry
from bot.wording.answers import for_the_team
from bot.wording.auto_dms import VERB as REPORT
from bot.wording.handover import left_to_hand_over
from bot.wording.home import about
from bot.wording.lists import ListPlace, brought_up_to_date, out_of_list
from bot.wording.switches import said_for
from bot.wording.untold import below, taken_line

MOST_REREAD = 5
"""Messages of a wait that are read again, the latest; more aren't shown."""

TROUBLE = Refusal(
    says="Something went wrong on my side, and this may not have been done. The log says what; please look and try again.",
    tries=("waiting",),
)

NO_WAIT = Refusal(
    says="That message belongs to no wait I know of: I took it for none that calls for a reply, or it was too long ago.",
    tries=("waiting",),
)

NOT_WATCHED = Refusal(says="I don't watch this channel, so nothing in it is on my list.", tries=("waiting",))

log = structlog.get_logger()


class Interactions:
    """Fits `bot.ports.InteractionHandler`: answers commands and clicks of one team on one platform, `platform` by name. Where the
    settings name no lead, every member may do what leads may. Who asks is an account there, and goes by member from here on.

    Answers are gathered with `lookups`; what is shown in a channel goes past `guard`. `reread` reads a message from the platform
    again. `change_over` puts on duty whom a choice does. `moderation` are the filters of its own that a platform lets the bot set
    up. `on_due` is called when a choice lets a reminder fall due earlier than was known.
    """

    def __init__(
        self,
        engine: Engine,
        store: Store,
        inbox: Inbox,
        preferences: Preferences,
        lookups: Lookups,
        *,
        clock: Clock,
        change_over: Callable[[Transaction, Instant], object] = lambda _tx, _now: None,
        on_due: Callable[[Instant], None] = lambda _: None,
        activation: Activation | None = None,
        reread: Reread | None = None,
        guard: Guard | None = None,
        platform: str = "",
        moderation: Moderation | None = None,
        takes_auto_dms: bool = True,
    ) -> None:
        self._engine = engine
        self._platform = platform
        self._guard = guard
        self._filters = Filters(moderation, guard)
        self._activation = activation
        self._reread = reread
        self._store = store
        self._inbox = inbox
        self._preferences = preferences
        self._lookups = lookups
        self._tips = TipNotes(engine, store, lookups)
        self._auto_dms = AutoDmReports(engine, store, lookups, clock=clock, platform=platform, on=takes_auto_dms)
        self._change_over = change_over
        self._on_due = on_due
        self._clock = clock

    async def command(self, who: str, role: Role, text: str) -> View:
        """Answer a command ("snooze w17 2h"). `role` is the platform's word on who asks; the team's list must agree.

        Whatever goes wrong is answered too, in a sentence: somebody waits for the answer and sees no log.
        """
        return await self._told(parse(text), who, role)

    async def ask(self, who: str, role: Role, command: str, given: Mapping[str, str]) -> View:
        """Answer a command whose params were asked for one by one, by their names."""
        return await self._told(asked(command, given), who, role)

    async def offer(self, who: str, role: Role, command: str, param: str, typed: str) -> Sequence[tuple[str, str]]:
        """What may be meant by what somebody has typed for a param so far, as (how it reads, what is given). Nothing where it
        can't be told just now: they type on."""
        who = self._member(who)
        is_a, now = self.standing(who, role), self._clock.now()
        if is_a == "anyone":
            return ()
        try:
            found = await self._store.read(lambda tx: offers(command, param, typed, self._ctx(tx, who, is_a, now)))
        except Exception as error:
            say = "What may be meant by what somebody types couldn't be looked up; they type on without."
            log.warning("nothing_offered", say=say, repeats=True, command=command, error=described(error))
            return ()
        return [(offer.label, offer.value) for offer in found]

    async def click(self, who: str, role: Role, code: str) -> View:
        """Answer a click on a button that carries `verb:argument`. Clicking twice does nothing twice. The answer to a button that
        opens a form is the form; platforms that open forms by other means ask `form`. After a click in a list the answer is the
        list as it is then, below what came of the click."""
        place, does = out_of_list(code)
        if keys.split_code(does)[0] == OPENS and self.standing(self._member(who), role) != "anyone":
            opened = await self.form(who, role, code)
            if opened is not None:
                return View(nodes=(opened,), fallback=opened.title)
            over = await self._over(self._member(who), role, does)
            return await self._brought_up_to_date(over or refusal(forms.GONE), place, who, role)
        return await self._brought_up_to_date(await self._told(parse_click(does), who, role), place, who, role)

    async def _over(self, who: str, role: Role, code: str) -> View | None:
        """That the wait a form would be about is over, and how it ended; None where that isn't why there is no form."""
        is_a, now = self.standing(who, role), self._clock.now()
        over = await self._store.read(lambda tx: forms.over(code, self._ctx(tx, who, is_a, now), now))
        return None if over is None else self._shown(over)

    async def _brought_up_to_date(self, done: View, place: ListPlace | None, who: str, role: Role) -> View:
        """What came of something done in a list, with the page it was done on."""
        if place is None or self.standing(self._member(who), role) == "anyone":
            return done
        if place.whose == "leaving":
            return await self._still_open(done, place, self._member(who))
        shown = await self._do(Request(verb=COMMANDS["waiting"].name, words=(place.whose, str(place.page))), who, role)
        return brought_up_to_date(done, shown, place)

    async def _still_open(self, done: View, place: ListPlace, reader: str) -> View:
        """What came of something done in the list of somebody who goes away, with what they still have open."""
        now = self._clock.now()

        def still(tx: QueryTransaction) -> View:
            return left_to_hand_over(handover_facts(self._lookups.at(tx, now, reader), place.member), reader)

        try:
            shown = await self._store.read(still)
        except Exception as error:  # as below: the asker must hear that it failed
            return _troubled("away", error)
        return brought_up_to_date(done, self._shown(shown), place)

    async def home(self, who: str, role: Role) -> View:
        """Somebody's own list. Who isn't on the team reads what the bot is; nothing is looked up for them."""
        account, who = who, self._member(who)
        is_a = self.standing(who, role)
        if is_a == "anyone":
            return about()
        now = self._clock.now()
        try:
            if await self._store.read(lambda tx: tx.mark(self._home_of(account))) is None:
                await self._store.transact(lambda tx: tx.put_mark(self._home_of(account), now))
            own = await self._store.read(lambda tx: home(self._ctx(tx, who, is_a, now)))
            return self._shown(await self._tips.beside(own, who, now))
        except Exception as error:  # as below: the asker must hear that it failed
            return _troubled("home", error)

    async def homes_left(self) -> Sequence[str]:
        """Who were shown their list and aren't on the team any more. Raises StorageError."""
        beginning = self._home_of("")
        shown = await self._store.read(lambda tx: tx.marks(beginning))
        accounts = [name.removeprefix(beginning) for name in shown]
        return [account for account in accounts if self._member(account) not in self._engine.team.members]

    async def home_emptied(self, who: str) -> None:
        """Somebody's own page shows no list any more. Raises StorageError."""
        if await self._store.read(lambda tx: tx.mark(self._home_of(who))) is not None:
            await self._store.transact(lambda tx: tx.put_mark(self._home_of(who), None))

    def _home_of(self, account: str) -> str:
        return f"{HOME}{self._platform}:{account}"

    async def form(self, who: str, role: Role, code: str) -> Form | None:
        """The form that a button opens ("form:hours", "form:away", "form:snooze/w17"). None when there is none for them, or its
        wait is over."""
        who = self._member(who)
        is_a = self.standing(who, role)
        if is_a == "anyone":
            return None
        now = self._clock.now()
        return await self._store.read(lambda tx: forms.form(code, self._ctx(tx, who, is_a, now)))

    async def submit(self, who: str, role: Role, code: str, values: Mapping[str, str]) -> View:
        """Answer a form that was sent: `code` is its `verb:argument`, `values` what was filled in, by the inputs' names. Where it
        is refused, the answer says at which input."""
        if keys.split_code(code)[0] == REPORT:
            return await self._auto_dms.send(who, keys.split_code(code)[1], values)
        place, code = out_of_list(code)
        is_a, now = self.standing(self._member(who), role), self._clock.now()
        if is_a == "anyone":
            return for_the_team()
        try:
            member = self._member(who)
            request = await self._store.read(lambda tx: forms.filled(code, values, self._ctx(tx, member, is_a, now)))
        except Exception as error:  # as below: the asker must hear that it failed
            return _troubled("form", error)
        answered = await self._do(request, who, role)
        if answered.refused:
            return replace(answered, field=answered.field or forms.main_input(code, values))
        return await self._brought_up_to_date(answered, place, who, role)

    async def called(
        self, who: str, role: Role, where: Address, text: str, *, before: str = "", thread: str | None = None
    ) -> None:
        """A member named the bot in a channel: the same as a command, answered to them alone. Where somebody may read who isn't
        on the team, or that can't be told, nothing happens at all, and so it is with who isn't on the team themselves, and with
        a name in the midst of a sentence, which is said to others."""
        if not only_greets(before) or self._guard is None or self.standing(self._member(who), role) == "anyone":
            return
        try:
            if await self._guard.is_exposed(where) is not False:
                return
            view = await self._told(parse(text), who, role)
            await self._guard.whisper(where, who, view, thread=thread)
        except DeliveryError as error:
            say = "A member named the bot in a channel and couldn't be answered there; the command works everywhere."
            log.warning("call_not_answered", say=say, repeats=True, channel=where.id, reason=str(error))

    async def correct(self, who: str, role: Role, message: Message | None, says: Says) -> View:
        """A member says of a message that its customer waits, or that it needs no reply (a message shortcut). None where it is
        none that could be looked at."""
        who = self._member(who)
        is_a = self.standing(who, role)
        if is_a == "anyone":
            return for_the_team()
        if message is None or message.channel not in self._lookups.channels() or not self._preferences.listens(message.channel):
            return refusal(NOT_WATCHED)
        now = self._clock.now()
        event = Corrected(channel=message.channel, message=message.id, by=who, at=now, says=says, posted=message)
        try:
            outcome = _came_of(await self._inbox.submit(event))
            return self._shown(await self._store.read(lambda tx: self._corrected(tx, event, outcome, is_a)))
        except Exception as error:  # as below: the asker must hear that it failed
            return _troubled(says, error)

    async def explain(self, who: str, role: Role, channel: str, message: str) -> View:
        """Why the latest wait that a message belongs to is one."""
        try:
            handle = await self._store.read(lambda tx: next((tx.handle(wait.id) for wait in tx.waits_of(channel, message)), ""))
        except Exception as error:  # as below: the asker must hear that it failed
            return _troubled("why", error)
        request = Request(verb=COMMANDS["why"].name, words=(handle,)) if handle else NO_WAIT
        return await self._do(request, who, role)

    async def check(self, who: str, role: Role, message: Message | None) -> View:
        """What is seen of a message of somebody's own, for them alone. Nothing of it is kept."""
        who, now = self._member(who), self._clock.now()
        is_a = self.standing(who, role)
        if is_a == "anyone":
            return for_the_team()
        if message is None:
            return refusal(UNREADABLE)

        def look(tx: QueryTransaction) -> View:
            found = check_message(message, self._ctx(tx, who, is_a, now))
            return refusal(found) if isinstance(found, Refusal) else found

        try:
            return self._shown(await self._store.read(look))
        except Exception as error:  # as below: the asker must hear that it failed
            return _troubled("check", error)

    async def report_auto_dm(self, who: str, message: DirectMessage | None) -> Form | View:
        """The form in which somebody, whoever they are, reports a direct message that nobody typed, or why there is none. None:
        it is no direct message."""
        return await self._auto_dms.open(who, message)

    def _corrected(self, tx: QueryTransaction, event: Corrected, outcome: Outcome, is_a: Permission) -> View:
        ctx = self._ctx(tx, event.by, is_a, event.at)
        handle = "" if outcome.wait is None else tx.handle(outcome.wait.id)
        return corrections.respond(outcome, PrivateSpeech(ctx=ctx, now=event.at, handle=handle))

    def _member(self, account: str) -> str:
        return self._engine.team.accounts.member(self._platform, account)

    def _shown(self, view: View) -> View:
        accounts = self._engine.team.accounts
        return on_platform(view, self._platform, accounts, self._lookups.names_of) if accounts.by_member else view

    def standing(self, who: str, role: Role) -> Permission:
        """What somebody, by member, may do here."""
        if role is not Role.MEMBER or who not in self._engine.team.members:
            return "anyone"
        leads = self._engine.team.leads
        return "lead" if who in leads or not leads else "member"

    async def _told(self, request: Request | Refusal, who: str, role: Role) -> View:
        """`_do`, and below the answer what others did meanwhile to what is the asker's: once. Their own list says that anyway."""
        view, member, now = await self._do(request, who, role), self._member(who), self._clock.now()
        if self.standing(member, role) == "anyone":
            return view
        try:
            found = await self._store.read(lambda tx: untold(self._lookups.at(tx, now, member), member))
            if found.taken or found.stale:
                await self._store.transact(lambda tx: tx.put_mark(told_of(member), now, by=found.fingerprint))
        except Exception as error:  # they have their answer; what is new is told with the next one
            log.error(
                "untold_failed", say="What is new to a member couldn't be looked up; it is told later.", error=described(error)
            )
            return view
        if isinstance(request, Request) and request.verb == "waiting":
            return view
        lines = tuple(taken_line(one) for one in found.taken)
        if found.switch is not None:
            lines = (*lines, said_for(found.by, found.switch, self._lookups.budget, now))
        return replace(view, nodes=(*view.nodes, *self._shown(below(lines)).nodes)) if lines else view

    async def _do(self, request: Request | Refusal, who: str, role: Role) -> View:
        who, now = self._member(who), self._clock.now()
        is_a = self.standing(who, role)
        if is_a == "anyone":  # nothing is even looked up for them
            return for_the_team()
        try:
            if isinstance(request, Request) and COMMANDS[request.verb].changes:
                view = await self._choose(request, who, is_a, now)
            else:
                given = await self._store.read(lambda tx: answer(request, self._ctx(tx, who, is_a, now), now))
                view = (
                    await self._act(given)
                    if isinstance(given, Act)
                    else await self._filters.told(given, partial(self._engine.team.may_read, who))
                )
            return self._shown(await self._tips.beside(view, who, now))
        except Exception as error:  # whatever it is, the asker must hear that it failed
            return _troubled(request.verb if isinstance(request, Request) else "", error)

    async def _act(self, act: Act) -> View:
        outcome = _came_of(await self._inbox.submit(act.event))
        if outcome.wait is not None and outcome.how == "reopened":
            await self._read_again(outcome.wait)
        return registry.respond(registry.VERBS[act.event.verb], outcome, act.speech)

    async def _read_again(self, wait: Wait) -> None:
        """The text of a wait was blanked when it ended. One that is open again is read from the platform, as it stands there now;
        where that can't be, reminders show the link alone."""
        if self._reread is None or not self._engine.rules_of(wait.channel).keep_text:
            return
        texts = [(message, await self._reread(wait.channel, message, wait.thread)) for message in wait.messages[-MOST_REREAD:]]
        writes = [KeepText(wait=wait.id, message=message, text=text) for message, text in texts if text]
        await self._store.transact(lambda tx: tx.save(writes))  # keeps none of a wait that ended again meanwhile

    async def _choose(self, request: Request, who: str, is_a: Permission, now: Instant) -> View:
        """Run a command that changes what was chosen, and let it hold; then look again at what earlier choices had put off."""
        due: list[Instant] = []
        run = partial(self._run, request=request, who=who, is_a=is_a, now=now, due=due)
        given = await self._engine.transact(self._store, run)
        if isinstance(given, Act):  # it takes back what was done to a wait, by what is done to waits
            return await self._act(given)
        if given.choices:
            await self._preferences.load(self._store)
        if given.starts and self._activation is not None:
            self._activation.started = Mark(at=now, by=who)
            log.info("started", say="Reminders begin, as a lead said.", by=who)
        if given.choices:
            # Afterwards, so that a reminder which is looked at meanwhile isn't put off again by what held before.
            again = partial(
                reconsider, engine=self._engine, change_over=self._change_over, choices=given.choices, now=now, due=due
            )
            await self._engine.transact(self._store, again)
        if due:
            self._on_due(min(due))
        return given.view

    def _run(
        self, tx: Transaction, *, request: Request, who: str, is_a: Permission, now: Instant, due: list[Instant]
    ) -> Response | Act:
        """Decide on what is stored, and store what follows. What falls due by it is added to `due`."""
        self._preferences.take(tx.choices())
        if self._activation is not None:
            self._activation.started = tx.mark(STARTED)
        given = answer(request, self._ctx(tx, who, is_a, now), now)
        if isinstance(given, Act):
            return given
        given = self._chosen(tx, given, who, now)
        self._engine.settle(tx, given.writes)
        due += [now] if given.writes else []
        for event in given.events:
            due += [at for at in (self._engine.process(tx, event).next_due,) if at is not None]
        if given.starts and self._activation is not None and self._activation.start(tx, who, now):
            due.append(now)
            return given
        return replace(given, starts=False)

    def _chosen(self, tx: Transaction, given: Response, who: str, now: Instant) -> Response:
        """Store what was chosen, and what it changed; then the answer offers to undo it."""
        if not given.choices:
            return given
        for choice in given.choices:
            if isinstance(choice, SetDm):
                self._try_anew(tx, choice.member)
        change = tx.choose(given.choices, by=who, at=now, undoes=given.undoes)
        return given if change is None else replace(given, view=with_undo(given.view, change))

    def _try_anew(self, tx: Transaction, member: str) -> None:
        """Somebody chooses about direct messages: whether they take them where they didn't shows with the next one."""
        for name in tx.marks(DM_CLOSED):
            platform, _, account = name.removeprefix(DM_CLOSED).partition(":")
            if self._engine.team.accounts.member(platform, account) == member:
                tx.put_mark(name, None)

    def _ctx(self, tx: QueryTransaction, who: str, is_a: Permission, now: Instant) -> CommandContext:
        return CommandContext(who=who, is_a=is_a, platform=self._platform, snapshot=self._lookups.at(tx, now, who))


def _came_of(processed: Processed) -> Outcome:
    if processed.outcome is None:
        raise ValueError("what a member does has an outcome")
    return processed.outcome


def _troubled(verb: str, error: Exception) -> View:
    log.error(
        "command_failed",
        say="A command or click failed. Who asked was told so; nothing or only part of it was done.",
        verb=verb,
        error=described(error),
    )
    return refusal(TROUBLE)
