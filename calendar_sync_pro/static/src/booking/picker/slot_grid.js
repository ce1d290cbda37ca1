import { Component, onMounted, onPatched, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { inZone, moveBy, tableOf } from "./slot_rows";

const { DateTime } = luxon;

/** A week of times to choose from; one of them is reached by Tab, the others by the arrow keys. */
export class SlotGrid extends Component {
    static template = "calendar_sync_pro.SlotGrid";
    static props = {
        times: Array,
        firstDay: String,
        tz: String,
        /** The customer's zone, "" when it is the same. */
        otherTz: String,
        /** Start of the time that has the focus, and of the one that is chosen; 0 for none. */
        active: Number,
        chosen: Number,
        onActive: Function,
        onChoose: Function,
        /** Asked for the week before (-1) or after (1). */
        onWeek: Function,
    };

    setup() {
        this.root = useRef("root");
        this.hasKeys = true;
        onMounted(() => this.focus());
        onPatched(() => this.hasKeys && this.focus());
    }

    get table() {
        return tableOf(this.props.times, this.props.tz, this.props.firstDay);
    }

    /** Places of the days on which somebody works. */
    get columns() {
        const { rows } = this.table;
        return [...Array(7).keys()].filter((at) => rows.some((row) => row.cells[at]));
    }

    /** The time that Tab reaches: the active one, else the first free, else the first. */
    get reached() {
        const { times, active } = this.props;
        const known = times.find((time) => time.start === active);
        return (known || times.find((time) => time.free.length) || times[0])?.start;
    }

    clock(seconds, tz) {
        return inZone(seconds, tz).toLocaleString(DateTime.TIME_SIMPLE);
    }

    rowLabel(row) {
        return this.clock(row.cells.find((cell) => cell).start, this.props.tz);
    }

    /** The customer's clock beside a row, as it is on the row's first day. */
    otherLabel(row) {
        return this.clock(row.cells.find((cell) => cell).start, this.props.otherTz);
    }

    dayLabel(day) {
        return day.toLocaleString({ weekday: "short", day: "numeric", month: "short" });
    }

    isToday(day) {
        return day.hasSame(DateTime.now().setZone(this.props.tz), "day");
    }

    cellLabel(cell) {
        const when = inZone(cell.start, this.props.tz).toLocaleString({
            weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "numeric",
        }); // prettier-ignore
        return cell.isFree ? _t("%s, free", when) : _t("%s, not free", when);
    }

    onKeydown(ev) {
        const target = moveBy(ev.key, this.table, this.reached);
        if (target === null || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        ev.preventDefault();
        this.hasKeys = true;
        if (typeof target === "string") {
            this.props.onWeek(target === "earlier" ? -1 : 1);
        } else {
            this.props.onActive(target);
        }
    }

    focus() {
        this.root.el?.querySelector("[tabindex='0']")?.focus({ preventScroll: false });
    }

    onFocusOut(ev) {
        if (ev.relatedTarget && !this.root.el.contains(ev.relatedTarget)) {
            this.hasKeys = false;
        }
    }

    choose(cell) {
        this.props.onActive(cell.start);
        if (cell.isFree) {
            this.props.onChoose(cell.start);
        }
    }
}
