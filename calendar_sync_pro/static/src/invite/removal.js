import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { listView } from "@web/views/list/list_view";
import { CalendarFormController } from "@calendar/views/calendar_form/calendar_form_controller";
import { AttendeeCalendarController } from "@calendar/views/attendee_calendar/attendee_calendar_controller";
import { CaledarListController } from "@calendar/views/list_view/calendar_list_controller";

/** Open the dialog that says what goes and who hears of it; `onRemoved` once it has gone. */
async function askRemoval({ orm, action }, ids, kind, onRemoved) {
    const dialog = await orm.call("calendar.event", "action_ask_removal", [ids, kind]);
    return action.doAction(dialog, {
        onClose: (infos) => infos?.is_removed && onRemoved(),
    });
}

patch(CalendarFormController.prototype, {
    deleteRecord() {
        return this.askRemoval("delete", () => this.env.config.historyBack());
    },

    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        items.archive.callback = () =>
            this.askRemoval("archive", () => this.model.root.load());
        return items;
    },

    askRemoval(kind, onRemoved) {
        const services = { orm: this.orm, action: this.actionService };
        return askRemoval(services, [this.model.root.resId], kind, onRemoved);
    },
});

/** Lists ask once for everything that is selected. */
patch(CaledarListController.prototype, {
    async onDeleteSelectedRecords() {
        return this.askRemoval("delete");
    },

    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        items.archive.callback = () => this.askRemoval("archive");
        return items;
    },

    async askRemoval(kind) {
        const ids = await this.model.root.getResIds(true);
        const services = { orm: this.orm, action: this.actionService };
        return askRemoval(services, ids, kind, () => this.model.root.load());
    },
});

patch(AttendeeCalendarController.prototype, {
    /** The organizer removes the meeting; whoever is invited answers instead. */
    async deleteRecord(record) {
        const services = { orm: this.orm, action: this.actionService };
        const organizerId = record.rawRecord.partner_id?.[0];
        if (!organizerId || organizerId === user.partnerId) {
            return askRemoval(services, [record.id], "delete", () => this.model.load());
        }
        const action = await this.orm.call("calendar.event", "action_answer", [[record.id]]);
        action.context = { ...action.context, default_answer: "declined" };
        return this.actionService.doAction(action, { onClose: () => this.model.load() });
    },
});

registry.category("views").add("calendar_sync_appointment_list", {
    ...listView,
    Controller: CaledarListController,
});
