"""Bodies: HTML as Exchange keeps it, text as it shows it, and the blob of an online meeting."""

import re
import secrets
from html import escape, unescape

from .errors import invalid

HEAD = '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n'
BREAKS = re.compile(r"<br\s*/?>|</(p|div|tr|li|h\d)>", re.I)
TAGS = re.compile(r"<style.*?</style>|<head.*?</head>|<[^>]+>", re.I | re.S)
FRAME = re.compile(r"<head.*?</head>|</?(html|body)[^>]*>|<!doctype[^>]*>", re.I | re.S)
JOIN = "https://teams.microsoft.com/l/meetup-join/"
RULE = "_" * 80


def clean_body(value, old):
    """Stored form of a request's body: `{"html", "blob"}`; a text is turned into HTML.

    The blob of an online meeting survives only when its link is in the new content.
    """
    if value is None:
        return {"html": ""}
    if not isinstance(value, dict) or not isinstance(value.get("content") or "", str):
        raise invalid("A body needs contentType and content.")
    content = value.get("content") or ""
    kind = (value.get("contentType") or "text").lower()
    if kind not in ("text", "html"):
        raise invalid(f"Requested value '{kind}' was not found for 'contentType'.")
    if kind == "text":
        lines = escape(content, quote=False).replace("\r\n", "\n").replace("\n", "<br>\r\n")
        content = f'<div class="PlainText">{lines}</div>' if content else ""
    return {"html": without_scripts(FRAME.sub("", content).strip())}


def without_scripts(text):
    """Exchange drops what could run."""
    return re.sub(r"<script.*?</script>|\son\w+=\"[^\"]*\"", "", text, flags=re.I | re.S)


def document(body):
    """The HTML that a reader gets."""
    if not body["html"]:
        return ""
    return f"{HEAD}</head>\r\n<body>\r\n{body['html']}\r\n</body>\r\n</html>\r\n"


def plain(body):
    """The text that a reader gets who asks for text."""
    text = BREAKS.sub("\n", body["html"].replace("\r", "").replace("\n", ""))
    text = unescape(TAGS.sub("", text)).replace("\xa0", " ")
    return "\r\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def shown_body(body, kind):
    """The `body` member of the resource."""
    content = plain(body) if kind == "text" else document(body)
    return {"contentType": kind, "content": content}


def preview(body):
    """`bodyPreview`: the first 255 characters."""
    return plain(body)[:255]


def new_meeting():
    """A Teams meeting: `onlineMeeting` of the resource."""
    thread = secrets.token_urlsafe(24)
    return {
        "joinUrl": f"{JOIN}19%3ameeting_{thread}%40thread.v2/0?context=%7b%7d",
        "conferenceId": str(secrets.randbelow(9 * 10**8) + 10**8),
        "tollNumber": "+49 69 5550100",
    }


def with_blob(body, meeting):
    """A body with the join text of a meeting after it."""
    blob = (
        f'<div class="me-email-text"><div>{RULE}</div><div>Microsoft Teams meeting</div>'
        f'<div>Join: <a href="{escape(meeting["joinUrl"])}">{escape(meeting["joinUrl"])}</a></div>'
        f"<div>{RULE}</div></div>"
    )
    return {"html": f"{body['html']}<br>\r\n{blob}"}


def has_blob(body, meeting):
    """Whether the join link is still in the body."""
    return meeting["joinUrl"] in unescape(body["html"])
