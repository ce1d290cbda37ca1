import { Component, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { useActiveElement } from "@web/core/ui/ui_service";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { dayInWords, kindInWords, noteOn } from "./words";
import { asMoment, outside, placed, shownHours, spanInWords } from "./times";

const { DateTime } = luxon;

/**
 * Beside the page: the day of some people, live from their calendars, and the times that suit all.
 * `people` are {id, name}, `first` the id of the one who was asked for; `current` is the time that is planned now; without `pick` it only shows.
 */
export class AvailabilityPanel extends Component {
    static template = "calendar_sync_pro.AvailabilityPanel";
    static props = {
        people: Array,
        first: { type: [Number, Boolean], optional: true },
        day: Object,
        minutes: Number,
        eventId: { type: [Number, Boolean], optional: true },
        current: { type: [Object, Boolean], optional: true },
        pick: { type: [Function, Boolean], optional: true },
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        useActiveElement("root");
        useAutofocus({ refName: "next" });
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), { capture: true });
        this.state = useState({ day: this.props.day.startOf("day"), found: false, isLoading: true, error: "" });
        onWillStart(() => {
            this.read();
        });
    }

    async read() {
        const asked = (this.asked = this.state.day);
        Object.assign(this.state, { isLoading: true, error: "" });
        try {
            const found = await this.orm.silent.call("calendar.availability", "day_of", [
                this.people.map((person) => person.id),
                asked.toISODate(),
                asked.zoneName,
                this.props.minutes,
                this.props.eventId || false,
            ]);
            if (asked === this.asked) {
                Object.assign(this.state, { found, isLoading: false });
            }
        } catch (error) {
            if (asked === this.asked) {
                const reason = error.data?.message || _t("Odoo could not be reached.");
                Object.assign(this.state, { found: false, isLoading: false, error: reason });
            }
        }
    }

    move(days) {
        this.state.day = days ? this.state.day.plus({ days }) : DateTime.now().startOf("day");
        return this.read();
    }

    onKeydown(ev) {
        if (!this.root.el?.contains(document.activeElement)) {
            return;
        }
        const acts = { Escape: () => this.props.close(), PageUp: () => this.move(-1), PageDown: () => this.move(1) };
        if (acts[ev.key]) {
            ev.preventDefault();
            ev.stopPropagation();
            acts[ev.key]();
        }
    }

    pick(slot) {
        this.props.pick(deserializeDateTime(slot.start), deserializeDateTime(slot.stop));
        this.props.close();
    }

    get people() {
        const isFirst = (person) => Number(person.id === this.props.first);
        return [...this.props.people].sort((one, other) => isFirst(other) - isFirst(one));
    }

    // -- what is drawn
    get title() {
        return this.state.day.toLocaleString({ weekday: "long", day: "numeric", month: "long" });
    }

    get hours() {
        return shownHours(this.state.day, this.state.found.people);
    }

    get ticks() {
        const { first, last } = this.hours;
        const share = 100 / (last - first);
        const label = (hour) => this.state.day.set({ hour }).toLocaleString({ hour: "numeric" });
        return Array.from({ length: last - first }, (_tick, n) => ({
            top: n * share,
            label: label(first + n),
        }));
    }

    column(person) {
        const { day } = this.state;
        const busy = person.busy
            .map((span) => ({ ...span, place: placed(day, this.hours, span), words: spanInWords(span) }))
            .filter((span) => span.place);
        return { closed: outside(day, this.hours, person.working), busy };
    }

    get planned() {
        const { current } = this.props;
        return current && current.start.hasSame(this.state.day, "day") && placed(this.state.day, this.hours, current);
    }

    style({ top, height }) {
        return `top: ${top}%; height: ${height}%`;
    }

    words(slot) {
        return asMoment(slot.start).toLocaleString(DateTime.TIME_SIMPLE);
    }

    kind(span) {
        return kindInWords(span.kind);
    }

    spoken(person) {
        return dayInWords(person, this.column(person).busy);
    }

    get notes() {
        const people = this.state.found.people.map((person) => ({ ...person, note: noteOn(person) }));
        return people.filter((person) => person.note);
    }

    get unknown() {
        return this.state.found.people.filter((person) => person.source === "none").map((person) => person.name);
    }
}
