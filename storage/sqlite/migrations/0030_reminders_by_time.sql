-- The reminders that left in the last month, for the bot's own record.
CREATE INDEX outgoing_reminders_by_time ON outgoing (sent_at) WHERE state = 'sent' AND kind = 'reminder';
