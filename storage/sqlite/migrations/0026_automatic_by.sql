-- Which apps, by name, posted what looked like an answer to a wait and was none.
ALTER TABLE waits ADD COLUMN automatic_by TEXT;
