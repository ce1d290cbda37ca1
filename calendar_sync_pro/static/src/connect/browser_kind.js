import { _t } from "@web/core/l10n/translation";

/** Which browser's words help this person: "chrome", "safari", "firefox" or "other". */
export function browserKind(userAgent) {
    if (/Firefox\/|FxiOS\//.test(userAgent)) {
        return "firefox";
    }
    if (/Chrome\/|CriOS\/|Chromium\/|Edg\//.test(userAgent)) {
        return "chrome";
    }
    return /Safari\//.test(userAgent) ? "safari" : "other";
}

/** How to allow pop-up windows, per browser: [kind, name, steps]. */
export function popupHelp() {
    return [
        ["chrome", _t("Chrome or Edge"), [
            _t("Click the blocked pop-up icon at the right end of the address bar."),
            _t("Choose “Always allow pop-ups and redirects” from this address."),
            _t("Click Done, then Try again."),
        ]],
        ["safari", _t("Safari"), [
            _t("Open Safari, then Settings (Preferences), Websites."),
            _t("Choose Pop-up Windows in the list at the left."),
            _t("Set this website to Allow (on an iPhone or iPad: Settings, Apps, Safari, switch off Block Pop-ups), then Try again."),
        ]],
        ["firefox", _t("Firefox"), [
            _t("Click the shield or the blocked-window icon at the left end of the address bar."),
            _t("Choose to allow pop-ups for this website."),
            _t("Then Try again."),
        ]],
        ["other", _t("Another browser"), [
            _t("Look for a sign in or near the address bar that a window was blocked."),
            _t("Allow pop-up windows for this website."),
            _t("Then Try again, or continue in this tab."),
        ]],
    ];
}
