"""Beside the week: fault switches and the mails that would have been sent."""

from ..html import Html, each, render
from ..http.message import redirect
from .desk import SIDES, desk_of

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
            "operation": "every",
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
            "operation": "every",
        },
    ),
    "slow": ("Slow", "every answer takes 5 s", {"action": "delay", "seconds": 5, "count": 0}),
    "hang": ("Never answers", "until switched off", {"action": "hang", "count": 0}),
    "lost": (
        "Answer lost after a write",
        "once",
        {"action": "drop_after", "count": 1, "operation": "create"},
    ),
    "sync": (
        "Sync token expired",
        "once, 410",
        {"action": "sync_token_expired", "count": 1, "operation": "changes"},
    ),
    "token": ("Access token expired", "once, 401", {"action": "expire_token", "count": 1}),
    "garbage": (
        "Garbled answer",
        "once",
        {"action": "garbage", "count": 1, "operation": "every"},
    ),
}


def faults_panel(desk):
    """Switches for this account."""
    active = [
        {
            "action": f["action"].replace("_", " "),
            "where": f["operation"] or "everything",
            "left": f"{f['count'] - f['hits']} left" if f["count"] else "until off",
            "id": f["id"],
        }
        for f in desk.world.faults.list()
        if f["user"] in ("", desk.email) and concerns(desk, f)
    ]
    buttons = [{"key": k, "name": name, "hint": hint} for k, (name, hint, _f) in PRESETS.items()]
    quiet = Html("<li class=quiet>None: everything works.</li>")
    return render(
        "faults",
        name=desk.user["name"],
        here=desk.url(),
        active=each("fault", active, quiet),
        buttons=each("fault_button", buttons),
    )


def concerns(desk, fault):
    """Whether a fault is meant for this provider."""
    named = fault["operation"].partition(".")[0]
    return named not in SIDES or named == desk.side.name


def turn_fault(world, request):
    """`POST`: switch one on or off."""
    form, desk = request.form(), desk_of(world, request)
    if form.get("off", "").isdigit():
        world.faults.remove(int(form["off"]))
    elif form.get("on") == "revoke":
        desk.side.revoke(desk.email)
    elif form.get("on") in PRESETS:
        fault = dict(PRESETS[form["on"]][2])
        wanted = desk.side.operations.get(fault.get("operation", ""), "*")
        world.faults.add(**{**fault, "user": desk.email, "operation": f"{desk.side.name}.{wanted}"})
    return redirect(request.header("referer") or desk.url(), 303)


def mails_panel(desk):
    """The newest mails that this account would have sent or got."""
    mine = (m for m in desk.world.mails.list() if desk.email in (m["from"], m["to"]))
    mails = [m for m in mine if m.get("provider") == desk.side.name][-30:]
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
    return render("mails", side=desk.side.label, number=len(mails), rows=each("mail", rows, quiet))
