const { DateTime } = luxon;

/** The luxon time of UTC seconds in a zone. */
export function inZone(seconds, tz) {
    return DateTime.fromSeconds(seconds, { zone: tz });
}

/** ISO date of the first day of the week of a luxon time; `weekStart` is 1 (Monday) to 7. */
export function firstDayOfWeek(moment, weekStart = 1) {
    return moment.minus({ days: (moment.weekday - weekStart + 7) % 7 }).toISODate();
}

/**
 * A week's times as a table: `days` in order, and `rows` by wall-clock time with a cell per day,
 * null where nobody works. A time that the clocks show twice stands in one row with its first.
 */
export function tableOf(times, tz, firstDay) {
    const first = DateTime.fromISO(firstDay, { zone: tz });
    const days = Array.from({ length: 7 }, (_, number) => first.plus({ days: number }));
    const byRow = new Map();
    for (const time of times) {
        const local = inZone(time.start, tz);
        const column = days.findIndex((day) => day.hasSame(local, "day"));
        const minute = local.hour * 60 + local.minute;
        if (column < 0) {
            continue;
        }
        if (!byRow.has(minute)) {
            byRow.set(minute, { minute, cells: Array(7).fill(null) });
        }
        byRow.get(minute).cells[column] ||= { ...time, isFree: time.free.length > 0 };
    }
    const rows = [...byRow.values()].sort((a, b) => a.minute - b.minute);
    return { days, rows };
}

const STEPS = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
};

/**
 * Where a key leads from the cell of `start`: the start of another cell, `"earlier"` or `"later"`
 * at the week's edges, or null when the key means nothing here.
 */
export function moveBy(key, { rows }, start) {
    const row = rows.findIndex((each) => each.cells.some((cell) => cell?.start === start));
    const column = row < 0 ? -1 : rows[row].cells.findIndex((cell) => cell?.start === start);
    if (key === "PageUp" || key === "PageDown") {
        return key === "PageUp" ? "earlier" : "later";
    }
    if (row < 0) {
        return null;
    }
    if (key === "Home" || key === "End") {
        const filled = rows.filter((each) => each.cells[column]);
        return filled.at(key === "Home" ? 0 : -1).cells[column].start;
    }
    const [down, right] = STEPS[key] || [0, 0];
    if (!down && !right) {
        return null;
    }
    return right ? sideways(rows, row, column, right) : upright(rows, row, column, down);
}

function upright(rows, row, column, step) {
    for (let at = row + step; at >= 0 && at < rows.length; at += step) {
        if (rows[at].cells[column]) {
            return rows[at].cells[column].start;
        }
    }
    return rows[row].cells[column].start;
}

/** The nearest time of the next day that has any. */
function sideways(rows, row, column, step) {
    for (let at = column + step; at >= 0 && at < 7; at += step) {
        const near = rows
            .map((each, place) => ({ cell: each.cells[at], far: Math.abs(place - row) }))
            .filter(({ cell }) => cell)
            .sort((a, b) => a.far - b.far)[0];
        if (near) {
            return near.cell.start;
        }
    }
    return step < 0 ? "earlier" : "later";
}
