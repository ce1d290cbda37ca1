import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { CalendarFormController } from "@calendar/views/calendar_form/calendar_form_controller";
import { CalendarFormView } from "@calendar/views/calendar_form/calendar_form_view";

/** The booking dialog: after saving it says where the appointment is going, then that it arrived. */
export class BookFormController extends CalendarFormController {
    setup() {
        super.setup();
        this.follow = useService("calendar_sync_follow");
    }

    async onRecordSaved(record) {
        await super.onRecordSaved(...arguments);
        this.follow.booked(record.resId);
    }
}

registry.category("views").add("calendar_sync_book_form", {
    ...CalendarFormView,
    Controller: BookFormController,
});
