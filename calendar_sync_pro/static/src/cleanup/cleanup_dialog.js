import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { isMoving, outcome, people, percent, sentences } from "./cleanup_words";

const ACCOUNT = "calendar.sync.account";
const RUN = "calendar.sync.cleanup";
const LOOK_EVERY_MS = 2000;

/** The wizard: what would be removed, then how it goes on, then what is left to decide. */
export class CleanupDialog extends Component {
    static template = "calendar_sync_pro.CleanupDialog";
    static components = { Dialog };
    static props = {
        accountId: Number,
        label: String,
        runId: { type: [Number, Boolean], optional: true },
        changed: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.say = sentences;
        this.people = people;
        this.state = useState({ plan: null, run: null, withGuests: false, turnOff: false, isBusy: false });
        const bus = useService("bus_service");
        const onBus = ({ id }) => id === this.state.run?.id && this.look();
        bus.subscribe("calendar_sync_pro/cleanup", onBus);
        onWillStart(() => (this.props.runId ? this.look(this.props.runId) : this.readPlan()));
        onWillUnmount(() => {
            this.isGone = true;
            bus.unsubscribe("calendar_sync_pro/cleanup", onBus);
            browser.clearTimeout(this.timer);
            this.props.changed?.();
        });
    }

    get title() {
        return _t("Remove our events from %s", this.props.label);
    }

    get isMoving() {
        return isMoving(this.state.run);
    }

    get percent() {
        return percent(this.state.run);
    }

    get outcome() {
        return outcome(this.state.run);
    }

    /** How many events the button removes now. */
    get removes() {
        const { plan, withGuests } = this.state;
        return withGuests ? plan.total : plan.quiet;
    }

    when(row) {
        const { DATETIME_MED } = luxon.DateTime;
        return row.start ? deserializeDateTime(row.start).toLocaleString(DATETIME_MED) : "";
    }

    async readPlan() {
        const plan = await this.orm.call(ACCOUNT, "cleanup_plan", [[this.props.accountId]]);
        if (plan.running_id) {
            return this.look(plan.running_id);
        }
        Object.assign(this.state, { plan, run: null });
    }

    /** Read how the run stands; the bus tells most changes at once. */
    async look(id = this.state.run.id) {
        const run = await this.orm.silent.call(RUN, "progress", [[id]]);
        if (this.isGone) {
            return;
        }
        this.state.run = run;
        browser.clearTimeout(this.timer);
        if (isMoving(run)) {
            this.timer = browser.setTimeout(() => this.look(), LOOK_EVERY_MS);
        }
    }

    async start() {
        const { withGuests, turnOff } = this.state;
        await this.whileBusy(async () => {
            const id = await this.orm.call(ACCOUNT, "cleanup_start", [[this.props.accountId]], {
                with_guests: withGuests,
                turn_off: turnOff,
            });
            await this.look(id);
            this.props.changed?.();
        });
    }

    /** Press a button of the run: stop, go_on, put_back, decide. */
    press(method, ...args) {
        return this.whileBusy(async () => {
            try {
                await this.orm.call(RUN, method, [[this.state.run.id], ...args]);
            } finally {
                await this.look();
            }
        });
    }

    async whileBusy(work) {
        this.state.isBusy = true;
        try {
            await work();
        } finally {
            this.state.isBusy = false;
        }
    }
}
