import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
import { AccountCard } from "./account_card";
import { PopupBlockedDialog } from "./popup_blocked_dialog";
import { ProviderCard } from "./provider_card";
import { SignIn, signInHere } from "./sign_in";

const ACCOUNT = "calendar.sync.account";
const LOOK_EVERY_MS = 20000;
const LOOK_OFTEN_MS = 2000;

/** Everything about one user's calendar connections: connect, choose, switch, disconnect. */
export class Connections extends Component {
    static template = "calendar_sync_pro.Connections";
    static components = { AccountCard, ProviderCard };
    static props = { userId: { type: [Number, Boolean], optional: true } };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.state = useState({ page: null, waiting: null, notice: null, isAdding: false });
        const bus = useService("bus_service");
        const onBus = () => this.load();
        bus.subscribe("calendar_sync_pro/account", onBus);
        onWillStart(() => this.load());
        onWillUnmount(() => {
            this.isGone = true;
            bus.unsubscribe("calendar_sync_pro/account", onBus);
            browser.clearTimeout(this.timer);
            this.signIn?.end();
        });
    }

    async load() {
        const page = await this.orm.silent.call(ACCOUNT, "connections_page", [], {
            user_id: this.props.userId || false,
        });
        if (this.isGone) {
            return;
        }
        if (!this.state.page && page.result) {
            this.show(page.result);
        }
        this.state.page = page;
        // The bus tells most changes at once; this is for progress and for a lost connection.
        browser.clearTimeout(this.timer);
        const isMoving = page.accounts.some((card) => card.is_first_sync);
        this.timer = browser.setTimeout(
            () => this.load(),
            isMoving ? LOOK_OFTEN_MS : LOOK_EVERY_MS
        );
    }

    get current() {
        return this.state.page.accounts.find((card) => card.id === this.state.page.current_id);
    }

    get others() {
        return this.state.page.accounts.filter((card) => card.id !== this.state.page.current_id);
    }

    /** A method of one account, then the page as it is now. Errors are Odoo's own dialogs. */
    async act(card, method, ...args) {
        try {
            return await this.orm.call(ACCOUNT, method, [[card.id], ...args]);
        } finally {
            await this.load();
        }
    }

    // -- signing in ---------------------------------------------------------------------------
    connect(provider, purpose = "sync") {
        this.begin(provider, { provider: provider.name, purpose });
    }

    reconnect(card) {
        const provider = this.state.page.providers.find((one) => one.name === card.provider);
        this.begin(provider, {
            provider: card.provider,
            purpose: card.purpose,
            account_id: card.id,
        });
    }

    /** Runs in the click itself, so that the browser allows the window. */
    begin(provider, params) {
        this.signIn?.end({ isCancelled: true });
        this.state.notice = null;
        this.signIn = new SignIn({
            onResult: (id) => this.finished(id),
            onClosed: (id) => this.closed(id),
        });
        if (!this.signIn.open()) {
            this.signIn.end();
            this.blocked(provider, params);
            return;
        }
        this.state.waiting = { provider, params, isClosed: false };
        this.go(params);
    }

    async go(params) {
        const signIn = this.signIn;
        try {
            const refusal = await signIn.go(params);
            if (refusal) {
                this.stopWaiting();
                this.show(refusal);
            }
        } catch (error) {
            signIn.end({ isCancelled: true });
            this.state.waiting = null;
            throw error;
        }
    }

    blocked(provider, params) {
        this.dialog.add(PopupBlockedDialog, {
            providerLabel: provider.label,
            retry: () => this.begin(provider, params),
            here: async () => this.show(await signInHere(params)),
        });
    }

    async finished(id) {
        this.state.waiting = null;
        this.show(await this.orm.call("calendar.sync.consent", "result_of", [id]));
        this.state.isAdding = false;
        await this.load();
    }

    async closed(id) {
        const result = await this.orm.call("calendar.sync.consent", "result_of", [id]);
        if (result) {
            this.signIn.end();
            await this.finished(id);
        } else if (this.state.waiting) {
            this.state.waiting.isClosed = true;
        }
    }

    again() {
        this.begin(this.state.waiting.provider, this.state.waiting.params);
    }

    stopWaiting() {
        this.signIn?.end({ isCancelled: true });
        this.state.waiting = null;
    }

    show(notice) {
        if (notice) {
            this.state.notice = { ...notice, isOk: Boolean(notice.is_ok) };
        }
    }

    // -- the cards ----------------------------------------------------------------------------
    askDisconnect(card) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Disconnect %s?", card.email),
            body: _t(
                "Odoo gives its access back to %(provider)s and stops syncing. Every appointment stays where it is, in Odoo and in the calendar, and nobody is e-mailed. You can connect the same account again later and go on where you left off.",
                { provider: card.provider_label }
            ),
            confirmLabel: _t("Disconnect"),
            confirmClass: "btn-danger",
            confirm: () => this.act(card, "disconnect"),
            cancel: () => {},
        });
    }

    openSettings() {
        this.action.doAction("calendar_sync_pro.calendar_sync_settings_action");
    }
}
