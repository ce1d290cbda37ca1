import { _t } from "@web/core/l10n/translation";

/** "1 event" or "37 events". */
export function events(count) {
    return count === 1 ? _t("1 event") : _t("%s events", count);
}

/** "1 person" or "5 people". */
export function people(count) {
    return count === 1 ? _t("1 person") : _t("%s people", count);
}

/** What a run has done, in a sentence. */
export function outcome(run) {
    const { counts, label } = run;
    switch (run.state) {
        case "running":
            return _t("Removing from %s…", label);
        case "undoing":
            return _t("Putting back into %s…", label);
        case "undone":
            return _t("Put back into %(label)s: %(events)s. Nobody was e-mailed.", {
                label,
                events: events(counts.restored || 0),
            });
    }
    const removed = events((counts.removed || 0) + (counts.restoring || 0));
    const done =
        run.state === "stopped"
            ? _t("Stopped. Removed from %(label)s so far: %(events)s.", { label, events: removed })
            : _t("Removed from %(label)s: %(events)s.", { label, events: removed });
    const told = run.told
        ? _t("%(label)s told %(people)s, as chosen.", { label, people: people(run.told) })
        : _t("Nobody was e-mailed.");
    return `${done} ${told}`;
}

/** Share of the work that is done, in percent. */
export function percent(run) {
    return run.total ? Math.round((100 * run.done) / run.total) : 0;
}

export function isMoving(run) {
    return Boolean(run) && ["running", "undoing"].includes(run.state);
}

/** Whole sentences with a number of events or people in them, for the templates. */
export const sentences = {
    removes: (count, label) =>
        _t("Removes %(events)s from %(label)s.", { events: events(count), label }),
    remove: (count) => _t("Remove %s", events(count)),
    decide: (count) => _t("Decide about %s", events(count)),
    nothing: (email) => _t("Odoo has put no events into %s that are still there.", email),
    othersStay: (count) => _t("Made by others or in the calendar itself, never touched: %s.", events(count)),
    othersStayed: (count) => _t("Made by others or in the calendar itself, not touched: %s.", events(count)),
    loud: (count) => _t("With guests, so not removed yet: %s.", events(count)),
    loudWhy: (label, count) =>
        _t("%(label)s e-mails guests about every removal (%(people)s in all), so you decide about each afterwards.", {
            label,
            people: people(count),
        }),
    quiet: (count, guests) =>
        _t("With guests: %(events)s (%(people)s in all).", { events: events(count), people: people(guests) }),
    decision: (count) => _t("With guests, your decision: %s", events(count)),
    goneBefore: (count) => _t("Deleted there before: %s.", events(count)),
    leftAlone: (count) => _t("Left as they are: %s", events(count)),
    tell: (count) => _t("Remove and tell %s", people(count)),
    tellAll: (count) => _t("Remove all and tell %s", people(count)),
    done: (run) => _t("%(done)s of %(total)s", run),
};
