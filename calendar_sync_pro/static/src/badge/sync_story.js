import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
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
