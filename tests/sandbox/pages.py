"""The page of a sandbox, in a browser: files of its own, and those that all sandboxes share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

SHARED = Path(__file__).parent / "page"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Pages:
    """Serves `index.html` as / and the rest as /page/NAME, if `wanted` says so; `nowhere` answers everything else."""

    def __init__(self, folder: Path, *, wanted: Callable[[], bool], nowhere: Answer) -> None:
        self.files = {path.name: path for place in (SHARED, folder) for path in place.iterdir()}
        self.wanted, self.nowhere = wanted, nowhere

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Adds the routes."""
        router.add_get("/", self._index)
        router.add_get("/page/{name}", self._file)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, "index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, request.match_info["name"])

    async def _serve(self, request: web.Request, name: str) -> web.StreamResponse:
        if not self.wanted() or name not in self.files:
            return await self.nowhere(request)
        return web.FileResponse(self.files[name], headers={"Cache-Control": "no-store"})
