"""Beside the week: fault switches and the mails that would have been sent."""

from ..google.grants import Grants
from ..html import Html, each, render
from ..http.message import redirect
from .frame import user_url

PRESETS = {
    "busy": (
        "Too many requests",
        "3 × 429, try again in 20 s",
        {
            "action": "error",
            "status": 429,
            "reason": "rateLimitExceeded",
            "retry_after": 20,
            "count": 3,
            "operation": "events.*",
        },
    ),
    "down": (
        "Server error",
        "3 × 503",
        {
            "action": "error",
            "status": 503,
            "reason": "backendError",
            "count": 3,
            "operation": "events.*",
        },
    ),
    "slow": ("Slow", "every answer takes 5 s", {"action": "delay", "seconds": 5, "count": 0}),
    "hang": ("Never answers", "until switched off", {"action": "hang", "count": 0}),
    "lost": (
        "Answer lost after a write",
        "once",
        {"action": "drop_after", "count": 1, "operation": "events.insert"},
    ),
    "sync": (
        "Sync token expired",
        "once, 410",
        {"action": "sync_token_expired", "count": 1, "operation": "events.list"},
    ),
    "token": ("Access token expired", "once, 401", {"action": "expire_token", "count": 1}),
    "garbage": (
        "Garbled answer",
        "once",
        {"action": "garbage", "count": 1, "operation": "events.*"},
    ),
}


def faults_panel(world, user):
    """Switches for this account."""
    active = [
        {
            "action": f["action"].replace("_", " "),
            "where": f["operation"] or "everything",
            "left": f"{f['count'] - f['hits']} left" if f["count"] else "until off",
            "id": f["id"],
        }
        for f in world.faults.list()
        if f["user"] in ("", user["email"])
    ]
    buttons = [{"key": k, "name": name, "hint": hint} for k, (name, hint, _f) in PRESETS.items()]
    quiet = Html("<li class=quiet>None: everything works.</li>")
    return render(
        "faults",
        name=user["name"],
        here=user_url(user["email"]),
        active=each("fault", active, quiet),
        buttons=each("fault_button", buttons),
    )


def turn_fault(world, request):
    """`POST`: switch one on or off."""
    form, email = request.form(), request.args["email"]
    if form.get("off", "").isdigit():
        world.faults.remove(int(form["off"]))
    elif form.get("on") == "revoke":
        Grants(world).revoke(email)
    elif form.get("on") in PRESETS:
        world.faults.add(user=email, **PRESETS[form["on"]][2])
    return redirect(request.header("referer") or user_url(email), 303)


def mails_panel(world, user):
    """The newest mails that this account would have sent or got."""
    mails = [m for m in world.mails.list() if user["email"] in (m["from"], m["to"])][-30:]
    rows = [
        {
            "kind": m["kind"].title(),
            "unsure": "" if m["certain"] else " (maybe)",
            "subject": m.get("subject", ""),
            "sender": m["from"],
            "to": m["to"],
            "time": m["at"][11:16],
        }
        for m in reversed(mails)
    ]
    quiet = Html("<li class=quiet>Nobody was mailed.</li>")
    return render("mails", number=len(mails), rows=each("mail", rows, quiet))
