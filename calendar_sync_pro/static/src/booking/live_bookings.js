import { EventBus } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const LIVE_MODELS = new Set(["calendar.event", "calendar.appointment.report", "crm.lead"]);
const LIVE_VIEWS = new Set(["list", "kanban", "pivot", "graph", "calendar"]);
const CALM_MS = 1000;

/** Customers booked, moved or cancelled: open lists and boards show it at once, and open leads are
 * told by `bus` ("booked", {lead_id}). Nothing that is being typed is touched. */
export class LiveBookings {
    constructor(action, busService) {
        this.action = action;
        this.bus = new EventBus();
        this.timer = null;
        busService.subscribe("calendar_sync_pro/booking", (facts) => {
            this.bus.trigger("booked", facts);
            browser.clearTimeout(this.timer);
            this.timer = browser.setTimeout(() => this.reload(), CALM_MS);
        });
    }

    /** Only what shows many records: a form may hold what nobody has saved yet. */
    reload() {
        const { action, view } = this.action.currentController || {};
        if (LIVE_MODELS.has(action?.res_model) && LIVE_VIEWS.has(view?.type)) {
            if (!document.querySelector(".modal, .o_data_row.o_selected_row")) {
                this.action.doAction("soft_reload");
            }
        }
    }
}

registry.category("services").add("calendar_sync_live_bookings", {
    dependencies: ["action", "bus_service"],
    start(env, { action, bus_service }) {
        return new LiveBookings(action, bus_service);
    },
});
