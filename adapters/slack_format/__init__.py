"""What Slack's records mean, the same live and in an export. Pure: no SDK, no files, no waiting."""
