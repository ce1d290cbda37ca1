import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError, rpcBus } from "@web/core/network/rpc";
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

/** The way into an appointment's call as it is now; "" without one, or when Odoo can't be reached. */
async function joinAddress(orm, eventId) {
    try {
        return await orm.silent.call("calendar.event", "join_address", [[eventId]]);
    } catch (error) {
        if (error instanceof ConnectionLostError || error instanceof RPCError) {
            return "";
        }
        throw error;
    }
}

/**
 * Odoo draws a reminder from its title and text alone; whose it is, is remembered beside them. The
 * link is asked for when the reminder shows: a calendar makes it after the appointment was saved.
 */
patch(calendarNotificationService, {
    dependencies: [...calendarNotificationService.dependencies, "orm"],

    start(env, services) {
        const events = new Map();
        const key = (title, message) => `${title}\n${message}`;
        const remember = (reminders) => {
            for (const { title, message, event_id: id } of reminders || []) {
                events.set(key(title, message), id);
            }
        };
        rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => {
            if (detail.url === NOTIFY && Array.isArray(detail.result)) {
                remember(detail.result);
            }
        });
        const { bus_service: bus, notification, orm } = services;
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
                const eventId = events.get(key(options.title, message));
                if (!eventId) {
                    return notification.add(message, options);
                }
                let close = () => {};
                let isWanted = true;
                joinAddress(orm, eventId).then((url) => {
                    if (isWanted) {
                        close = notification.add(message, withJoin(options, url, () => close()));
                    }
                });
                return () => {
                    isWanted = false;
                    close();
                };
            },
        };
        return super.start(env, { ...services, bus_service: heard, notification: shown });
    },
});
