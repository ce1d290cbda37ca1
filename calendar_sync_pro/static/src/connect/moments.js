import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** "14:03" today, "Tue 14:03" within a week, else the date; in the reader's zone. */
export function clock(iso, now = DateTime.now()) {
    const moment = DateTime.fromISO(iso);
    if (moment.hasSame(now, "day")) {
        return moment.toFormat("HH:mm");
    }
    const isNear = Math.abs(moment.diff(now, "days").days) < 6;
    return isNear ? moment.toFormat("ccc HH:mm") : moment.toLocaleString(DateTime.DATETIME_SHORT);
}

/** "2 minutes ago (14:03)"; what lies less than a minute back is "just now". */
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
    if (!card.next_run) {
        return last;
    }
    const isDue = DateTime.fromISO(card.next_run) <= now;
    return `${last} · ${isDue ? _t("next now") : _t("next about %s", clock(card.next_run, now))}`;
}
