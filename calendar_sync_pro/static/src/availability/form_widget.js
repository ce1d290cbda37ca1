import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { useBus } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Many2ManyAttendee } from "@calendar/views/fields/many2many_attendee";
import { ASKED, useAvailability } from "./open";

const { DateTime } = luxon;

/** Under the participants of an appointment: whose day shall be shown. */
export class AvailabilityAsk extends Component {
    static template = "calendar_sync_pro.AvailabilityAsk";
    static props = { ...standardWidgetProps };

    setup() {
        this.show = useAvailability();
        useBus(this.env.bus, ASKED, ({ detail }) => {
            if (detail.recordId === this.props.record.id) {
                this.open(detail.partnerId);
            }
        });
    }

    get data() {
        return this.props.record.data;
    }

    get people() {
        return this.data.partner_ids.records.map((partner) => ({
            id: partner.resId,
            name: partner.data.display_name,
        }));
    }

    get start() {
        return this.data.allday ? this.data.start_date : this.data.start;
    }

    get canPick() {
        return this.data.user_can_edit !== false && !this.data.is_time_locked && !this.data.recurrency;
    }

    /** Show everybody's day, that person's first. */
    open(partnerId = false) {
        const { start, stop, allday } = this.data;
        const minutes = start && stop && !allday ? stop.diff(start, "minutes").minutes : 60;
        this.show({
            people: this.people,
            first: partnerId,
            day: this.start || DateTime.now(),
            minutes: Math.max(15, minutes),
            eventId: this.props.record.resId,
            current: start && stop && !allday && { start, stop },
            pick: this.canPick && ((from, to) => this.pick(from, to)),
        });
    }

    pick(start, stop) {
        return this.props.record.update({ allday: false, start, stop });
    }
}

registry.category("view_widgets").add("calendar_sync_availability", {
    component: AvailabilityAsk,
    fieldDependencies: [
        { name: "partner_ids", type: "many2many" },
        { name: "start", type: "datetime" },
        { name: "stop", type: "datetime" },
        { name: "allday", type: "boolean" },
        { name: "recurrency", type: "boolean" },
    ],
});

/** A participant's name opens that person's day. */
patch(Many2ManyAttendee.prototype, {
    getTagProps(record) {
        const { resId: partnerId } = record;
        const recordId = this.props.record.id;
        const detail = { recordId, partnerId, name: record.data.display_name };
        return { ...super.getTagProps(record), onClick: () => this.env.bus.trigger(ASKED, detail) };
    },
});
