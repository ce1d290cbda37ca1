"""Video meetings: asked for with `createRequest`, there a moment later."""

import hashlib

from .errors import invalid

LETTERS = "abcdefghijkmnopqrstuvwxyz"


def take_request(event, old):
    """Put a create request into its pending state; the same requestId again is ignored."""
    wanted = event.get("conferenceData")
    if not wanted or "createRequest" not in wanted:
        return
    request = wanted["createRequest"]
    before = (old or {}).get("conferenceData") or {}
    if not request.get("requestId"):
        raise invalid("Invalid conference type value.", "conferenceData")
    if before.get("createRequest", {}).get("requestId") == request["requestId"]:
        event["conferenceData"] = before
        return
    key = request.get("conferenceSolutionKey") or {"type": "hangoutsMeet"}
    if key.get("type") != "hangoutsMeet":
        raise invalid("Invalid conference type value.", "conferenceData")
    pending = {
        "requestId": request["requestId"],
        "conferenceSolutionKey": key,
        "status": {"statusCode": "pending"},
    }
    event["conferenceData"] = {"createRequest": pending}
    event.pop("hangoutLink", None)


def forget_link(event):
    """A removed conference takes its link along."""
    if not event.get("conferenceData"):
        event.pop("hangoutLink", None)


def settle(event, fails):
    """Finish a pending request, in a copy of the event; None when nothing is pending."""
    data = event.get("conferenceData") or {}
    request = data.get("createRequest")
    if not request or request["status"]["statusCode"] != "pending":
        return None
    done = {**request, "status": {"statusCode": "failure" if fails else "success"}}
    if fails:
        return {**event, "conferenceData": {"createRequest": done}}
    code = _code(f"{event['id']}{request['requestId']}")
    link = f"https://meet.google.com/{code}"
    solution = {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"}
    data = {
        "createRequest": done,
        "entryPoints": [
            {"entryPointType": "video", "uri": link, "label": link.removeprefix("https://")}
        ],
        "conferenceSolution": solution,
        "conferenceId": code,
    }
    return {**event, "conferenceData": data, "hangoutLink": link}


def _code(seed):
    digest = hashlib.sha256(seed.encode()).digest()
    letters = "".join(LETTERS[b % len(LETTERS)] for b in digest[:10])
    return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"
