import { onWillStart, useState } from "@odoo/owl";
import { AttendeeCalendarController } from "@calendar/views/attendee_calendar/attendee_calendar_controller";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

patch(AttendeeCalendarController.prototype, {
    setup() {
        super.setup(...arguments);
        const orm = useService("orm");
        this.syncBanner = useState({ lost: false });
        onWillStart(async () => {
            this.syncBanner.lost = await orm.silent.call(
                "calendar.sync.account",
                "disconnected_banner",
                []
            );
        });
    },

    openCalendarConnections() {
        return this.actionService.doAction("calendar_sync_pro.calendar_connections_action");
    },
});
