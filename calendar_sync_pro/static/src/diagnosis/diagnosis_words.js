import { _t } from "@web/core/l10n/translation";

/** Buttons that lead somewhere else; all others do something here. */
export const OPENS = new Set([
    "connections", "connect", "start", "decide", "show", "merge", "open_apps", "settings", "take_over",
    "open_crons", "open_booking", "open_hours", "open", "send", "discard",
]);

const LOOKS = {
    ok: { icon: "fa-check-circle text-success", alert: "alert-success", label: () => _t("Fine") },
    note: { icon: "fa-info-circle text-info", alert: "alert-info", label: () => _t("Good to know") },
    warn: { icon: "fa-exclamation-triangle text-warning", alert: "alert-warning", label: () => _t("Look at this") },
    fail: { icon: "fa-times-circle text-danger", alert: "alert-danger", label: () => _t("In the way") },
};

/** How a finding of that level looks: icon, box and the word for it. */
export function lookOf(level) {
    return LOOKS[level];
}

/** How the headline looks; without a row all is well. */
export function look(row) {
    return lookOf(row ? row.level : "ok");
}

/** The time zone of this device by its IANA name. */
export function deviceZone() {
    return Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

/** What a person sends to the organisation's administrator. */
export function textForAdministrator({ client_id, url, label }) {
    const lines = [
        _t("Please allow our Odoo to reach calendars at %s.", label),
        _t("Client ID: %s", client_id),
    ];
    return (url ? [...lines, url] : lines).join("\n");
}
