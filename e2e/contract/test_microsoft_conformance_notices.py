"""Subscriptions and notifications in the sandbox (point 9)."""

import time
from datetime import UTC, datetime, timedelta

from .microsoft_people import IMMUTABLE, refusal

pytest_plugins = ["e2e.contract.microsoft_people"]


def in_minutes(box, minutes):
    """A time stamp of a subscription."""
    moment = datetime.fromisoformat(box.now().replace("Z", "+00:00")) + timedelta(minutes=minutes)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def wish(box, hook, minutes=10_000, **more):
    """The body of a subscription."""
    return {
        "changeType": "created,updated,deleted",
        "notificationUrl": hook.url,
        "lifecycleNotificationUrl": hook.url + "&l=1",
        "resource": "/me/events",
        "expirationDateTime": in_minutes(box, minutes),
        "clientState": "secret",
        **more,
    }


def wait_for(condition, seconds=5):
    """Until it is true."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


def test_point_09_both_addresses_are_asked_before_the_answer(office, nora, hook):
    """The token comes back decoded; without it there is no subscription."""
    made = nora.post("/subscriptions", wish(office, hook))

    assert len(hook.asked) == 2
    assert made["clientState"] == "secret"
    hook.shakes = False
    other = wish(office, hook, changeType="created")
    assert refusal(nora.post, "/subscriptions", other) == (400, "ValidationError")
    assert [s["id"] for s in nora.get("/subscriptions")["value"]] == [made["id"]]


def test_point_09_lifetimes_and_duplicates(office, nora, hook):
    """Seven days at most, 45 minutes at least, the same thing only once."""
    too_long = wish(office, hook, 10_100)
    assert refusal(nora.post, "/subscriptions", too_long) == (400, "ExtensionError")
    short = nora.post("/subscriptions", wish(office, hook, 5))
    assert in_minutes(office, 44) < short["expirationDateTime"] < in_minutes(office, 46)
    assert refusal(nora.post, "/subscriptions", wish(office, hook))[0] == 409

    renewed = {"expirationDateTime": in_minutes(office, 9000)}
    path = f"/subscriptions/{short['id']}"
    assert nora.patch(path, renewed)["expirationDateTime"] > short["expirationDateTime"]
    nora.post(path + "/reauthorize")
    nora.delete(path)
    assert refusal(nora.patch, path, renewed)[0] == 404


def test_point_09_every_kind_of_change_is_told_without_data(office, nora, hook):
    """Ids in the form that the subscription asked for."""
    nora.post("/subscriptions", wish(office, hook), IMMUTABLE)
    made = nora.add(headers=IMMUTABLE)
    wait_for(lambda: hook.got)
    nora.patch(f"/me/events/{made['id']}", {"subject": "New"})
    wait_for(lambda: len(hook.got) == 2)
    nora.delete(f"/me/events/{made['id']}")
    wait_for(lambda: len(hook.got) == 3)

    assert [note["changeType"] for note in hook.got] == ["created", "updated", "deleted"]
    assert {note["resourceData"]["id"] for note in hook.got} == {made["id"]}
    assert {note["clientState"] for note in hook.got} == {"secret"}
    assert "subject" not in str(hook.got)


def test_point_09_a_guest_is_told_of_the_invitation(office, nora, otto, hook):
    """The guest's copy is the guest's change."""
    otto.post("/subscriptions", wish(office, hook, resource="/me/calendar/events"))
    nora.add()
    nora.add(guests=[otto.email])
    wait_for(lambda: hook.got)
    time.sleep(0.15)
    assert [note["changeType"] for note in hook.got] == ["created"]


def test_point_09_redelivery_duplicates_and_losses(office, nora, hook, setting):
    """5xx is tried again; messages may come twice, or never."""
    nora.post("/subscriptions", wish(office, hook))
    hook.status = 503
    nora.add()
    wait_for(lambda: len(hook.got) >= 2)
    hook.status = 202
    wait_for(lambda: hook.answered[-1] == 202)
    hook.got.clear()
    setting(microsoft__notify_duplicate=True)
    nora.add()
    wait_for(lambda: len(hook.got) == 2)
    setting(microsoft__notify_duplicate=False, microsoft__notify_drop=True)
    nora.add()
    time.sleep(0.3)
    assert len(hook.got) == 2


def test_point_09_lifecycle_events(office, nora, hook):
    """reauthorizationRequired, missed, subscriptionRemoved."""
    made = nora.post("/subscriptions", wish(office, hook))
    for name in ("reauthorizationRequired", "missed", "subscriptionRemoved"):
        office.ms.lifecycle(made["id"], name)
    wait_for(lambda: len(hook.got) == 3)

    assert [note["lifecycleEvent"] for note in hook.got][-1] == "subscriptionRemoved"
    assert nora.get("/subscriptions")["value"] == []


def test_point_09_a_password_reset_ends_subscriptions(office, nora, hook):
    """So does a disabled account; the owner hears of it."""
    nora.post("/subscriptions", wish(office, hook))
    office.ms.reset_password(nora.email)
    wait_for(lambda: hook.got)

    assert hook.got[0]["lifecycleEvent"] == "subscriptionRemoved"
    assert nora.get("/subscriptions")["value"] == []
