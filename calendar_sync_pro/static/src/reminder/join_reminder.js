import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { rpcBus } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { calendarNotificationService } from "@calendar/js/services/calendar_notification_service";

const NOTIFY = "/calendar/notify";

/** A reminder's buttons with Join before them, when the appointment has a video call. */
export function withJoin(options, url, close) {
    if (!url) {
        return options;
    }
    const join = {
        name: _t("Join"),
        icon: "fa-video-camera",
        primary: true,
        onClick: () => {
            browser.open(url, "_blank", "noopener");
            close();
        },
    };
    const others = (options.buttons || []).map((button) => ({ ...button, primary: false }));
    return { ...options, buttons: [join, ...others] };
}

/** Odoo draws a reminder from its title and text alone; the link is remembered beside them. */
patch(calendarNotificationService, {
    start(env, services) {
        const links = new Map();
        const key = (title, message) => `${title}\n${message}`;
        const remember = (reminders) => {
            for (const { title, message, join_url: url } of reminders || []) {
                links.set(key(title, message), url);
            }
        };
        rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => {
            if (detail.url === NOTIFY && Array.isArray(detail.result)) {
                remember(detail.result);
            }
        });
        const { bus_service: bus, notification } = services;
        const heard = {
            start: () => bus.start(),
            subscribe: (type, tell) =>
                bus.subscribe(type, (reminders, ...more) => {
                    remember(reminders);
                    tell(reminders, ...more);
                }),
        };
        const shown = {
            add(message, options) {
                let close = () => {};
                const url = links.get(key(options.title, message));
                close = notification.add(message, withJoin(options, url, () => close()));
                return close;
            },
        };
        return super.start(env, { ...services, bus_service: heard, notification: shown });
    },
});
