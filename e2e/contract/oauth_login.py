"""Signing in as the product does it, at any provider with OAuth: consent page, code, grant."""

import base64
import hashlib
from dataclasses import replace

from calendar_sync_pro.providers.port import Purpose

REDIRECT = "http://127.0.0.1:8069/calendar_sync/oauth/callback"
VERIFIER = "v" * 64
DIGEST = hashlib.sha256(VERIFIER.encode()).digest()
CHALLENGE = base64.urlsafe_b64encode(DIGEST).rstrip(b"=").decode()


def with_facts(app, facts):
    """The app as it was registered."""
    return replace(app, client_id=facts["client_id"], client_secret=facts["client_secret"])


class OAuthLogin:
    """The way of one provider's `sign_in`."""

    def __init__(self, sign_in):
        self.sign_in = sign_in

    def url_for(self, app, purpose=Purpose.SYNC, **more):
        """Where the browser is sent."""
        facts = {"redirect_uri": REDIRECT, "state": "s1", "code_challenge": CHALLENGE}
        return self.sign_in.authorize_url(app, purpose=purpose, **facts, **more)

    def connect(self, world, app, purpose=Purpose.SYNC, email="", **consent):
        """The whole way; the grant."""
        email = email or world.email("ann")
        way_back = world.box.consent(self.url_for(app, purpose), email, **consent)
        answer = world.box.answer_of(way_back)
        assert answer["state"] == "s1"
        return self.sign_in.exchange(
            app, redirect_uri=REDIRECT, code=answer["code"], code_verifier=VERIFIER
        )
