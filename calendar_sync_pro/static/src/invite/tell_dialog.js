import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";

/** Asked before an invited meeting is moved in the calendar: whom to tell, or not to move it. */
export class TellDialog extends Component {
    static template = "calendar_sync_pro.TellDialog";
    static components = { Dialog };
    static props = {
        facts: Object,
        choose: Function,
        close: Function,
    };

    get people() {
        const { count, names } = this.props.facts;
        return count === 1
            ? _t("1 person is invited: %s.", names)
            : _t("%(count)s people are invited: %(names)s.", { count, names });
    }

    get tellLabel() {
        const { count } = this.props.facts;
        return count === 1 ? _t("Tell 1 person") : _t("Tell %s people", count);
    }

    get quietLabel() {
        return this.props.facts.is_loud ? _t("Move it in Odoo only") : _t("Don't tell");
    }

    get consequence() {
        const { sender, is_loud: isLoud, is_by_odoo: isByOdoo } = this.props.facts;
        if (isLoud) {
            return _t(
                "%s e-mails the guests about every change. Moved in Odoo only, the change waits until you decide to send it.",
                sender
            );
        }
        if (isByOdoo) {
            return _t("Odoo mails them the new time with a calendar file. If you do not tell them, their calendars keep the old time.");
        }
        return _t("%s mails them the new time. If you do not tell them, their calendars change without an e-mail.", sender);
    }

    choose(choice) {
        this.props.choose(choice);
        this.props.close();
    }
}

/** "invite", "quiet", or "" to leave the meeting where it was. */
export function askWhomToTell(dialog, facts) {
    return new Promise((resolve) => {
        dialog.add(TellDialog, { facts, choose: resolve }, { onClose: () => resolve("") });
    });
}
