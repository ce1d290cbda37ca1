import { patch } from "@web/core/utils/patch";
import { AttendeeCalendarModel } from "@calendar/views/attendee_calendar/attendee_calendar_model";
import { askWhomToTell } from "./tell_dialog";

/** Dragging or stretching a meeting that people are invited to asks whom to tell of it. */
patch(AttendeeCalendarModel.prototype, {
    async updateRecord(record) {
        const facts = await this.orm.call(this.resModel, "telling_facts", [[record.id]]);
        record.inviteChoice = facts.count ? await askWhomToTell(this.dialog, facts) : "quiet";
        if (!record.inviteChoice) {
            return this.notify();
        }
        return super.updateRecord(...arguments);
    },

    buildRawRecord(partialRecord) {
        const values = super.buildRawRecord(...arguments);
        if (partialRecord.inviteChoice) {
            values.invite_choice = partialRecord.inviteChoice;
        }
        return values;
    },
});
