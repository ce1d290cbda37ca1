import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { emptyList, headline, isMoving, moment, percent, SIDES, sideName, summary } from "./preview_words";

const PREVIEW = "calendar.sync.preview";
const LOOK_EVERY_MS = 2000;

/** A first sync: what it would do, its progress, what it did, and undoing it. */
export class PreviewDialog extends Component {
    static template = "calendar_sync_pro.PreviewDialog";
    static components = { Dialog };
    static props = {
        previewId: Number,
        label: String,
        changed: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        Object.assign(this, { emptyList, moment, sideName, sides: SIDES });
        this.state = useState({ page: null, side: "into_odoo", isBusy: false, chosen: null });
        const bus = useService("bus_service");
        const onBus = () => this.look();
        bus.subscribe("calendar_sync_pro/preview", onBus);
        bus.subscribe("calendar_sync_pro/run", onBus);
        onWillStart(() => this.look());
        onWillUnmount(() => {
            this.isGone = true;
            bus.unsubscribe("calendar_sync_pro/preview", onBus);
            bus.unsubscribe("calendar_sync_pro/run", onBus);
            browser.clearTimeout(this.timer);
            this.props.changed?.();
        });
    }

    get title() {
        return _t("First sync with %s", this.props.label);
    }

    get isMoving() {
        return isMoving(this.state.page);
    }

    get percent() {
        return percent(this.state.page);
    }

    get headline() {
        return headline(this.state.page, this.props.label);
    }

    get summary() {
        return summary(this.state.page, this.props.label);
    }

    get seen() {
        return _t("%s events read so far", this.state.page.seen);
    }

    get isUndone() {
        return ["undoing", "undone"].includes(this.state.page.undo);
    }

    get takenBack() {
        const { undone, refused } = this.state.page;
        return refused
            ? _t("Taken back: %(undone)s. Not taken back: %(refused)s.", { undone, refused })
            : _t("Taken back: %s.", undone);
    }

    get progress() {
        const { done, total } = this.state.page;
        return _t("%(done)s of %(total)s", { done, total });
    }

    get rows() {
        return this.state.page.lists[this.state.side];
    }

    get more() {
        const rest = this.state.page.counts[this.state.side] - this.rows.length;
        return rest > 0 ? _t("and %s more", rest) : "";
    }

    get isChanged() {
        const { choices } = this.state.page;
        const { chosen } = this.state;
        return (
            chosen.import_policy !== choices.import_policy ||
            Number(chosen.days_back) !== choices.days_back ||
            Number(chosen.days_ahead) !== choices.days_ahead
        );
    }

    /** Read how it stands; the bus tells most changes at once. */
    async look() {
        const page = await this.orm.silent.call(PREVIEW, "page", [[this.props.previewId]]);
        if (this.isGone) {
            return;
        }
        const { import_policy, days_back, days_ahead } = page.choices;
        if (!this.state.chosen || !this.isChanged) {
            this.state.chosen = { import_policy, days_back, days_ahead };
        }
        this.state.page = page;
        browser.clearTimeout(this.timer);
        if (isMoving(page)) {
            this.timer = browser.setTimeout(() => this.look(), LOOK_EVERY_MS);
        }
    }

    /** Press a button: start, look_again, cancel, choose, undo. */
    async press(method, ...args) {
        this.state.isBusy = true;
        try {
            await this.orm.call(PREVIEW, method, [[this.props.previewId], ...args]);
        } finally {
            await this.look();
            this.state.isBusy = false;
            this.props.changed?.();
        }
    }

    choose() {
        const { import_policy, days_back, days_ahead } = this.state.chosen;
        return this.press("choose", import_policy, Number(days_back), Number(days_ahead));
    }

    async cancel() {
        await this.press("cancel");
        this.props.close();
    }

    askUndo() {
        const { into_odoo, into_calendar } = this.state.page.counts;
        const facts = { into_odoo, into_calendar, label: this.props.label };
        this.dialog.add(ConfirmationDialog, {
            title: _t("Undo the first sync?"),
            body: _t(
                "Odoo forgets the %(into_odoo)s events that came from %(label)s, and the %(into_calendar)s that went there are removed again. What you have worked with since stays. Sync is switched off. Nobody is e-mailed.",
                facts
            ),
            confirmLabel: _t("Undo"),
            confirmClass: "btn-danger",
            confirm: () => this.press("undo"),
            cancel: () => {},
        });
    }

    /** Arrow keys move between the lists, as between tabs. */
    onTabKey(ev) {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[ev.key];
        if (step) {
            const at = (SIDES.indexOf(this.state.side) + step + SIDES.length) % SIDES.length;
            this.state.side = SIDES[at];
            ev.currentTarget.querySelectorAll("[role=tab]")[at].focus();
            ev.preventDefault();
        }
    }
}
