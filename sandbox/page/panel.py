"""Beside the week: fault switches and the mails that would have been sent."""

from ..google.grants import Grants
from ..http.message import redirect
from .frame import e, user_url

PRESETS = {
    "busy": ("Too many requests", "3 × 429, try again in 20 s", {"action": "error", "status": 429, "reason": "rateLimitExceeded", "retry_after": 20, "count": 3, "operation": "events.*"}),
    "down": ("Server error", "3 × 503", {"action": "error", "status": 503, "reason": "backendError", "count": 3, "operation": "events.*"}),
    "slow": ("Slow", "every answer takes 5 s", {"action": "delay", "seconds": 5, "count": 0}),
    "hang": ("Never answers", "until switched off", {"action": "hang", "count": 0}),
    "lost": ("Answer lost after a write", "once", {"action": "drop_after", "count": 1, "operation": "events.insert"}),
    "sync": ("Sync token expired", "once, 410", {"action": "sync_token_expired", "count": 1, "operation": "events.list"}),
    "token": ("Access token expired", "once, 401", {"action": "expire_token", "count": 1}),
    "garbage": ("Garbled answer", "once", {"action": "garbage", "count": 1, "operation": "events.*"}),
}


def faults_panel(world, user):
    """Switches for this account."""
    active = [f for f in world.faults.list() if f["user"] in ("", user["email"])]
    rows = "".join(
        f"<li><span><b>{e(f['action'].replace('_', ' '))}</b> <small>{e(f['operation'] or 'everything')} · "
        f"{'until off' if not f['count'] else str(f['count'] - f['hits']) + ' left'}</small></span>"
        f"<button name=off value={f['id']}>Switch off</button></li>"
        for f in active
    )
    buttons = "".join(
        f"<button name=on value={key}>{e(name)}<small>{e(hint)}</small></button>" for key, (name, hint, _f) in PRESETS.items()
    )
    return f"""<details class=panel open><summary>Faults for {e(user['name'])}</summary>
<form method=post action="{user_url(user['email'])}/faults">
<ul class=active>{rows or '<li class=quiet>None: everything works.</li>'}</ul>
<div class=switches>{buttons}<button name=on value=revoke class=warn>Withdraw consent<small>until reconnected</small></button></div>
</form></details>"""


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
    rows = "".join(_mail(m) for m in reversed(mails))
    return f"""<details class=panel open><summary>Mails that Google would have sent ({len(mails)})</summary>
<ul class=mails>{rows or '<li class=quiet>Nobody was mailed.</li>'}</ul></details>"""


def _mail(mail):
    unsure = "" if mail["certain"] else " <em>maybe</em>"
    return (
        f"<li><b>{e(mail['kind'].title())}</b>{unsure}: {e(mail.get('subject', ''))}<br>"
        f"<small>{e(mail['from'])} → {e(mail['to'])} · {e(mail['at'][11:16])} UTC</small></li>"
    )
