import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { serializeDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const ANSWERS = {
    accepted: ["text-bg-success", "fa-check", _t("Booked")],
    declined: ["text-bg-danger", "fa-times", _t("Said no")],
    needsAction: ["text-bg-light border", "fa-hourglass-half", _t("Waiting for the room's answer")],
    tentative: ["text-bg-warning", "fa-question", _t("Perhaps")],
};
const STATES = {
    free: ["text-success", "fa-check-circle", _t("Free")],
    busy: ["text-danger", "fa-minus-circle", _t("Taken")],
    unknown: ["text-muted", "fa-question-circle", _t("Not known")],
};

/** The Rooms tab: what is free at the chosen time, and what was booked. */
export class Rooms extends Component {
    static template = "calendar_sync_pro.Rooms";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            found: false,
            isLoading: false,
            error: "",
            busyId: false,
            isListing: false,
            listed: "",
        });
        this.read(this.props.record);
        onWillUpdateProps(({ record }) => {
            if (this.keyOf(record) !== this.readKey) {
                this.read(record);
            }
        });
    }

    keyOf(record) {
        const { start, stop } = record.data;
        return [record.resId, start?.toMillis(), stop?.toMillis()].join();
    }

    async read(record) {
        const key = (this.readKey = this.keyOf(record));
        const { start, stop } = record.data;
        if (!start || !stop) {
            return;
        }
        Object.assign(this.state, { isLoading: true, error: "" });
        const ids = record.resId ? [record.resId] : [];
        const times = [serializeDateTime(start), serializeDateTime(stop)];
        try {
            const found = await this.orm.silent.call("calendar.event", "rooms_at", [ids, ...times]);
            if (key === this.readKey) {
                Object.assign(this.state, { found, isLoading: false });
            }
        } catch (error) {
            if (key === this.readKey) {
                const reason = error.data?.message || _t("Odoo could not be reached.");
                Object.assign(this.state, { isLoading: false, error: reason });
            }
        }
    }

    /** Ask the calendar for its list of rooms again: it is read by itself once a day only. */
    async refreshList() {
        Object.assign(this.state, { isListing: true, listed: "" });
        const ids = [this.state.found.list_of];
        try {
            const said = await this.orm.silent.call("calendar.sync.account", "refresh_rooms", [ids]);
            this.state.listed = said.error || _t("Rooms listed by your calendar: %s", said.rooms);
            await this.read(this.props.record);
        } catch (error) {
            this.state.listed = error.data?.message || _t("Odoo could not be reached.");
        } finally {
            this.state.isListing = false;
        }
    }

    get canEdit() {
        return this.props.record.data.user_can_edit !== false;
    }

    answer(room) {
        return ANSWERS[room.state] || ANSWERS.needsAction;
    }

    look(room) {
        return STATES[room.state];
    }

    seats(room) {
        return room.capacity ? _t("%s seats", room.capacity) : "";
    }

    /** Book or give back: the appointment is saved first, so that its time is the one shown. */
    async change(method, id) {
        const { record } = this.props;
        this.state.busyId = id;
        try {
            if (await record.save()) {
                await this.orm.call("calendar.event", method, [[record.resId], id]);
                await record.load();
                await this.read(record);
            }
        } finally {
            this.state.busyId = false;
        }
    }
}

registry.category("view_widgets").add("calendar_sync_rooms", {
    component: Rooms,
    fieldDependencies: [
        { name: "start", type: "datetime" },
        { name: "stop", type: "datetime" },
    ],
});
