"""Slack: events in, views out, through slack-bolt."""
