import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
import { AccountCard } from "./account_card";
import { PasswordDialog } from "./password_dialog";
import { ProviderCard } from "./provider_card";
import { signInAgain } from "./sign_in_again";
import { SignInFlow } from "./sign_in_flow";

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
        this.flow = new SignInFlow({
            dialog: this.dialog,
            state: this.state,
            resultOf: (id) => this.orm.call("calendar.sync.consent", "result_of", [id]),
            done: () => this.load(),
        });
        const bus = useService("bus_service");
        const onBus = () => this.load();
        bus.subscribe("calendar_sync_pro/account", onBus);
        onWillStart(() => this.load());
        onWillUnmount(() => {
            this.isGone = true;
            bus.unsubscribe("calendar_sync_pro/account", onBus);
            browser.clearTimeout(this.timer);
            this.flow.leave();
        });
    }

    /** Read the page anew and show it; undefined when it was left meanwhile. */
    async load() {
        if (this.isGone) {
            return;
        }
        const page = await this.orm.silent.call(ACCOUNT, "connections_page", [], {
            user_id: this.props.userId || false,
        });
        if (this.isGone) {
            return;
        }
        if (!this.state.page && page.result) {
            this.flow.show(page.result);
        }
        this.state.page = page;
        // The bus tells most changes at once; this is for progress and for a lost connection.
        browser.clearTimeout(this.timer);
        const isMoving = page.accounts.some(
            (card) => card.is_first_sync || card.trial?.state === "waiting"
        );
        this.timer = browser.setTimeout(
            () => this.load(),
            isMoving ? LOOK_OFTEN_MS : LOOK_EVERY_MS
        );
        return page;
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

    connect(provider, purpose = "sync") {
        if (provider.form) {
            this.askPassword(provider, { purpose });
        } else {
            this.flow.begin(provider, { provider: provider.name, purpose });
        }
    }

    reconnect(card) {
        this.state.notice = null;
        signInAgain({
            flow: this.flow,
            dialog: this.dialog,
            provider: this.state.page.providers.find((one) => one.name === card.provider),
            card,
            connected: (result) => this.flow.connected(result),
        });
    }

    askPassword(provider, what) {
        this.state.notice = null;
        const onResult = (result) => {
            if (result.is_ok) {
                this.state.isAdding = false;
                this.flow.connected(result);
            }
        };
        this.dialog.add(PasswordDialog, { provider, onResult, ...what });
    }

    askDisconnect(card) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Disconnect %s?", card.email),
            body: `${this.whatIsForgotten(card)} ${_t(
                "Every appointment stays where it is, in Odoo and in the calendar, and nobody is e-mailed. You can connect the same account again later and go on where you left off."
            )} ${_t("Removing our events from the calendar needs the connection: do that first.")}`,
            confirmLabel: _t("Disconnect"),
            confirmClass: "btn-danger",
            confirm: () => this.disconnect(card),
            cancel: () => {},
        });
    }

    whatIsForgotten(card) {
        if (card.login) {
            return _t("Odoo forgets the password and stops syncing.");
        }
        const values = { provider: card.provider_label };
        return card.grants_url
            ? _t(
                  "Odoo forgets its access to %(provider)s and stops syncing. Your permission stays in your account there until you take it back.",
                  values
              )
            : _t("Odoo gives its access back to %(provider)s and stops syncing.", values);
    }

    /** What Odoo forgot still works at the provider until the person ends it there. */
    async disconnect(card) {
        await this.act(card, "disconnect");
        if (card.login || card.grants_url) {
            this.state.notice = {
                isOk: true,
                code: "forgotten",
                title: _t("Disconnected"),
                text: card.login
                    ? _t(
                          "Odoo has forgotten the password. If you made it for Odoo alone, delete it at the calendar service too."
                      )
                    : _t(
                          "Odoo has forgotten its access. To take the permission back as well, remove it among the apps of your account."
                      ),
                link: card.login ? card.login.password_url : card.grants_url,
                linkText: card.login
                    ? _t("Where passwords for apps are deleted")
                    : _t("The apps of your account"),
            };
        }
    }

    openSettings() {
        this.action.doAction("calendar_sync_pro.setup_guide_action");
    }
}
