import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { whenInWords } from "../booking/when_in_words";

const { DateTime } = luxon;

/** The Sync tab: on which calendars the appointment is, and what happened to it, newest first. */
export class SyncStory extends Component {
    static template = "calendar_sync_pro.SyncStory";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.status = useService("calendar_sync_status");
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.notification = useService("notification");
        this.story = useState({ links: [], entries: [] });
        onWillStart(() => this.read(this.props.record.resId));
        onWillUpdateProps((props) => {
            if (props.record.resId !== this.readId) {
                return this.read(props.record.resId);
            }
        });
        useBus(this.status.bus, "changed", ({ detail }) => {
            if (detail.ids.has(this.readId)) {
                this.read(this.readId);
            }
        });
    }

    async read(id) {
        this.readId = id;
        const empty = { links: [], entries: [] };
        const story = id ? await this.orm.silent.call("calendar.event", "get_sync_story", [id]) : empty;
        Object.assign(this.story, story);
    }

    /** Undo or restore one entry, after saying what that means. */
    ask(method, entry) {
        const isUndo = method === "action_undo";
        this.dialog.add(ConfirmationDialog, {
            title: isUndo ? _t("Undo this?") : _t("Restore this value?"),
            body: isUndo
                ? _t("It is taken back in Odoo and in the calendar. Nobody is e-mailed.")
                : _t("It is sent to the calendar like an edit of yours. Nobody is e-mailed."),
            confirmLabel: isUndo ? _t("Undo") : _t("Restore"),
            confirm: () => this.press(method, entry),
            cancel: () => {},
        });
    }

    async press(method, entry) {
        const said = await this.orm.call("calendar.sync.journal", method, [[entry.id]]);
        if (said.params) {
            this.notification.add(said.params.message, { type: said.params.type });
        }
        const [row] = await this.orm.searchRead("calendar.event", [["id", "=", this.readId]], ["active"], {
            context: { active_test: false },
        });
        if (!row) {
            return this.action.doAction("calendar.action_calendar_event"); // it is gone from Odoo
        }
        await this.props.record.load();
        await this.read(this.readId);
    }

    moment(text) {
        return deserializeDateTime(text).toLocaleString(DateTime.DATETIME_MED);
    }

    /** A journal value: texts as they are, times in the reader's zone. */
    value(value) {
        if (!value || typeof value === "string") {
            return value || "–";
        }
        const isAllDay = !value.start.includes("T");
        return whenInWords(DateTime.fromISO(value.start), DateTime.fromISO(value.stop), isAllDay);
    }
}

registry.category("view_widgets").add("calendar_sync_story", { component: SyncStory });
