-- A copy of a production database must not touch anybody's real calendar.
UPDATE calendar_sync_account
   SET credentials_encrypted = NULL,
       scopes = NULL,
       is_sync_on = FALSE,
       status = 'not_connected',
       reason_code = NULL,
       reason_since = NULL,
       lease_token = NULL,
       lease_until = NULL,
       next_run = NULL,
       slowed_until = NULL;
UPDATE calendar_sync_oauth_app
   SET client_secret_encrypted = NULL,
       state = 'untested';
UPDATE calendar_sync_calendar
   SET cursor = NULL;
DELETE FROM calendar_sync_mark;

-- The original's calendars tell the original of changes; a copy neither renews nor ends that.
DELETE FROM calendar_sync_channel;
UPDATE calendar_sync_oauth_app
   SET push_state = 'unknown',
       push_since = NULL,
       paused_from = NULL,
       paused_until = NULL,
       push_try_at = NULL;

-- Sign-ins under way belong to the original.
DELETE FROM calendar_sync_consent;

-- Nor may it write to customers: their appointments are the original's.
UPDATE booking_customer
   SET due_at = NULL;

-- So do permissions that a former sync was given.
UPDATE calendar_sync_takeover_user SET secrets_encrypted = NULL;
