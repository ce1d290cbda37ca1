import { Component } from "@odoo/owl";
import { isMoving, outcome, percent, sentences } from "./cleanup_words";

/** How the account's clean-up stands, on its card: while it runs, and when it needs a decision. */
export class CleanupStrip extends Component {
    static template = "calendar_sync_pro.CleanupStrip";
    static props = { card: Object, open: Function };

    setup() {
        this.say = sentences;
    }

    get run() {
        const { cleanup, provider_label } = this.props.card;
        return cleanup && { ...cleanup, label: provider_label };
    }

    get isMoving() {
        return isMoving(this.run);
    }

    get isShown() {
        return this.isMoving || Boolean(this.run && this.run.state !== "undone" && (this.run.asks || this.run.may_put_back));
    }

    get percent() {
        return percent(this.run);
    }

    get words() {
        return outcome(this.run);
    }
}
