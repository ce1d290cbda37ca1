import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { PreviewDialog } from "../preview/preview_dialog";
import { CleanupDialog } from "./cleanup_dialog";
import { TurnOffDialog } from "./turn_off_dialog";

/** The dialogs of an account's card (a component) about what Odoo put into the calendar. */
export class CardDialogs {
    constructor(dialog, component) {
        this.dialog = dialog;
        this.component = component;
    }

    get props() {
        return this.component.props;
    }

    /** The wizard that removes our events, or how the run with that id stands. */
    cleanUp(runId = false) {
        const { id, provider_label: label } = this.props.card;
        const changed = () => this.props.reload();
        this.dialog.add(CleanupDialog, { accountId: id, label, runId, changed });
    }

    /** What the first sync will do, or how it stands. */
    preview(previewId) {
        const { provider_label: label } = this.props.card;
        const changed = () => this.props.reload();
        this.dialog.add(PreviewDialog, { previewId, label, changed });
    }

    /** Switch on, by way of the preview when it is the first time. */
    async turnOn(method = "set_sync", ...args) {
        const answer = await this.props.act(this.props.card, method, ...args);
        if (answer?.preview_id) {
            browser.sessionStorage.setItem(`csp_preview_${answer.preview_id}`, "seen");
            this.preview(answer.preview_id);
        }
    }

    askTurnOff() {
        this.dialog.add(TurnOffDialog, {
            card: this.props.card,
            turnOff: () => this.props.act(this.props.card, "set_sync", false),
            cleanUp: () => this.cleanUp(),
        });
    }

    askRemove() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Remove %s from this page?", this.props.card.email),
            body: _t(
                "Every appointment and the record of what was synced stay. Events that Odoo put into the calendar stay there too. Connect the same account again and everything goes on from here."
            ),
            confirmLabel: _t("Remove"),
            confirmClass: "btn-danger",
            confirm: () => this.props.act(this.props.card, "remove_card"),
            cancel: () => {},
        });
    }
}
