import { EventBus } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { Deferred } from "@web/core/utils/concurrency";

export const STATUS_FIELDS = ["sync_badge", "sync_badge_text", "sync_web_url", "sync_web_label"];

/**
 * Tells components which appointments a sync has just changed, and reads their state: all that
 * ask at the same moment share one request.
 */
export class SyncStatus {
    constructor(orm, busService) {
        this.orm = orm;
        this.bus = new EventBus();
        this.asked = new Map();
        busService.subscribe("calendar_sync_pro/event", ({ event_ids }) =>
            this.bus.trigger("changed", { ids: new Set(event_ids) })
        );
    }

    /** The state of one appointment; false when it is gone or hidden. */
    read(id) {
        if (!this.asked.size) {
            queueMicrotask(() => this.flush());
        }
        if (!this.asked.has(id)) {
            this.asked.set(id, new Deferred());
        }
        return this.asked.get(id);
    }

    async flush() {
        const asked = this.asked;
        this.asked = new Map();
        try {
            const context = { active_test: false };
            const domain = [["id", "in", [...asked.keys()]]];
            const rows = await this.orm.silent.searchRead("calendar.event", domain, STATUS_FIELDS, {
                context,
            });
            const byId = new Map(rows.map((row) => [row.id, row]));
            for (const [id, deferred] of asked) {
                deferred.resolve(byId.get(id) || false);
            }
        } catch (error) {
            for (const deferred of asked.values()) {
                deferred.reject(error);
            }
        }
    }
}

registry.category("services").add("calendar_sync_status", {
    dependencies: ["orm", "bus_service"],
    start(env, { orm, bus_service }) {
        return new SyncStatus(orm, bus_service);
    },
});
