import { PopupBlockedDialog } from "./popup_blocked_dialog";
import { SignIn, signInHere } from "./sign_in";

/**
 * One sign-in at a time, from the click to its result, for a page with `state`:
 * `waiting` is {provider, params, isClosed} while the window is open, `notice` the last result.
 */
export class SignInFlow {
    constructor({ dialog, state, resultOf, done }) {
        Object.assign(this, { dialog, state, resultOf, done });
    }

    /** Runs in the click itself, so that the browser allows the window. */
    begin(provider, params) {
        this.signIn?.end({ isCancelled: true });
        this.state.notice = null;
        this.wasAdding = this.state.isAdding;
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
        const result = await this.resultOf(id);
        if (this.wasAdding) {
            // Opened after this sign-in began (the page shows the account before we are told), the
            // choice of providers is for the next one and stays.
            this.state.isAdding = false;
        }
        await this.connected(result);
    }

    /** Show a result, and the page as it is now. */
    async connected(result) {
        this.show(result);
        await this.done();
    }

    async closed(id) {
        const result = await this.resultOf(id);
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

    /** The page is left: stop listening, leave the window alone. */
    leave() {
        this.signIn?.end();
    }
}
