import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { browserKind, popupHelp } from "./browser_kind";

/** The browser blocked the sign-in window: what to do in this browser, and two ways on. */
export class PopupBlockedDialog extends Component {
    static template = "calendar_sync_pro.PopupBlockedDialog";
    static components = { Dialog };
    static props = { providerLabel: String, retry: Function, here: Function, close: Function };

    setup() {
        this.help = popupHelp();
        this.state = useState({ kind: browserKind(browser.navigator.userAgent) });
    }

    get steps() {
        return this.help.find(([kind]) => kind === this.state.kind)[2];
    }

    retry() {
        this.props.close();
        this.props.retry();
    }

    here() {
        this.props.close();
        this.props.here();
    }
}
