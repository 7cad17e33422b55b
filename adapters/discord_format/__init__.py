"""What Discord's ids and markup mean: the same live and in an export."""
