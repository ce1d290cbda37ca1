import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";

const PATIENCE_MS = 30000;

/** Follows a fresh booking until it stands in the connected calendar, and says so. */
export class FollowBooking {
    constructor(status, notification) {
        this.status = status;
        this.notification = notification;
    }

    async booked(id) {
        const row = await this.status.read(id);
        if (row?.sync_badge !== "waiting") {
            this.say(row);
            return;
        }
        const text = _t("Booked. %s", row.sync_badge_text);
        const close = this.notification.add(text, { type: "info", sticky: true });
        this.until(id, (arrived) => {
            close();
            if (arrived) {
                this.say(arrived);
            }
        });
    }

    /** Call `done` with the state once it no longer waits, or with null when patience ends. */
    until(id, done) {
        const finish = (row) => {
            browser.clearTimeout(timer);
            this.status.bus.removeEventListener("changed", onChanged);
            done(row);
        };
        const onChanged = async ({ detail }) => {
            if (detail.ids.has(id)) {
                const row = await this.status.read(id);
                if (row && row.sync_badge !== "waiting") {
                    finish(row);
                }
            }
        };
        const timer = browser.setTimeout(() => finish(null), PATIENCE_MS);
        this.status.bus.addEventListener("changed", onChanged);
    }

    say(row) {
        if (row?.sync_badge === "synced") {
            this.notification.add(_t("Booked. ✔ %s", row.sync_badge_text), { type: "success" });
        } else if (row?.sync_badge === "problem") {
            this.notification.add(_t("Booked here. %s", row.sync_badge_text), { type: "warning" });
        } else {
            this.notification.add(_t("Booked."), { type: "success" });
        }
    }
}

registry.category("services").add("calendar_sync_follow", {
    dependencies: ["calendar_sync_status", "notification"],
    start(env, { calendar_sync_status, notification }) {
        return new FollowBooking(calendar_sync_status, notification);
    },
});
