import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { signInAgain } from "../connect/sign_in_again";
import { SignInFlow } from "../connect/sign_in_flow";
import { deviceZone, look, lookOf, OPENS, textForAdministrator } from "./diagnosis_words";
import { EntrySearch } from "./entry_search";
import { TextToCopy } from "./text_to_copy";

const ACCOUNT = "calendar.sync.account";
const LOOKS_MS = [2000, 4000, 8000];

/**
 * Why isn't it synced? All checks of a connection or of an appointment in order; what to begin with
 * stands on top with a button that mends it. After that the checks run again by themselves.
 */
export class DiagnosisDialog extends Component {
    static template = "calendar_sync_pro.DiagnosisDialog";
    static components = { Dialog, Dropdown, DropdownItem, EntrySearch, TextToCopy };
    static props = {
        model: String,
        id: Number,
        changed: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.lookOf = lookOf;
        this.state = useState({ page: null, busy: "", done: null, copy: null, waiting: null, notice: null });
        this.flow = new SignInFlow({
            dialog: this.dialog,
            state: this.state,
            resultOf: (id) => this.orm.call("calendar.sync.consent", "result_of", [id]),
            done: () => this.checkAgain(),
        });
        this.followBus();
        onWillStart(() => this.load());
        onWillUnmount(() => {
            this.isGone = true;
            browser.clearTimeout(this.timer);
            this.flow.leave();
            this.props.changed?.();
        });
    }

    /** What a worker has done meanwhile is looked at without a click. */
    followBus() {
        const bus = useService("bus_service");
        for (const kind of ["calendar_sync_pro/account", "calendar_sync_pro/event"]) {
            const onBus = () => this.load(); // one for each: by it the bus knows what to end
            bus.subscribe(kind, onBus);
            onWillUnmount(() => bus.unsubscribe(kind, onBus));
        }
    }

    get title() {
        return _t("Why isn't it synced?");
    }

    /** The row to begin with; nothing when all is well. */
    get main() {
        return this.state.page.rows[this.state.page.main];
    }

    get headline() {
        return look(this.main);
    }

    async load() {
        if (this.isGone) {
            return;
        }
        const page = await this.orm.silent.call(this.props.model, "diagnose", [[this.props.id]], {
            device_zone: deviceZone(),
        });
        if (!this.isGone && this.state.busy !== "ask") {
            this.state.page = page;
        }
    }

    /** Look a few times, ever later: the workers need a moment. */
    async checkAgain(waits = LOOKS_MS) {
        browser.clearTimeout(this.timer);
        await this.load();
        if (waits.length && !this.isGone && this.state.page.main !== -1) {
            this.timer = browser.setTimeout(() => this.checkAgain(waits.slice(1)), waits[0]);
        }
    }

    async whileBusy(code, work) {
        Object.assign(this.state, { busy: code, copy: null });
        try {
            await work();
        } finally {
            this.state.busy = "";
        }
    }

    /** Ask the calendar service itself; the page can be left meanwhile. */
    ask() {
        return this.whileBusy("ask", async () => {
            const { account_id, event_id } = this.state.page;
            const page = await this.orm.call(ACCOUNT, "diagnose_ask", [[account_id]], {
                event_id,
                device_zone: deviceZone(),
            });
            if (!this.isGone) {
                this.state.page = page;
            }
        });
    }

    /** Press a button of a row. */
    press(fix, eventId = false, value = fix.value) {
        browser.clearTimeout(this.timer);
        switch (fix.code) {
            case "authorize":
            case "reconnect":
                return this.signIn();
            case "approval":
                return this.show(textForAdministrator(this.state.page.approval));
            case "copy":
                return this.show(this.state.page.text);
            case "again":
                return this.whileBusy("again", () => this.checkAgain([]));
            case "ask":
                return this.ask();
            case "open_there":
                return browser.open(this.state.page.web_url, "_blank", "noopener");
            case "refresh":
                return this.whileBusy("refresh", () => this.refresh());
        }
        return OPENS.has(fix.code) ? this.open(fix, eventId, value) : this.mend(fix, eventId, value);
    }

    signIn() {
        const { provider, card } = this.state.page.sign_in;
        this.state.notice = null;
        const connected = (result) => this.flow.connected(result);
        signInAgain({ flow: this.flow, dialog: this.dialog, provider, card, connected });
    }

    show(text) {
        this.state.copy = text;
    }

    async refresh() {
        const found = await this.orm.call(ACCOUNT, "refresh_calendars", [[this.state.page.account_id]]);
        this.state.done = { said: found.error || _t("The list is up to date"), undo: false };
        await this.load();
    }

    mend(fix, eventId, value) {
        return this.whileBusy(fix.code, async () => {
            const { account_id, event_id } = this.state.page;
            const args = [[account_id], fix.code, eventId || event_id, value];
            const done = await this.orm.call(ACCOUNT, "diagnose_fix", args);
            this.state.done = done.said ? done : null;
            if (done.action) {
                return this.follow(done.action);
            }
            await this.checkAgain();
        });
    }

    undo() {
        return this.mend(this.state.done.undo, false, this.state.done.undo.value);
    }

    open(fix, eventId, value) {
        return this.whileBusy(fix.code, async () => {
            const { account_id, event_id } = this.state.page;
            const args = [fix.code, account_id, eventId || event_id, value];
            await this.follow(await this.orm.call("calendar.sync.fix", "open_of", args));
        });
    }

    /** A dialog opens above this one, which then looks again; a page takes its place. */
    async follow(action) {
        if (action.target !== "new") {
            this.props.close();
        }
        await this.action.doAction(action, { onClose: () => !this.isGone && this.checkAgain() });
    }
}
