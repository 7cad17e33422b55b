-- A post that somebody could read who isn't on the team is removed from its platform: when that is to be tried next (NULL: it isn't to
-- be removed), and when it was done. What was removed isn't brought up to date any more.
ALTER TABLE posts ADD COLUMN remove_at REAL;
ALTER TABLE posts ADD COLUMN removed_at REAL;
CREATE INDEX posts_to_remove ON posts (remove_at) WHERE remove_at IS NOT NULL;
