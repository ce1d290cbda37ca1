import { Component, onWillStart, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const SETUP = "calendar.sync.setup";
const LOOK_EVERY_MS = 15000;

export const LOOKS = {
    ok: { icon: "fa-check-circle", color: "text-success" },
    open: { icon: "fa-circle-o", color: "text-primary" },
    optional: { icon: "fa-minus-circle", color: "text-body" },
    failing: { icon: "fa-exclamation-circle", color: "text-danger" },
};

/** What is still missing before everybody can connect; it looks again by itself. */
export class SetupGuide extends Component {
    static template = "calendar_sync_pro.SetupGuide";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ page: null, busy: "", said: "" });
        useExternalListener(window, "focus", () => this.look());
        onWillStart(async () => {
            this.show(await this.ask("guide"));
        });
        onWillUnmount(() => {
            this.isGone = true;
            browser.clearTimeout(this.timer);
        });
    }

    ask(method, ...args) {
        return this.orm.silent.call(SETUP, method, [...args, browser.location.origin]);
    }

    /** Show the page, and look again before long. What was entered and not tried yet is tried. */
    show(page) {
        if (this.isGone) {
            return;
        }
        this.state.page = page;
        this.lookLater();
        if (page.is_untested && !this.state.busy && !this.hasTried) {
            this.hasTried = true;
            this.checkAgain();
        }
    }

    lookLater() {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.look(), LOOK_EVERY_MS);
    }

    /** Read what is known by now; no provider is asked. */
    async look() {
        if (this.isGone || this.state.busy) {
            return;
        }
        try {
            this.show(await this.ask("guide"));
        } catch {
            this.lookLater(); // the connection is lost, or the session has ended: a click tells
        }
    }

    /** Run one thing at a time: what it says stays, and the page is read anew. */
    async during(busy, work) {
        if (this.state.busy) {
            return;
        }
        Object.assign(this.state, { busy, said: "" });
        let page = false;
        try {
            page = await work();
        } finally {
            this.state.busy = "";
            this.lookLater();
        }
        this.show(page || (await this.ask("guide")));
        this.state.said = this.summary;
    }

    checkAgain() {
        return this.during("check", () => this.ask("check"));
    }

    /** Press a line's button. */
    press(line) {
        const { call, action } = line.fix;
        if (call) {
            const [method, ...args] = call;
            return this.during(line.key, async () => {
                await this.orm.call(SETUP, method, args);
            });
        }
        return this.open(action);
    }

    /** Open a page or a dialog; what was entered there is tried. */
    open(action) {
        return this.action.doAction(action, {
            onClose: () => {
                this.hasTried = false;
                this.look();
            },
        });
    }

    async copy(text) {
        await browser.navigator.clipboard.writeText(text);
        this.notification.add(_t("Copied"), { type: "success" });
    }

    lookOf(line) {
        return LOOKS[line.state];
    }

    get isReady() {
        return this.state.page.done === this.state.page.needed;
    }

    get percent() {
        const { done, needed } = this.state.page;
        return Math.round((100 * done) / Math.max(needed, 1));
    }

    get summary() {
        const { done, needed } = this.state.page;
        return this.isReady
            ? _t("Everything is set up.")
            : _t("%(done)s of %(needed)s done", { done, needed });
    }

    /** The steps are open where nothing was entered yet. */
    needsSteps(group) {
        return group.lines.some((line) => line.code === "app_missing" && line.state === "open");
    }
}

/** The guide as a page of its own. */
export class SetupGuideAction extends Component {
    static template = "calendar_sync_pro.SetupGuideAction";
    static components = { Layout, SetupGuide };
    static props = { ...standardActionServiceProps };
}
registry.category("actions").add("calendar_sync_pro.setup_guide", SetupGuideAction);
