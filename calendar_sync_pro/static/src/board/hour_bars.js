import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const HEIGHT = 20;
const STEP = 4;

/** Rectangles for [[good, failed], ...]: failed syncs stand on top of good ones. */
export function bars(hours) {
    const most = Math.max(1, ...hours.map(([good, failed]) => good + failed));
    const tall = (count) => (count ? Math.max(2, Math.round((count / most) * HEIGHT)) : 0);
    return hours.flatMap(([good, failed], index) => {
        const lower = tall(good);
        const upper = Math.min(tall(failed), HEIGHT - (lower ? 2 : 0));
        const base = Math.min(lower, HEIGHT - upper);
        return [
            { kind: "good", x: index * STEP, y: HEIGHT - base, height: base },
            { kind: "failed", x: index * STEP, y: HEIGHT - base - upper, height: upper },
        ].filter((bar) => bar.height);
    });
}

/** The syncs of the last 24 hours as small bars, and in words for who can't see them. */
export class HourBars extends Component {
    static template = "calendar_sync_pro.HourBars";
    static props = { ...standardFieldProps };

    get hours() {
        return this.props.record.data[this.props.name] || [];
    }

    get size() {
        return `0 0 ${24 * STEP} ${HEIGHT}`;
    }

    get bars() {
        return bars(this.hours);
    }

    get words() {
        const sum = (index) => this.hours.reduce((total, hour) => total + hour[index], 0);
        return _t("Syncs of the last 24 hours: %(good)s went well, %(failed)s failed", {
            good: sum(0),
            failed: sum(1),
        });
    }
}
registry.category("fields").add("calendar_sync_hours", {
    component: HourBars,
    supportedTypes: ["json"],
});
