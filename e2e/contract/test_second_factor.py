"""Accounts that are asked for a second factor: on the provider's own page, over real HTTP."""

import pytest

from calendar_sync_pro.core.errors import AuthExpired
from calendar_sync_pro.providers.google.oauth import GoogleSignIn
from calendar_sync_pro.providers.microsoft.oauth import MicrosoftSignIn
from sandbox.client import SandboxError

from . import google_world, microsoft_world
from .oauth_login import REDIRECT, OAuthLogin, with_facts


@pytest.fixture
def microsoft(google_box):
    """Ann and Bob at Microsoft."""
    made = microsoft_world.MicrosoftWorld(google_box)
    yield made
    made.close()


def test_without_it_nobody_gets_back_from_google_and_with_it_all_is_as_ever(world, google_box):
    """S3-11: we see neither password nor code, only the grant."""
    facts = google_box.register_client(name="Ours", redirect_uris=[REDIRECT])
    app = with_facts(google_world.app_of(google_box), facts)
    login = OAuthLogin(GoogleSignIn())
    google_box.change_user(world.email("ann"), mfa_required=True)
    with pytest.raises(SandboxError, match="Wrong code"):
        login.connect(world, app, factor="000000")
    grant = login.sign_in.refresh(app, login.connect(world, app))
    assert world.provider("ann", grant=grant).calendars()


def test_an_organisation_begins_to_ask_for_it(microsoft, google_box):
    """S3-11, S1-13: the grant ends with the reason; signing in with the code mends it."""
    facts = google_box.ms.register_client(name="Ours", redirect_uris=[REDIRECT])
    app = with_facts(microsoft_world.app_of(google_box), facts)
    login = OAuthLogin(MicrosoftSignIn())
    before = login.connect(microsoft, app)
    google_box.ms.change_user(microsoft.email("ann"), mfa_required=True)
    with pytest.raises(AuthExpired) as ended:
        login.sign_in.refresh(app, before)
    assert (ended.value.reason, ended.value.is_revoked) == ("policy_changed", True)
    with pytest.raises(SandboxError, match="Wrong code"):
        login.connect(microsoft, app, factor="000000")
    grant = login.sign_in.refresh(app, login.connect(microsoft, app))
    assert microsoft.provider("ann", grant=grant).calendars()
