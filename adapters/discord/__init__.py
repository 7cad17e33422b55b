"""Discord, live, behind the `Connection` port."""
