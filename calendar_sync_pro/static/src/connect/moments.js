import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** "2:03 PM" today, with the weekday within a week, else the date; in the reader's zone and way. */
export function clock(iso, now = DateTime.now()) {
    const moment = DateTime.fromISO(iso);
    if (moment.hasSame(now, "day")) {
        return moment.toLocaleString(DateTime.TIME_SIMPLE);
    }
    const isNear = Math.abs(moment.diff(now, "days").days) < 6;
    const nearby = { weekday: "short", hour: "numeric", minute: "2-digit" };
    return moment.toLocaleString(isNear ? nearby : DateTime.DATETIME_SHORT);
}

/** "2 minutes ago (2:03 PM)"; what lies less than a minute back is "just now". */
export function ago(iso, now = DateTime.now()) {
    const moment = DateTime.fromISO(iso);
    if (now.diff(moment, "seconds").seconds < 60) {
        return _t("just now (%s)", clock(iso, now));
    }
    return `${moment.toRelative({ base: now })} (${clock(iso, now)})`;
}

/** The line under a connected account: when it was checked last, and when it will be next. */
export function syncLine(card, now = DateTime.now()) {
    const last = card.last_sync ? ago(card.last_sync, now) : _t("not yet");
    if (card.is_first_sync) {
        return _t("the first one is running");
    }
    if (!card.next_run) {
        return last;
    }
    const isDue = DateTime.fromISO(card.next_run) <= now;
    // Not inside the template literal: terms for translators are not found there.
    const next = isDue ? _t("next now") : _t("next about %s", clock(card.next_run, now));
    return `${last} · ${next}`;
}
