"""The team's calendar as an iCalendar feed: fetched with limits, and read in a process of its own."""
