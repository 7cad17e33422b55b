"""The small protocols the bot owns: what it needs of storage, of a clock and of a platform. Adapters and storage fit these."""

from bot.ports.apps import FilterProposal, Moderation, PresentApp, PresentApps
from bot.ports.archives import Archive, ArchiveChannel, ArchivePerson, Problem
from bot.ports.calendars import TeamCalendar
from bot.ports.examination import Examination, Examined, Finding, Naming
from bot.ports.platforms import (
    HISTORY_LAG,
    Connection,
    History,
    Intake,
    InteractionHandler,
    Platform,
    Sought,
    Workspace,
    WorkspaceChange,
)
from bot.ports.store.intake import IntakeTransaction
from bot.ports.store.lookup import Lookup
from bot.ports.store.outbox import OutboxTransaction
from bot.ports.store.queries import QueryTransaction
from bot.ports.store.records import (
    ChannelRecord,
    CorrectionCounts,
    Doubles,
    Exchange,
    Health,
    KeptText,
    Mark,
    PastReply,
    PostsOfSource,
    SoleAcquaintance,
    UnwordedMessage,
)
from bot.ports.store.store import PART, ReadableStore, Store, Transaction
from bot.ports.store.upkeep import UpkeepTransaction
from bot.ports.store.writer import Writer
from bot.ports.time import Clock, KnownSince, Sleep

__all__ = [
    "HISTORY_LAG",
    "PART",
    "Archive",
    "ArchiveChannel",
    "ArchivePerson",
    "ChannelRecord",
    "Clock",
    "Connection",
    "CorrectionCounts",
    "Doubles",
    "Examination",
    "Examined",
    "Exchange",
    "FilterProposal",
    "Finding",
    "Health",
    "History",
    "Intake",
    "IntakeTransaction",
    "InteractionHandler",
    "KeptText",
    "KnownSince",
    "Lookup",
    "Mark",
    "Moderation",
    "Naming",
    "OutboxTransaction",
    "PastReply",
    "Platform",
    "PostsOfSource",
    "PresentApp",
    "PresentApps",
    "Problem",
    "QueryTransaction",
    "ReadableStore",
    "Sleep",
    "SoleAcquaintance",
    "Sought",
    "Store",
    "TeamCalendar",
    "Transaction",
    "UnwordedMessage",
    "UpkeepTransaction",
    "Workspace",
    "WorkspaceChange",
    "Writer",
]
