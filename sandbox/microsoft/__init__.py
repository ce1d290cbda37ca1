"""A stateful Microsoft: Entra ID's sign-in (v2) and Graph's calendars (v1.0)."""
