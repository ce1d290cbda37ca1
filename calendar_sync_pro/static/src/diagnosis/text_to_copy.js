import { Component, onMounted, onPatched, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

/** A text that is copied as soon as it is shown; where the browser forbids that, it is selected. */
export class TextToCopy extends Component {
    static template = "calendar_sync_pro.TextToCopy";
    static props = { text: String };

    setup() {
        this.area = useRef("area");
        this.state = useState({ isCopied: false });
        onMounted(() => this.copy());
        onPatched(() => this.props.text !== this.copied && this.copy());
    }

    async copy() {
        this.copied = this.props.text;
        this.area.el.select();
        try {
            await browser.navigator.clipboard.writeText(this.props.text);
            this.state.isCopied = true;
        } catch {
            this.state.isCopied = false; // without https there is no clipboard
        }
    }
}
