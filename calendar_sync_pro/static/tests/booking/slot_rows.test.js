import { describe, expect, test } from "@odoo/hoot";
import { firstDayOfWeek, moveBy, tableOf } from "@calendar_sync_pro/booking/picker/slot_rows";

const { DateTime } = luxon;
const BERLIN = "Europe/Berlin";
const MONDAY = "2027-03-22";

const at = (text, zone = BERLIN) => DateTime.fromISO(text, { zone }).toSeconds();
const time = (text, free = [1]) => ({ start: at(text), free });

describe.current.tags("calendar_sync_pro");

function week() {
    const times = [
        time("2027-03-22T09:00"), time("2027-03-22T10:00", []),
        time("2027-03-24T09:00"), time("2027-03-24T11:00"),
    ]; // prettier-ignore
    return tableOf(times, BERLIN, MONDAY);
}

test("times stand in a row per wall-clock time and a column per day", () => {
    // S2-20, D-06
    const { days, rows } = week();
    expect(days.map((day) => day.day)).toEqual([22, 23, 24, 25, 26, 27, 28]);
    expect(rows.map((row) => row.minute / 60)).toEqual([9, 10, 11]);
    expect(rows[0].cells.map(Boolean)).toEqual([true, false, true, false, false, false, false]);
    expect(rows[1].cells[0].isFree).toBe(false);
});

test("on the day the clocks change, a time stays in the row of its wall clock", () => {
    // D-07
    const times = [time("2027-03-27T09:00"), time("2027-03-28T09:00")];
    const { rows } = tableOf(times, BERLIN, MONDAY);
    expect(rows.length).toBe(1);
    expect(rows[0].cells[5].start).toBe(at("2027-03-27T09:00"));
    expect(rows[0].cells[6].start).toBe(at("2027-03-27T09:00") + 23 * 3600);
});

test("what lies outside the week is left out", () => {
    // D-06: read in a zone in which a time belongs to the day before
    const table = tableOf([time("2027-03-22T01:00")], "America/New_York", MONDAY);
    expect(table.rows).toEqual([]);
});

test("arrow keys move from time to time, and past the edge to the next week", () => {
    // D-09
    const table = week();
    const first = at("2027-03-22T09:00");
    expect(moveBy("ArrowDown", table, first)).toBe(at("2027-03-22T10:00"));
    expect(moveBy("ArrowUp", table, first)).toBe(first);
    expect(moveBy("ArrowRight", table, at("2027-03-22T10:00"))).toBe(at("2027-03-24T09:00"));
    expect(moveBy("ArrowLeft", table, first)).toBe("earlier");
    expect(moveBy("ArrowRight", table, at("2027-03-24T11:00"))).toBe("later");
    expect(moveBy("End", table, at("2027-03-24T09:00"))).toBe(at("2027-03-24T11:00"));
    expect(moveBy("PageDown", table, first)).toBe("later");
    expect(moveBy("x", table, first)).toBe(null);
});

test("a week begins on the day of the reader's language", () => {
    // D-06
    const sunday = DateTime.fromISO("2027-03-28");
    expect(firstDayOfWeek(sunday, 1)).toBe("2027-03-22");
    expect(firstDayOfWeek(sunday, 7)).toBe("2027-03-28");
});
