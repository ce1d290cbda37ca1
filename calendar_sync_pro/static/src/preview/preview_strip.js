import { Component, onMounted, onPatched } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { headline, isMoving, percent, summary } from "./preview_words";

/** Where the first sync stands, on the account's card; a new preview opens by itself, once. */
export class PreviewStrip extends Component {
    static template = "calendar_sync_pro.PreviewStrip";
    static props = { card: Object, isOwn: Boolean, open: Function };

    setup() {
        const openNew = () => this.isNew && this.open();
        onMounted(openNew);
        onPatched(openNew);
    }

    get preview() {
        return this.props.card.preview;
    }

    get isShown() {
        return Boolean(this.preview) && !(this.preview.state === "done" && !this.preview.undo);
    }

    get isPending() {
        return ["reading", "ready"].includes(this.preview.state);
    }

    get isNew() {
        return (
            this.props.isOwn &&
            this.isShown &&
            this.isPending &&
            !browser.sessionStorage.getItem(this.key)
        );
    }

    get key() {
        return `csp_preview_${this.preview.id}`;
    }

    open() {
        browser.sessionStorage.setItem(this.key, "seen");
        this.props.open(this.preview.id);
    }

    get isMoving() {
        return isMoving(this.preview);
    }

    get percent() {
        return percent(this.preview);
    }

    get words() {
        const label = this.props.card.provider_label;
        if (this.preview.undo === "undoing" || this.preview.undo === "undone" || this.preview.state === "reading") {
            return headline(this.preview, label);
        }
        return summary(this.preview, label);
    }
}
