import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const LOOKS = {
    synced: { icon: "fa-check-circle", color: "text-bg-success", word: () => _t("Synced") },
    waiting: { icon: "fa-clock-o", color: "text-bg-info", word: () => _t("Waiting") },
    problem: { icon: "fa-exclamation-triangle", color: "text-bg-warning", word: () => _t("Needs you") },
    former: { icon: "fa-history", color: "text-bg-secondary", word: () => _t("Former calendar") },
};

/** A sync state as icon, word and colour; nothing for an appointment that is in no calendar. */
export class SyncChip extends Component {
    static template = "calendar_sync_pro.SyncChip";
    static props = { badge: [String, Boolean], text: { type: [String, Boolean], optional: true } };

    get look() {
        return LOOKS[this.props.badge];
    }
}
