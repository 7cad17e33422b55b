"""What is known of the apps that post where customers write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.domain.durations import Instant
from bot.domain.keys import platform_of
from bot.domain.letters import on_one_line
from bot.domain.sources import Source, SourceKind
from bot.domain.value import value
from bot.domain.waits import Wait
from bot.ports import PostsOfSource, PresentApps, QueryTransaction
from bot.queries.auto_dms import auto_dms_told
from bot.queries.snapshot import Snapshot
from bot.waits.figures import Figures
from bot.wording.audit import AuditedApp, AuditFacts, AuditRow

NAME_LENGTH = 60


@value
class _Automatic:
    """Waits, those that have had only an automatic reply, and of these how many each app answered, by its name."""

    waits: int
    alone: int
    by: Counter[str]


def audit_facts(snapshot: Snapshot, since: Instant, reader: str) -> AuditFacts:
    """The audit since an instant, as far as who asks (`reader`, a member) may read it."""
    lookups = snapshot.lookups
    found = audited(snapshot.tx, since, snapshot.now, lookups.names_of, snapshot.shows, reader=reader)
    there = [replace(one, apps=tuple(app for app in one.apps if snapshot.shows(f"{app.server}:"))) for one in lookups.apps()]
    return with_present(found, there, filters=lookups.filters)


def audited(
    tx: QueryTransaction,
    since: Instant,
    now: Instant,
    names_of: Callable[[str], Sequence[str]],
    shows: Callable[[str], bool] = lambda _: True,
    *,
    reader: str | None = None,
) -> AuditFacts:
    """What was counted since an instant, busiest first; of the channels (by key) that `shows` lets through. `names_of` gives what
    an app is called now, where its platform says so; `reader` is the member who asks, if one does."""
    of_source: dict[tuple[str, Source], list[PostsOfSource]] = {}
    for posts in tx.posts_of_sources(since):
        if shows(posts.channel):
            of_source.setdefault((platform_of(posts.channel), posts.source), []).append(posts)
    automatic = _automatic((wait for wait in tx.opened_since(since) if shows(wait.channel)), now)
    rows = [_row(platform, source, found, automatic.by, names_of) for (platform, source), found in of_source.items()]
    rows.sort(key=lambda row: (-row.posts, row.source.id, row.source.kind))
    reported = len({report.message for report in auto_dms_told(tx, since, reader)})
    return AuditFacts(since=since, now=now, rows=tuple(rows), waits=automatic.waits, alone=automatic.alone, reported=reported)


def with_present(facts: AuditFacts, there: Iterable[PresentApps], *, filters: bool = False) -> AuditFacts:
    """The same with the apps that platforms list."""
    found = tuple(there)
    present = [app for each in found for app in each.apps]
    several = len({app.server for app in present}) > 1
    return replace(
        facts,
        present=tuple(
            AuditedApp(name=_clean(app.name), server=_clean(app.server_name) if several else "", welcomes=app.welcomes)
            for app in sorted(present, key=lambda app: (app.name.casefold(), app.server))
        ),
        untold=tuple(each.untold for each in found if each.untold),
        filters=filters,
    )


def _automatic(waits: Iterable[Wait], now: Instant) -> _Automatic:
    by: Counter[str] = Counter()
    figures = Figures(end=now)
    for wait in waits:
        before = figures.automatic_only
        figures.add(wait)
        if figures.automatic_only > before:
            by.update(wait.automatic_by)
    return _Automatic(waits=figures.waits, alone=figures.automatic_only, by=by)


def _row(
    platform: str, source: Source, found: Sequence[PostsOfSource], alone: Counter[str], names_of: Callable[[str], Sequence[str]]
) -> AuditRow:
    names = {posts.name for posts in found if posts.name != ""}
    said = None if len(names) > 1 else next(iter(names), "")
    # A webhook has no name of its own: what its platform remembers is under which it posted last.
    listed = () if source.kind is SourceKind.WEBHOOK else names_of(source.id)
    told = listed[0] if listed and listed[0] != source.id else ""
    known = told or said
    return AuditRow(
        platform=platform,
        source=source,
        name=None if known is None else _clean(known),
        posts=sum(posts.posts for posts in found),
        channels=len({posts.channel for posts in found}),
        last_at=max(posts.last_at for posts in found),
        alone=0 if said is None or source.trusted else alone[said],
    )


def _clean(name: str) -> str:
    return on_one_line(name, NAME_LENGTH)
