-- What a waiting customer went on writing that asked nothing anew: [message, when] each.
ALTER TABLE waits ADD COLUMN went_on TEXT;
