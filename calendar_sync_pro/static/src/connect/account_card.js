import { Component, status, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { CardDialogs } from "../cleanup/card_dialogs";
import { CleanupStrip } from "../cleanup/cleanup_strip";
import { DiagnosisDialog } from "../diagnosis/diagnosis_dialog";
import { PreviewStrip } from "../preview/preview_strip";
import { TrialStrip } from "../trial/trial_strip";
import { clock, syncLine } from "./moments";

const PATIENCE_S = 30;

const CHIPS = {
    active: ["text-bg-success", "fa-check-circle"],
    reconnect_required: ["text-bg-danger", "fa-exclamation-circle"],
    not_connected: ["text-bg-secondary", "fa-unlink"],
    paused: ["text-bg-warning", "fa-pause-circle"],
};

/** One connected account: its state, where appointments go, and what can be done about it. */
export class AccountCard extends Component {
    static template = "calendar_sync_pro.AccountCard";
    static components = { CleanupStrip, Dropdown, DropdownItem, PreviewStrip, TrialStrip };
    static props = {
        card: Object,
        page: Object,
        isCurrent: { type: Boolean, optional: true },
        act: Function,
        reload: Function,
        reconnect: Function,
        disconnect: Function,
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.dialogs = new CardDialogs(this.dialog, this);
        this.state = useState({ isRefreshing: false, isSyncing: false, said: "", isTrouble: false });
    }

    get chip() {
        return CHIPS[this.props.card.status];
    }

    get events() {
        const { calendars, events_calendar_id } = this.props.card;
        return calendars.find((calendar) => calendar.id === events_calendar_id);
    }

    get syncLine() {
        return syncLine(this.props.card);
    }

    /** Until when the provider lets Odoo in, where it tells; a warning stands above by itself. */
    get grantLine() {
        const { grant_ends_at: ends, problem, status } = this.props.card;
        if (!ends || problem || status !== "active") {
            return "";
        }
        return _t("The permission lasts until %s.", clock(ends));
    }

    get removalLabel() {
        return _t("Remove our events from %s…", this.props.card.provider_label);
    }

    get isConnected() {
        return ["active", "paused"].includes(this.props.card.status);
    }

    /** The first sync waits for its start, so where appointments go can still be chosen. */
    get hasPreview() {
        return ["reading", "ready"].includes(this.props.card.preview?.state);
    }

    get until() {
        const { problem } = this.props.card;
        return problem.until ? _t("Waiting until %s.", clock(problem.until)) : "";
    }

    /** "Your 3 waiting changes are safe." or nothing when none wait. */
    get waiting() {
        const { waiting } = this.props.card.problem;
        if (!waiting) {
            return "";
        }
        return waiting === 1
            ? _t("1 waiting change is safe.")
            : _t("%s waiting changes are safe.", waiting);
    }

    /** Sentences about events that need the owner; none when nothing does. */
    get attention() {
        const { decide, people, other } = this.props.card.attention || {};
        const lines = [];
        if (decide) {
            const facts = { people, provider: this.props.card.provider_label };
            const changes =
                decide === 1
                    ? _t("1 change waits for your decision.")
                    : _t("%s changes wait for your decision.", decide);
            const told =
                people === 1
                    ? _t("%(provider)s would tell 1 person.", facts)
                    : _t("%(provider)s would tell %(people)s people.", facts);
            lines.push(people ? `${changes} ${told}` : changes);
        }
        if (other) {
            lines.push(
                other === 1 ? _t("1 event could not be synced.") : _t("%s events could not be synced.", other)
            );
        }
        return lines;
    }

    async refresh() {
        this.state.isRefreshing = true;
        this.state.said = "";
        try {
            this.say(await this.props.act(this.props.card, "refresh_calendars"));
        } finally {
            this.state.isRefreshing = false;
        }
    }

    say(found) {
        this.state.isTrouble = Boolean(found.error);
        const parts = [];
        if (found.error) {
            parts.push(found.error);
        } else {
            if (found.new.length) {
                parts.push(
                    found.new.length === 1
                        ? _t("1 new calendar")
                        : _t("%s new calendars", found.new.length)
                );
            }
            if (found.renamed.length) {
                parts.push(_t("%s renamed", found.renamed.length));
            }
            if (found.missing.length) {
                parts.push(_t("No longer there: %s", found.missing.join(", ")));
            }
        }
        this.state.said = parts.join(" · ") || _t("The list is up to date");
    }

    /** Why isn't it synced? The page shows what was mended. */
    diagnose() {
        const changed = () => this.props.reload();
        this.dialog.add(DiagnosisDialog, { model: "calendar.sync.account", id: this.props.card.id, changed });
    }

    showAttention() {
        return this.action.doAction("calendar_sync_pro.calendar_sync_attention_action");
    }

    async look() {
        return this.action.doAction(await this.props.act(this.props.card, "mass_look"));
    }

    async moveHere() {
        const dialog = await this.orm.call("calendar.sync.account", "action_move_here", [this.props.card.id]);
        this.action.doAction(dialog, { onClose: () => this.props.reload() });
    }

    async syncNow() {
        this.state.isSyncing = true;
        try {
            await this.props.act(this.props.card, "sync_now");
            let isDue = true;
            for (let second = 0; second < PATIENCE_S && isDue; second++) {
                await new Promise((done) => browser.setTimeout(done, 1000));
                isDue = status(this) === "mounted" && this.isDue(await this.props.reload());
            }
        } finally {
            this.state.isSyncing = false;
        }
    }

    /** The sync that was asked for is not over yet: afterwards the next one lies ahead. */
    isDue(page) {
        const card = page?.accounts.find((one) => one.id === this.props.card.id);
        return Boolean(card?.next_run) && card.next_run <= page.now;
    }

    setSync(ev) {
        const isOn = ev.target.checked;
        ev.target.checked = this.props.card.is_sync_on; // the page shows what the server says
        return isOn
            ? this.dialogs.turnOn("set_sync", true)
            : this.dialogs.askTurnOff();
    }
}
