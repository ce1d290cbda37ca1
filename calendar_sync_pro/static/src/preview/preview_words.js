import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";

export const SIDES = ["into_odoo", "into_calendar", "same", "kept_out"];

/** The name of one of the four lists. */
export function sideName(side) {
    return {
        into_odoo: _t("Into Odoo"),
        into_calendar: _t("Into your calendar"),
        same: _t("Same on both sides"),
        kept_out: _t("Kept out"),
    }[side];
}

/** What stands where a list is empty. */
export function emptyList(side) {
    return {
        into_odoo: _t("Nothing new comes to Odoo."),
        into_calendar: _t("Nothing of Odoo goes to the calendar."),
        same: _t("No event stands on both sides already."),
        kept_out: _t("Nothing is kept out."),
    }[side];
}

/** "42 to Odoo, 11 to Google, 8 are the same already." */
export function summary(preview, label) {
    const { into_odoo, into_calendar, same } = preview.counts;
    const facts = { into_odoo, into_calendar, same, label };
    return preview.state === "done"
        ? _t(
              "%(into_odoo)s to Odoo, %(into_calendar)s to %(label)s, %(same)s were the same already.",
              facts
          )
        : _t(
              "%(into_odoo)s to Odoo, %(into_calendar)s to %(label)s, %(same)s are the same already.",
              facts
          );
}

export function isMoving(preview) {
    return Boolean(preview) && (["reading", "running"].includes(preview.state) || preview.undo === "undoing");
}

export function percent(preview) {
    return preview.total ? Math.round((100 * preview.done) / preview.total) : 100;
}

/** One sentence about where the first sync stands. */
export function headline(preview, label) {
    if (preview.undo === "undoing") {
        return _t("The first sync is being undone…");
    }
    if (preview.undo === "undone") {
        return _t("The first sync was undone. Sync is off.");
    }
    return {
        reading: _t("Reading your calendar. Nothing is written on either side."),
        ready: _t("This is what the first sync will do:"),
        running: _t("The first sync is running."),
        done: _t("The first sync is done."),
        cancelled: _t("The first sync was not started. Nothing was written."),
    }[preview.state];
}

/** When an event is, in the reader's words and zone. */
export function moment(row) {
    if (!row.start) {
        return "";
    }
    const { DATE_MED, DATETIME_MED } = luxon.DateTime;
    return deserializeDateTime(row.start).toLocaleString(row.is_all_day ? DATE_MED : DATETIME_MED);
}
