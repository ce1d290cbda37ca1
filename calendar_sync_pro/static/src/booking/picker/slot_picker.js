import { Component, onPatched, onWillStart, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { SlotGrid } from "./slot_grid";
import { firstDayOfWeek, inZone } from "./slot_rows";

const { DateTime } = luxon;
const WHY_DELAY_MS = 250;

/** A lead's next appointment: what, with whom, and a time that is free for all of them. */
export class SlotPicker extends Component {
    static template = "calendar_sync_pro.SlotPicker";
    static components = { Dialog, SlotGrid };
    static props = { leadId: Number, close: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.follow = useService("calendar_sync_follow");
        this.bookButton = useRef("book");
        this.askWhy = useDebounced(() => this.readWhy(), WHY_DELAY_MS);
        this.state = useState({
            calendar: null, serviceId: 0, userId: 0, firstDay: "", times: [], nextStart: 0, minutes: 30,
            active: 0, chosen: 0, why: null, taken: null, isLoading: true, isBooking: false,
            agenda: "", notes: "", place: "", locationKind: "", otherTz: "",
        }); // prettier-ignore
        onWillStart(() => this.open());
        onPatched(() => this.focusOnBook());
    }

    call(method, ...more) {
        const { calendar, serviceId, userId } = this.state;
        const choice = [calendar.id, serviceId, userId];
        return this.orm.call("crm.lead", method, [[this.props.leadId], ...choice, ...more]);
    }

    async open() {
        const given = await this.orm.call("crm.lead", "slot_picker", [[this.props.leadId]]);
        Object.assign(this, given);
        this.state.otherTz = given.lead.tz === given.tz ? "" : given.lead.tz;
        this.zones = Intl.supportedValuesOf("timeZone");
        const today = DateTime.now().setZone(this.tz);
        this.state.firstDay = firstDayOfWeek(today, localization.weekStart);
        this.useCalendar(this.calendars[0]);
        await this.load();
        await this.showNextFree();
    }

    useCalendar(calendar) {
        Object.assign(this.state, {
            calendar,
            serviceId: calendar.services[0]?.id || 0,
            userId: 0,
            locationKind: calendar.location_kind,
        });
    }

    // -- times ----------------------------------------------------------------------------------
    async load() {
        Object.assign(this.state, { isLoading: true, chosen: 0, why: null });
        const asked = [this.state.calendar.id, this.state.serviceId, this.state.userId].join();
        const { firstDay } = this.state;
        this.asked = asked + firstDay;
        const week = await this.call("slot_picker_week", firstDay);
        if (this.asked === asked + firstDay) {
            const { times, minutes, next_start } = week;
            Object.assign(this.state, { times, minutes, nextStart: next_start || 0, isLoading: false });
        }
    }

    async change(values) {
        Object.assign(this.state, values, { taken: null });
        await this.load();
    }

    chooseCalendar(ev) {
        this.useCalendar(this.calendars.find((one) => one.id === Number(ev.target.value)));
        return this.change({});
    }

    chooseNumber(name, ev) {
        return this.change({ [name]: Number(ev.target.value) });
    }

    week(step) {
        const firstDay = DateTime.fromISO(this.state.firstDay).plus({ weeks: step }).toISODate();
        return this.change({ firstDay, active: 0 });
    }

    /** Go to the next free time and choose it. */
    async showNextFree() {
        const start = this.state.nextStart;
        if (!start) {
            return;
        }
        const firstDay = firstDayOfWeek(inZone(start, this.tz), localization.weekStart);
        if (firstDay !== this.state.firstDay) {
            await this.change({ firstDay });
        }
        Object.assign(this.state, { active: start, chosen: start, why: null });
    }

    setActive(start) {
        if (start === this.state.active) {
            return;
        }
        Object.assign(this.state, { active: start, why: null });
        this.askWhy();
    }

    async readWhy() {
        const { active, times } = this.state;
        if (times.find((time) => time.start === active)?.free.length === 0) {
            const people = await this.call("slot_picker_why", active);
            if (this.state.active === active) {
                this.state.why = { start: active, people };
            }
        }
    }

    choose(start) {
        this.isDecided = true;
        this.state.chosen = start;
        this.focusOnBook();
    }

    /** After the drawing, in which the button became usable. */
    focusOnBook() {
        if (this.isDecided && this.bookButton.el && !this.bookButton.el.disabled) {
            this.isDecided = false;
            this.bookButton.el.focus();
        }
    }

    onKeydown(ev) {
        const isTyping = ev.target.closest("input, textarea, select");
        if (ev.key.toLowerCase() === "n" && !isTyping && !ev.ctrlKey && !ev.altKey && !ev.metaKey) {
            ev.preventDefault();
            this.showNextFree();
        }
    }

    // -- words ----------------------------------------------------------------------------------
    get weekLabel() {
        const first = DateTime.fromISO(this.state.firstDay);
        const last = first.plus({ days: 6 });
        const day = { day: "numeric", month: "short" };
        return `${first.toLocaleString(day)} – ${last.toLocaleString({ ...day, year: "numeric" })}`;
    }

    when(start, tz = this.tz) {
        return inZone(start, tz).toLocaleString({
            weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "numeric",
        }); // prettier-ignore
    }

    get who() {
        const { calendar, times, chosen, userId } = this.state;
        const free = times.find((time) => time.start === chosen)?.free || [];
        const names = calendar.people.filter((one) => free.includes(one.id)).map((one) => one.name);
        if (userId || calendar.is_collective || names.length < 2) {
            return names.join(", ");
        }
        return _t("one of %s", names.join(", "));
    }

    get customer() {
        return this.lead.customer || this.lead.email;
    }

    // -- booking --------------------------------------------------------------------------------
    async book(isInvited) {
        if (this.state.isBooking || !this.state.chosen) {
            return;
        }
        this.state.isBooking = true;
        const { chosen, agenda, notes, place, locationKind } = this.state;
        const wishes = { agenda, notes, place, location_kind: locationKind, is_invited: isInvited };
        try {
            this.told(await this.call("slot_picker_book", chosen, wishes));
        } finally {
            this.state.isBooking = false;
        }
    }

    /** Booked: close and follow it to the calendar. Taken: say so, and offer what is free. */
    async told(answer) {
        if (answer.event_id) {
            this.props.close();
            return this.follow.booked(answer.event_id);
        }
        await this.load();
        Object.assign(this.state, { taken: answer, chosen: 0 });
    }

    async takeInstead(start) {
        this.state.nextStart = start;
        this.state.taken = null;
        this.isDecided = true;
        await this.showNextFree();
    }

    async byHand() {
        const action = await this.orm.call("crm.lead", "action_book_by_hand", [[this.props.leadId]]);
        this.props.close();
        return this.action.doAction(action);
    }
}

registry.category("actions").add("calendar_sync_pro.slot_picker", (env, action, options) => {
    const props = { leadId: action.params.lead_id };
    env.services.dialog.add(SlotPicker, props, { onClose: () => options.onClose?.() });
});
