import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";

/**
 * Connecting with a user name and a password. Errors are said in place and the field they are about
 * gets the focus; nothing is stored before everything worked.
 */
export class PasswordDialog extends Component {
    static template = "calendar_sync_pro.PasswordDialog";
    static components = { Dialog };
    static props = {
        provider: Object,
        purpose: String,
        /** The account that is connected again, with what needs not be typed twice. */
        card: { type: [Object, Boolean], optional: true },
        onResult: Function,
        close: Function,
    };

    setup() {
        const { presets } = this.form;
        const login = this.props.card?.login || {};
        this.root = useRef("root");
        this.state = useState({
            preset: login.preset || (this.form.needs_address ? "" : presets[0].name),
            address: login.address || "",
            username: login.username || "",
            password: "",
            isBusy: false,
            problem: null,
        });
        onMounted(() => this.focusOn(this.firstEmpty));
        // After the drawing: while the server was asked the fields were not usable.
        useEffect(
            // Of a question, the answer that gives nothing away.
            (problem) =>
                problem && this.focusOn(problem.offer ? "change" : problem.field || "password"),
            () => [this.state.problem]
        );
    }

    get form() {
        return this.props.provider.form;
    }

    get title() {
        const { card, provider } = this.props;
        return card ? _t("Connect %s again", card.email) : _t("Connect to %s", provider.label);
    }

    /** The chosen service; nothing for a server of one's own. */
    get preset() {
        return this.form.presets.find((one) => one.name === this.state.preset);
    }

    get words() {
        return {
            passwords: _t("%s: app passwords", this.preset.label),
            explained: _t("How %s explains it", this.preset.label),
        };
    }

    get hasChoice() {
        return this.form.needs_address && this.form.presets.length > 0;
    }

    get firstEmpty() {
        const { state } = this;
        if (this.form.needs_address && !state.address) {
            return this.hasChoice ? "preset" : "address";
        }
        return state.username ? "password" : "username";
    }

    /** What happened, and what to do about it, for the field `name`. */
    describedBy(name) {
        return this.state.problem?.field === name ? "csp_login_problem" : undefined;
    }

    choose(ev) {
        const before = this.preset?.address || "";
        this.state.preset = ev.target.value;
        if (!this.state.address || this.state.address === before) {
            this.state.address = this.preset?.address || "";
        }
    }

    focusOn(name) {
        this.root.el?.querySelector(`[name=${name}]`)?.focus();
    }

    async submit() {
        if (this.state.isBusy) {
            return;
        }
        Object.assign(this.state, { isBusy: true, problem: null });
        try {
            this.told(await this.send());
        } finally {
            this.state.isBusy = false;
        }
    }

    /** The person agrees: what was found becomes the address, as if it had been typed. */
    useOffer() {
        this.state.address = this.state.problem.offer.address;
        this.state.preset = "";
        return this.submit();
    }

    /** Not that server: the address is there to be changed, the password stays where it is. */
    declineOffer() {
        this.state.problem = null;
        this.focusOn("address");
    }

    told(result) {
        this.props.onResult(result);
        if (result.is_ok) {
            this.props.close();
        } else {
            Object.assign(this.state, { problem: result, isBusy: false });
        }
    }

    send() {
        const { provider, purpose, card } = this.props;
        const { address, username, password } = this.state;
        const params = { provider: provider.name, purpose, address, username, password };
        return rpc("/calendar_sync/password/connect", { ...params, account_id: card?.id || false });
    }
}
