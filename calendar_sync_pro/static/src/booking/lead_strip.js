import { Component, onWillRender, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { SyncChip } from "../badge/chip";
import { useFreshRecord } from "../badge/fresh_record";
import { whenInWords } from "./when_in_words";

/** Under a lead's header: when one meets next and with whom, or that nothing is planned. */
export class LeadStrip extends Component {
    static template = "calendar_sync_pro.LeadStrip";
    static components = { SyncChip };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.status = useService("calendar_sync_status");
        this.live = useState({ id: false, row: false });
        this.takeOver = useFreshRecord();
        onWillStart(() => this.readStatus(this.props));
        onWillUpdateProps((props) => this.readStatus(props));
        useBus(this.status.bus, "changed", ({ detail }) => this.onChanged(detail.ids));
        const bookings = useService("calendar_sync_live_bookings");
        useBus(bookings.bus, "booked", ({ detail }) => this.onBooked(detail.lead_id));
        onWillRender(() => {
            this.strip = this.props.record.data[this.props.name] || {};
        });
    }

    async readStatus({ record, name }) {
        const id = record.data[name]?.next?.id || false;
        if (id === this.live.id) {
            return;
        }
        this.live.row = id && (await this.status.read(id));
        this.live.id = id;
    }

    async onChanged(ids) {
        if (ids.has(this.live.id)) {
            this.live.row = await this.status.read(this.live.id);
            await this.takeOver();
        }
    }

    async onBooked(leadId) {
        if (leadId === this.props.record.resId) {
            await this.takeOver();
        }
    }

    get next() {
        return this.strip.next;
    }

    get when() {
        const { start, stop, allday } = this.next;
        return whenInWords(deserializeDateTime(start), deserializeDateTime(stop), allday);
    }

    get people() {
        return this.next.people.length ? _t("with %s", this.next.people.join(", ")) : "";
    }

    open() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "calendar.event",
                res_id: this.next.id,
                views: [[false, "form"]],
            }
        );
    }

    run(name) {
        const { record } = this.props;
        return this.action.doActionButton({
            type: "object",
            name,
            resModel: record.resModel,
            resId: record.resId,
            resIds: [record.resId],
            context: record.context,
            onClose: this.takeOver,
        });
    }
}

registry.category("fields").add("calendar_sync_lead_strip", {
    component: LeadStrip,
    displayName: _t("Next appointment"),
    supportedTypes: ["json"],
});
