import { useState } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { useBus } from "@web/core/utils/hooks";
import { CalendarFormController } from "@calendar/views/calendar_form/calendar_form_controller";

export const CHOICES = {
    action_save_quietly: "quiet",
    action_save_and_invite: "invite",
};

/**
 * The two buttons save the form together with their choice, in one request: saved first and
 * invited afterwards, a quick worker would send the change without telling anybody.
 */
patch(CalendarFormController.prototype, {
    setup() {
        super.setup();
        this.typing = useState({ isDirty: false });
        useBus(this.model.bus, "FIELD_IS_DIRTY", ({ detail }) => {
            this.typing.isDirty = detail;
        });
    },

    async beforeExecuteActionButton(clickParams) {
        const choice = CHOICES[clickParams.name];
        if (!choice) {
            return super.beforeExecuteActionButton(...arguments);
        }
        const isSaved = await this.saveAs(choice);
        if (isSaved && this.env.inDialog) {
            await this.actionService.doAction({ type: "ir.actions.act_window_close" });
        }
        return false;
    },

    /** Save with what a person chose about the participants; true once it is saved. */
    async saveAs(choice, params = {}) {
        const record = this.model.root;
        this.inviteChoice = choice;
        try {
            if (record.isNew || (await record.isDirty())) {
                return await this.save(params);
            }
            if (choice === "invite") {
                await this.inviteAsSaved(record);
            }
            return true;
        } finally {
            this.inviteChoice = null;
        }
    },

    /** Nothing was edited, but somebody is not invited yet. */
    async inviteAsSaved(record) {
        const values = { invite_choice: "invite" };
        if (record.data.recurrency && record.data.recurrence_update) {
            values.recurrence_update = record.data.recurrence_update;
        }
        await this.orm.write(record.resModel, [record.resId], values);
        await record.load();
    },

    async onWillSaveRecord(record, changes) {
        if (changes && this.inviteChoice) {
            changes.invite_choice = this.inviteChoice;
        }
        return super.onWillSaveRecord(...arguments);
    },

    /** Without edits only what is left to do is offered. */
    get className() {
        const root = this.model.root;
        const isEdited = !root || root.isNew || root.dirty || this.typing?.isDirty;
        return { ...super.className, o_calendar_sync_clean: !isEdited };
    },
});
