"""The simulated Google: OAuth 2, OpenID Connect and Calendar API v3."""
