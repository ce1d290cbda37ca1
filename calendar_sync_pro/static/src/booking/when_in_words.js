import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** "Today · 14:00–14:30" in the reader's own zone; `start` and `stop` are luxon times. */
export function whenInWords(start, stop, isAllDay, now = DateTime.now()) {
    const day = dayInWords(start, now);
    if (isAllDay) {
        const wholeDay = _t("all day");
        return `${day} · ${wholeDay}`;
    }
    const clock = (moment) => moment.toLocaleString(DateTime.TIME_SIMPLE);
    const end = stop.hasSame(start, "day") ? clock(stop) : `${dayInWords(stop, now)} ${clock(stop)}`;
    return `${day} · ${clock(start)} – ${end}`;
}

function dayInWords(moment, now) {
    if (moment.hasSame(now, "day")) {
        return _t("Today");
    }
    if (moment.hasSame(now.plus({ days: 1 }), "day")) {
        return _t("Tomorrow");
    }
    const year = moment.hasSame(now, "year") ? {} : { year: "numeric" };
    return moment.toLocaleString({ weekday: "short", day: "numeric", month: "short", ...year });
}
