import { deserializeDateTime } from "@web/core/l10n/dates";

const { DateTime } = luxon;

/** First and last hour that are drawn when nothing happens outside them. */
export const USUAL_HOURS = [7, 19];

/**
 * What is drawn of a day: whole hours around the usual ones, working hours and busy times.
 *
 * @returns {{first: number, last: number}} hours of the day, `last` excluded
 */
export function shownHours(day, people) {
    let [first, last] = USUAL_HOURS;
    for (const person of people) {
        for (const span of [...person.busy, ...(person.working || [])]) {
            const { from, to } = within(day, span);
            if (to > from && to - from < 24) {
                first = Math.min(first, Math.floor(from));
                last = Math.max(last, Math.ceil(to));
            }
        }
    }
    return { first, last };
}

/** Start and stop of a span as hours on `day`, cut to it. */
export function within(day, { start, stop }) {
    const begin = day.startOf("day");
    const end = begin.plus({ days: 1 });
    const cut = (moment) => DateTime.min(DateTime.max(moment, begin), end);
    const hours = (moment) =>
        moment >= end ? 24 : moment.hour + moment.minute / 60;
    return { from: hours(cut(asMoment(start))), to: hours(cut(asMoment(stop))) };
}

/** Position of a span in a column, in per cent of its height; false when it is not shown. */
export function placed(day, hours, span) {
    const { from, to } = within(day, span);
    const top = Math.max(from, hours.first);
    const bottom = Math.min(to, hours.last);
    if (bottom <= top) {
        return false;
    }
    const share = 100 / (hours.last - hours.first);
    return { top: (top - hours.first) * share, height: (bottom - top) * share };
}

/** The times outside `working`, to be shaded; nothing where no hours are known. */
export function outside(day, hours, working) {
    if (!working) {
        return [];
    }
    const begin = day.startOf("day");
    const at = (hour) => begin.plus({ hours: hour });
    const gaps = [];
    let from = at(0);
    for (const span of working) {
        gaps.push({ start: from, stop: asMoment(span.start) });
        from = asMoment(span.stop);
    }
    gaps.push({ start: from, stop: begin.plus({ days: 1 }) });
    return gaps.map((gap) => placed(day, hours, gap)).filter(Boolean);
}

export function asMoment(value) {
    return typeof value === "string" ? deserializeDateTime(value) : value;
}

/** "10:00–11:00" in the reader's zone. */
export function spanInWords({ start, stop }) {
    const clock = (value) => asMoment(value).toLocaleString(DateTime.TIME_SIMPLE);
    return `${clock(start)}–${clock(stop)}`;
}
