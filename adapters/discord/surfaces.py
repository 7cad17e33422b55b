"""Discord's surfaces: the slash command and what it offers while somebody types, buttons and menus, forms, a message's menu.

Everything comes by one way, INTERACTION_CREATE, and is answered to who asked alone. Discord waits 3 s for the first answer
(https://docs.discord.com/developers/interactions/receiving-and-responding), so it is acknowledged before anything else is done;
only a form has to be the first answer itself. What was clicked is told by its `custom_id` alone: nothing of it is kept, so it
works after a restart, and nothing in it is believed before it was looked at who sends it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import discord
import structlog

from adapters.discord.codes import Carried, is_code
from adapters.discord.commands import AUTO_DM, CHECK, HOME, NEEDS_NONE, WAITS, WHY
from adapters.discord.failures import AnsweredAlready, Waiting
from adapters.discord.given import Given, given_in
from adapters.discord.laid import Asked, Laid, only
from adapters.discord.render import RenderedMessage, form_of, render_answer, render_home, render_message, render_modal
from adapters.discord.tags import in_tags
from bot.domain import keys
from bot.domain.auto_dms import DirectMessage
from bot.domain.durations import Seconds
from bot.domain.events import Says
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.views import LISTED, OPENS, Button, Buttons, Form, Plain, Text, View, opens_form
from bot.errors import DeliveryError, described
from bot.ports import InteractionHandler

IN_TIME: Final[Seconds] = 2.0
"""How long a form, or what is offered, may be looked up, in real seconds: Discord waits 3 s for it from its own sending on."""

MOST_CHOICES: Final = 25
LONGEST_CHOICE: Final = 100

NOT_HERE: Final = "I take reports of people who are in my team's server, and you aren't, so I can't take this one."

LATE_REPORT: Final = "That took too long just now. Please choose it from the message's menu again."

TROUBLE: Final = "Something went wrong on my side, and this may not have been done. The log says what; please look and try again."

_TO_THEM_ALONE: Final = 64
"""The flag of a message that one person alone sees."""

log = structlog.get_logger()


class WhoAsks(Protocol):
    """What the platform knows of who asks and of what they ask about."""

    async def role_of(self, interaction: discord.Interaction) -> Role:
        """What somebody is, by what Discord says of them here and now."""
        ...

    async def message_of(self, message: discord.Message, guild: int) -> Message | None:
        """A message that something is to be done with; None where messages are none of ours."""
        ...

    async def is_here(self, interaction: discord.Interaction) -> bool:
        """Whether who asks is in a server that is looked at."""
        ...

    def direct_message(self, message: discord.Message) -> DirectMessage | None:
        """A direct message that somebody hands in; None where nobody said anything."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How an answer is shown: `part` of the own page below it; in the place of the message that was clicked, or (`anew`) as one
    of its own."""

    part: int | None = None
    anew: bool = True


class DiscordSurfaces:
    """Answers what people do with the bot. `name_of` gives what somebody is called."""

    def __init__(
        self, waiting: Waiting, asks: WhoAsks, interactions: InteractionHandler, *, name_of: Callable[[str], str]
    ) -> None:
        self._waiting = waiting
        self._asks = asks
        self._interactions = interactions
        self._name_of = name_of
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, interaction: discord.Interaction) -> None:
        """Answer an interaction. Doesn't wait."""
        task = asyncio.create_task(self.handle(interaction), name="discord interaction")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, within: Seconds) -> None:
        """Let answers that are under way come to an end, for so long at most."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=within)

    async def handle(self, interaction: discord.Interaction) -> None:
        """Answer an interaction. What can't be answered is logged; whoever asked sees that Discord got no answer."""
        try:
            match interaction.type:
                case discord.InteractionType.application_command:
                    await self._command(interaction)
                case discord.InteractionType.component:
                    await self._component(interaction)
                case discord.InteractionType.modal_submit:
                    await self._form(interaction)
                case discord.InteractionType.autocomplete:
                    await self._offer(interaction)
                case _:
                    say = "Discord handed in something of a kind that isn't known here; nothing was done."
                    log.warning("discord_interaction_unknown", say=say, repeats=True, kind=str(interaction.type))
        except DeliveryError as error:
            say = "An answer couldn't be shown on Discord; whoever asked can ask again. What they asked for may have been done."
            log.warning("answer_not_shown", say=say, repeats=True, reason=str(error))
        except Exception as error:  # a mistake of ours, with one interaction; the others are answered
            say = "Something that somebody did on Discord couldn't be dealt with. They were told so; please report it."
            log.error("discord_interaction_failed", say=say, repeats=True, error=described(error))
            await self._say_that_it_failed(interaction)

    async def _say_that_it_failed(self, interaction: discord.Interaction) -> None:
        """Who waits for an answer sees no log."""
        if interaction.type is discord.InteractionType.autocomplete:
            return
        try:
            if not interaction.response.is_done():
                await self._acknowledge(interaction, Shown())
            changes = interaction.response.type is discord.InteractionResponseType.deferred_message_update
            await self._show(interaction, _said(TROUBLE), Shown(), instead=changes)
        except DeliveryError as error:
            log.warning("answer_not_shown", say="That it failed couldn't be shown either.", repeats=True, reason=str(error))

    # -- commands

    async def _command(self, interaction: discord.Interaction) -> None:
        data = _data(interaction)
        if data.get("type") == discord.AppCommandType.message.value and data.get("name") == AUTO_DM:
            await self._report_auto_dm(interaction, data)
            return
        await self._acknowledge(interaction, Shown())
        who, role = _who(interaction), await self._asks.role_of(interaction)
        if data.get("type") == discord.AppCommandType.message.value:
            view = await self._about_message(interaction, data, who, role)
        else:
            given = given_in(data)
            if given.command == HOME:
                await self._show_home(interaction, who, role, 1)
                return
            view = await self._interactions.ask(who, role, given.command, given.given)
        await self._show(interaction, view, Shown())

    async def _about_message(self, interaction: discord.Interaction, data: Mapping[str, Any], who: str, role: Role) -> View:
        """What somebody chose from a message's menu. The message comes with it, whole."""
        message = None if role is not Role.MEMBER else await self._meant(interaction, data)
        if data.get("name") == WHY and message is not None:
            return await self._interactions.explain(who, role, message.channel, message.id)
        if data.get("name") == CHECK:
            return await self._interactions.check(who, role, message)
        says: Says = "waits" if data.get("name") == WAITS else "needs_none"
        if data.get("name") not in (WAITS, NEEDS_NONE, WHY):
            return await self._interactions.ask(who, role, str(data.get("name") or ""), {})
        return await self._interactions.correct(who, role, message, says)

    async def _report_auto_dm(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> None:
        """Somebody, customers too, reports a direct message: the form has to be the first answer."""
        found = _target(interaction, data) if interaction.guild_id is None else None
        message = None if found is None else self._asks.direct_message(found)

        async def ask() -> Form | View:
            if not await self._asks.is_here(interaction):
                return _said(NOT_HERE)
            return await self._interactions.report_auto_dm(_who(interaction), message)

        shown: Form | View | None = await _in_time(ask())
        if isinstance(shown, Form):
            await self._send_form(interaction, shown)
            return
        await self._acknowledge(interaction, Shown())
        await self._show(interaction, _said(LATE_REPORT) if shown is None else shown, Shown())

    async def _meant(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> Message | None:
        found = _target(interaction, data)
        if found is None or interaction.guild_id is None:
            return None
        return await self._asks.message_of(found, interaction.guild_id)

    async def _offer(self, interaction: discord.Interaction) -> None:
        """What may be meant by what is typed so far. Nothing where that can't be told in time: they type on."""
        given = given_in(_data(interaction))
        offered: list[tuple[str, str]] = []
        if given.typing is not None:
            offered = await self._offered(interaction, given, given.typing)
        choices = [
            discord.app_commands.Choice(name=said[:LONGEST_CHOICE], value=value)
            for said, value in offered
            if said and 0 < len(value) <= LONGEST_CHOICE
        ]
        await self._waiting.answer(interaction.response.autocomplete(choices[:MOST_CHOICES]), "offering what may be meant")

    async def _offered(self, interaction: discord.Interaction, given: Given, typing: str) -> list[tuple[str, str]]:
        async def look_up() -> list[tuple[str, str]]:
            role = await self._asks.role_of(interaction)
            typed = given.given.get(typing, "")
            return list(await self._interactions.offer(_who(interaction), role, given.command, typing, typed))

        found = await _in_time(look_up())
        return [] if found is None else found

    # -- buttons and menus

    async def _component(self, interaction: discord.Interaction) -> None:
        data = _data(interaction)
        custom_id = data.get("custom_id")
        carried = Carried.parse(custom_id) if isinstance(custom_id, str) else None
        values = data.get("values")
        if carried is not None and isinstance(values, list):
            # A menu: what was chosen says what is to be done, as long as it is of our spelling.
            chosen = values[0] if values else ""
            carried = _chosen(carried, chosen) if isinstance(chosen, str) else None
            if carried is not None and not carried.code:
                await self._acknowledge(interaction, Shown(anew=False))  # what was chosen was taken back
                return
        shown = _shown_after(interaction, carried)
        if carried is not None and opens_form(carried.code):
            await self._open_form(interaction, carried, shown)
            return
        await self._acknowledge(interaction, shown)
        who, role = _who(interaction), await self._asks.role_of(interaction)
        if carried is not None and not carried.code:
            await self._show_home(interaction, who, role, carried.page or 1)
            return
        # What isn't ours, or was forged, is answered as well: as a button that isn't known here.
        view = await self._interactions.click(who, role, carried.code if carried is not None else "")
        await self._show(interaction, view, shown)

    async def _open_form(self, interaction: discord.Interaction, carried: Carried, shown: Shown) -> None:
        """Open the form of a button. It has to be the first answer: what it takes is looked up within 2 s, or it is said that it
        took too long."""
        who = _who(interaction)

        async def look_up() -> tuple[Role, Any]:
            role = await self._asks.role_of(interaction)
            return role, await self._interactions.form(who, role, carried.code)

        found = await _in_time(look_up())
        if found is None:
            await self._acknowledge(interaction, Shown())
            await self._show(interaction, _said("That took too long just now. Please click again."), Shown())
            return
        role, form = found
        if form is None:
            await self._acknowledge(interaction, shown)
            await self._show(interaction, await self._interactions.click(who, role, carried.code), shown)
            return
        await self._send_form(interaction, form, page=carried.page)

    async def _send_form(self, interaction: discord.Interaction, form: Form, *, page: int | None = None) -> None:
        modal = Asked(render_modal(form, page=page))
        try:
            await self._waiting.answer(interaction.response.send_modal(modal), "opening a form")
        except AnsweredAlready as error:
            log.info("form_opened_before", say="A form was opened by an earlier try.", repeats=True, reason=str(error))

    # -- forms

    async def _form(self, interaction: discord.Interaction) -> None:
        carried, values = form_of(_data(interaction))
        shown = _shown_after(interaction, carried, form=True)
        await self._acknowledge(interaction, shown)
        who, role = _who(interaction), await self._asks.role_of(interaction)
        code = "" if carried is None else carried.code
        view = await self._interactions.submit(who, role, code, {name: in_tags(value) for name, value in values.items()})
        if view.refused:
            # A form is closed when it is sent: the way back to it stands below what was wrong.
            again = _again(code)
            nodes = view.nodes if again is None else (*view.nodes, Buttons((again,)))
            await self._show(interaction, View(nodes=nodes, fallback=view.fallback), Shown(), instead=not shown.anew)
            return
        await self._show(interaction, view, shown)

    # -- answers

    async def _acknowledge(self, interaction: discord.Interaction, shown: Shown) -> None:
        """Tell Discord that it was taken, before anything else: as an answer that comes, or as one that changes what was
        clicked."""
        deferring = interaction.response.defer(thinking=shown.anew, ephemeral=shown.anew)
        try:
            await self._waiting.answer(deferring, "acknowledging what somebody did")
        except AnsweredAlready as error:
            # An earlier try of ours got through, or another process with the same token runs. The answer is shown all the same.
            say = "Something that somebody did was acknowledged already. If it happens often, two processes use one token."
            log.info("discord_acknowledged_before", say=say, repeats=True, reason=str(error))

    async def _show(self, interaction: discord.Interaction, view: View, shown: Shown, *, instead: bool = False) -> None:
        """Show an answer to who asked. `instead`: beside the message that was clicked, which stays as it is, though it was
        acknowledged as one that changes."""
        if shown.part is not None:
            role = await self._asks.role_of(interaction)
            await self._show_home(interaction, _who(interaction), role, shown.part, above=view)
            return
        if not shown.anew:
            await self._replace(interaction, render_message(view, name_of=self._name_of))
            return
        first, *more = render_answer(view, name_of=self._name_of)
        if instead:
            more = [first, *more]
        else:
            await self._replace(interaction, first)
        for part in more:
            following = interaction.followup.send(
                view=Laid(part.components), ephemeral=True, allowed_mentions=only(()), wait=True
            )
            await self._waiting.answer(following, "showing an answer")

    async def _show_home(
        self, interaction: discord.Interaction, who: str, role: Role, part: int, *, above: View | None = None
    ) -> None:
        """Show somebody a part of their own page, in the place of what was clicked or as an answer."""
        view = await self._interactions.home(who, role)
        await self._replace(interaction, render_home(view, part, name_of=self._name_of, above=above))

    async def _replace(self, interaction: discord.Interaction, rendered: RenderedMessage) -> None:
        """Put an answer where it was announced, or in the place of the private message that was clicked."""
        editing = interaction.edit_original_response(view=Laid(rendered.components), allowed_mentions=only(()))
        await self._waiting.answer(editing, "showing an answer")


async def _in_time(looking: Awaitable[Any]) -> Any:
    """What is looked up, or None where that takes too long."""
    task = asyncio.ensure_future(looking)
    done, _ = await asyncio.wait({task}, timeout=IN_TIME)
    if done:
        return task.result()
    task.cancel()
    return None


def _data(interaction: discord.Interaction) -> Mapping[str, Any]:
    data: Any = interaction.data
    return data if isinstance(data, Mapping) else {}


def _target(interaction: discord.Interaction, data: Mapping[str, Any]) -> discord.Message | None:
    """The message whose menu a command was chosen from: it comes with it, whole. None where it doesn't."""
    resolved = data.get("resolved")
    messages = resolved.get("messages") if isinstance(resolved, Mapping) else None
    record: Any = messages.get(str(data.get("target_id"))) if isinstance(messages, Mapping) else None
    channel: Any = interaction.channel
    if not isinstance(record, dict) or channel is None:
        return None
    whole: Any = record
    return discord.Message(state=interaction.client._connection, channel=channel, data=whole)


def _who(interaction: discord.Interaction) -> str:
    return str(interaction.user.id)


def _chosen(menu: Carried, chosen: str) -> Carried | None:
    """What an option of a menu does, where the menu stands; None where it is none of ours."""
    if chosen and not is_code(chosen):
        return None
    return Carried(code=chosen, page=None if not chosen else menu.page)


def _shown_after(interaction: discord.Interaction, carried: Carried | None, *, form: bool = False) -> Shown:
    """Where the answer to a click, or to a form, is shown: in the place of a private message, else as one of its own. A form that
    wasn't opened from a list leaves the message that it was opened from as it is."""
    message = interaction.message
    alone = message is not None and message.flags.value & _TO_THEM_ALONE != 0
    if not alone or carried is None:
        return Shown()
    if carried.page is not None:
        return Shown(part=carried.page, anew=False)
    in_list = keys.split_code(carried.code)[0] == LISTED
    return Shown(anew=form and not in_list)


def _again(code: str) -> Button | None:
    """A button to the form that comes back as this."""
    verb, argument = keys.split_code(code)
    if verb == LISTED:
        parts = keys.split_argument(argument)
        verb, argument = keys.split_code(parts[-1]) if parts else ("", "")
    opens = keys.argument(verb, argument) if argument else keys.argument(verb)
    return Button("Try again", OPENS, opens) if verb and len(keys.code(OPENS, opens)) <= 100 else None


def _said(text: str) -> View:
    return View(nodes=(Text((Plain(text),)),), fallback=text)
