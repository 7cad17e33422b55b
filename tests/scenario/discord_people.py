"""Who acts on the stage on Discord, and who could read what the bot sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.emoji import CHARACTERS
from bot.domain.events import Says
from tests.discord_sandbox import Channel, FakeDiscord, Message, Person
from tests.discord_sandbox.interactions import Interaction
from tests.discord_sandbox.model import Outgoing
from tests.scenario.discord_looks import TUCKED, buttons_in, look, options_in
from tests.scenario.discord_typed import Unoffered, typed
from tests.scenario.stage import Filled, Shown
from tests.scenario.words import is_about

if TYPE_CHECKING:
    from tests.scenario.discord_stage import DiscordStage

MENU_COMMANDS: Mapping[Says, str] = {"waits": "Mark as waiting", "needs_none": "Mark as needing no reply"}
"""What the context menu of a message offers, by what it says."""


class Outbox(list[Outgoing]):
    """What the bot sends, with who could read it at that moment."""

    def __init__(self, fake: FakeDiscord, members: Callable[[], frozenset[str]]) -> None:
        super().__init__()
        self.fake, self.members = fake, members
        self.outside: list[tuple[Outgoing, tuple[str, ...]]] = []

    def append(self, record: Outgoing) -> None:
        super().append(record)
        world = self.fake.world
        place = world.channels.get(record.channel)
        readers = {record.user} if record.user else set()
        if place is not None and not record.user:
            readers = world.readers(place, now=self.fake.clock.now())
        strangers = readers - self.members() - {world.bot.id}
        if strangers:
            self.outside.append((record, tuple(sorted(strangers))))


class DiscordActor:
    def __init__(self, stage: DiscordStage, person: Person, name: str) -> None:
        self.stage, self.person, self.name = stage, person, name

    async def says(
        self, text: str, *, channel: str = "help", thread: Any = None, files: Sequence[str] = (), broadcast: bool = False
    ) -> Message:
        if broadcast:
            raise NotImplementedError("Discord shows nothing of a thread in its channel")
        where = channel if thread is None else await self._thread(thread)
        said = await self.person.says(where, text, files=files)
        await self.stage.settle()
        return said

    async def _thread(self, said: Message) -> Channel:
        """The thread of a message: that which it is in, or that on it; opened by whoever writes first."""
        world = self.stage.fake.world
        here = world.channels[said.channel_id]
        if here.is_thread:
            return here
        if said.id in world.channels:
            return world.channels[said.id]
        return await self.person.opens_thread(here, said.content[:90] or "thread", on=said)

    async def joins(self, *, channel: str = "help") -> None:
        await self.person.joins()
        await self.stage.settle()

    async def leaves(self, *, channel: str = "help") -> None:
        await self.person.leaves()
        await self.stage.settle()

    async def types(self, *, channel: str = "help", thread: Any = None) -> None:
        await self.person.types(channel if thread is None else await self._thread(thread))
        await self.stage.settle()

    async def edits(self, said: Any, text: str) -> None:
        await self.person.edits(said, text)
        await self.stage.settle()

    async def deletes(self, said: Any) -> None:
        await self.person.deletes(said)
        await self.stage.settle()

    async def reacts(self, said: Any, emoji: str) -> None:
        await self.person.reacts(said, CHARACTERS[emoji])
        await self.stage.settle()

    async def unreacts(self, said: Any, emoji: str) -> None:
        await self.person.unreacts(said, CHARACTERS[emoji])
        await self.stage.settle()

    async def clicks(self, shown: Shown, label: str, *, of: str = "") -> Shown:
        message: Message = shown.native
        for button in buttons_in(message.components):
            if button["label"] == label and is_about(button["custom_id"], of):
                return await self._privately(self.person.presses(message, button["custom_id"]))
        for menu, option in options_in(message.components):
            if menu.get("placeholder") in TUCKED and option["label"] == label and is_about(option["value"], of):
                return await self._privately(self._chosen(message, menu, option))
        raise LookupError(f"there is no {label!r} among {shown.buttons}")

    async def chooses(self, shown: Shown, menu: str, option: str) -> Shown:
        message: Message = shown.native
        for found, offered in options_in(message.components):
            named = found.get("placeholder") == menu and offered["label"] == option
            if named or (found.get("placeholder") in TUCKED and offered["label"] == f"{menu}: {option}"):
                return await self._privately(self._chosen(message, found, offered))
        raise LookupError(f"there is no {option!r} in {menu!r}: {shown.menus}")

    def _chosen(self, message: Message, menu: Mapping[str, Any], option: Mapping[str, Any]) -> Awaitable[Interaction]:
        return self.person.presses(message, menu["custom_id"], kind=menu["type"], values=[option["value"]])

    async def fills(self, form: Shown, filled: Mapping[str, Filled]) -> Shown:
        return await self._privately(self.person.submits({label: _written(value) for label, value in filled.items()}))

    def told(self) -> list[Shown]:
        """What a channel can't show to one person alone comes as a direct message."""
        return [self.stage.show(post) for post in self.person.direct() if not _is_kept(post)]

    async def commands(self, text: str) -> Shown:
        try:
            path, options = typed(self.stage.command, text)
        except Unoffered:
            return await self._privately(self.person.slash_unoffered("realreply", text.split(), channel=self.place))
        given = {name: self.stage.fake.world.wire(v, None) if isinstance(v, str) else v for name, v in options.items()}
        return await self._privately(self.person.slash(path, given, channel=self.place, hidden=True))

    @property
    def place(self) -> str:
        """Where they type commands: what is answered there they alone see."""
        return "help"

    async def corrects(self, said: Any, says: Says) -> Shown:
        return await self._privately(self.person.uses_menu(MENU_COMMANDS[says], said, hidden=True))

    async def checks(self, said: Any) -> Shown:
        return await self._privately(self.person.uses_menu("Check my reply", said, hidden=True))

    async def gets(self, sender: str, text: str, *, through: str = "") -> Message:
        if through:
            raise NotImplementedError("no app can post under a person's account on Discord")
        fake, by = self.stage.fake, self.stage.persons.get(sender)
        if by is None:
            place = fake.world.between(self.person, fake.bot_called(sender))
            return await fake.app_posts(place, text, name=sender)
        return await by.says(fake.world.between(self.person, by), text)

    async def reports(self, message: Any) -> Shown:
        return await self._privately(self.person.uses_menu("Report an auto-DM", message))

    async def home(self) -> Shown:
        return await self._privately(self.person.slash("realreply home", channel=self.place, hidden=True))

    def direct(self) -> list[Shown]:
        return [self.stage.show(post) for post in self.person.direct() if _is_kept(post)]

    async def _privately(self, acting: Awaitable[Interaction]) -> Shown:
        """Whatever they are shown because of what they did: a new answer, one that took another's place, a form."""
        fake = self.stage.fake
        before = {seen.id: seen.text for seen in self.person.sees()}
        opened = fake.modals.get(self.person.id)
        interaction = await acting
        await self.stage.settle()
        assert interaction.answered, "the application did not respond"
        modal = fake.modals.get(self.person.id)
        if modal is not None and modal is not opened:
            return self._modal()
        fresh = [seen for seen in self.person.sees() if before.get(seen.id) != seen.text]
        if not fresh and interaction.message is not None and interaction.original is interaction.message:
            return self.stage.show(interaction.message)
        assert fresh, f"{self.name} was shown nothing"
        shown = [self.stage.show(seen) for seen in fresh]
        return shown[0] if len(shown) == 1 else _together(shown)

    def _modal(self) -> Shown:
        modal = self.person.modal
        shown = look("", modal["components"], self.stage.name_of, native=modal)
        return replace(shown, words=f"{modal['title']}\n{shown.words}")


def _is_kept(post: Message) -> bool:
    """Whether it is a row of the bot's, which comes under a key; what is shown in passing has the library's nonce, a number."""
    return not str(post.nonce).isdecimal()


def _written(value: Filled) -> Filled:
    """What is filled in; Discord has no element for an instant, so that one is written out."""
    return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M}" if isinstance(value, int | float) else value


def _together(shown: Sequence[Shown]) -> Shown:
    """Several messages of one answer as one."""
    first = shown[0]
    return replace(
        first,
        words="\n".join(each.words for each in shown),
        quotes=tuple(quote for each in shown for quote in each.quotes),
        calls=tuple(call for each in shown for call in each.calls),
        links=tuple(link for each in shown for link in each.links),
        buttons=tuple(button for each in shown for button in each.buttons),
        menus={name: options for each in shown for name, options in each.menus.items()},
        native=shown[-1].native,
    )
