"""Slack over HTTP, in the open: who may connect, whose requests are believed, and how they reach bolt."""
