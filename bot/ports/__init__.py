"""The small protocols the bot owns: what it needs of storage, of a clock and of a platform. Adapters and storage fit these."""

from bot.ports.archives import Archive, ArchiveChannel, ArchivePerson, Problem
from bot.ports.platforms import Contents, Front, History, Platform
from bot.ports.storage import ChannelRecord, Store, Transaction
from bot.ports.time import Clock

__all__ = [
    "Archive",
    "ArchiveChannel",
    "ArchivePerson",
    "ChannelRecord",
    "Clock",
    "Contents",
    "Front",
    "History",
    "Platform",
    "Problem",
    "Store",
    "Transaction",
]
