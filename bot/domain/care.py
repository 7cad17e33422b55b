"""What of customers' ways the team is shown beside who waits. Each can be left out by the settings."""

from __future__ import annotations

from bot.domain.value import value


@value
class Care:
    """`thanks`: whom customers thank reads of it; `introductions`: leads see who stopped asking, and who knows only one of us;
    `topics`: what several customers asked within a month; `came_back`: how many asked the same again soon after an answer."""

    thanks: bool = True
    introductions: bool = True
    topics: bool = True
    came_back: bool = True
