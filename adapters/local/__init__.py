"""The embedded platform: conversations that live in this process, for the demo and for trying things in a terminal."""
