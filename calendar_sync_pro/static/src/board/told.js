import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Says what a button of the board did, once the list shows it, and offers to take it back. */
export async function boardTold(env, { params }) {
    const { action, notification, orm } = env.services;
    await action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
    const undo = async () => {
        close();
        const { method, ids } = params.undo;
        await action.doAction(await orm.call("calendar.sync.account", method, [ids]));
    };
    const close = notification.add(params.message, {
        type: "success",
        buttons: params.undo ? [{ name: _t("Undo"), primary: true, onClick: undo }] : [],
        autocloseDelay: params.undo ? 15000 : undefined,
    });
}
registry.category("actions").add("calendar_sync_pro.board_told", boardTold);
