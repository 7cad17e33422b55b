-- A member's message that may have answered a wait, as a reply in JSON; its next reminder asks.
ALTER TABLE waits ADD COLUMN maybe TEXT;
