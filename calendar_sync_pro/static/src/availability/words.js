import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";

const { DateTime } = luxon;

export function kindInWords(kind) {
    const words = { tentative: _t("Tentative"), out_of_office: _t("Out of office") };
    return words[kind] || _t("Busy");
}

/** "Busy 10:00–11:00, Tentative 14:00–15:00", for who can't see the drawing. */
export function dayInWords(person, spans) {
    if (!spans.length && person.source === "none") {
        return person.why;
    }
    return spans.map((span) => `${kindInWords(span.kind)} ${span.words}`).join(", ") || _t("Free all day");
}

/** Where a person's times come from when not live from the calendar; '' when they do. */
export function noteOn({ source, why, read_at }) {
    if (source === "stored" && read_at) {
        const at = deserializeDateTime(read_at).toLocaleString(DateTime.DATETIME_SHORT);
        return _t("As it was read %(at)s. %(why)s", { at, why });
    }
    const known = { none: _t("Can't be read. %s", why), odoo: _t("Only what Odoo knows. %s", why) };
    return known[source] || (source === "stored" ? why : "");
}
