import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";

const CHANNEL = "calendar_sync_pro";
const LOOK_EVERY_MS = 700;

/**
 * One sign-in at a provider in a window of its own.
 *
 * `open()` has to be called in the click itself: browsers block windows that are opened later.
 * The result arrives by BroadcastChannel or by a message; some consent pages cut the tie to the
 * window, which then looks closed although it is not, so a closed window ends nothing by itself.
 */
export class SignIn {
    constructor({ onResult, onClosed }) {
        this.onResult = onResult;
        this.onClosed = onClosed;
        this.id = false;
        this.channel = new BroadcastChannel(CHANNEL);
        this.channel.onmessage = (ev) => this.hear(ev.data);
        this.listener = (ev) => ev.origin === browser.location.origin && this.hear(ev.data);
        browser.addEventListener("message", this.listener);
    }

    /** Open the empty window. False when the browser blocked it. */
    open() {
        this.window = browser.open("about:blank", "_blank", "popup,width=520,height=680");
        return Boolean(this.window) && !this.window.closed;
    }

    /** Ask for a fresh state and go there; returns a refusal or nothing. */
    async go(params) {
        const answer = await rpc("/calendar_sync/oauth/start", { ...params, is_popup: true });
        if (answer.error) {
            this.window.close();
            return answer;
        }
        this.id = answer.id;
        this.window.location = answer.url;
        this.timer = browser.setInterval(() => this.look(), LOOK_EVERY_MS);
    }

    hear(message) {
        if (message?.kind !== "calendar_sync_result") {
            return;
        }
        if (!message.id || message.id === this.id) {
            this.end();
            this.onResult(message.id || this.id);
        }
    }

    look() {
        if (this.window.closed) {
            browser.clearInterval(this.timer);
            this.onClosed(this.id);
        }
    }

    /** Stop waiting. The window is closed unless it shows a result. */
    end({ isCancelled = false } = {}) {
        browser.clearInterval(this.timer);
        browser.removeEventListener("message", this.listener);
        this.channel.close();
        if (isCancelled) {
            this.window?.close();
        }
    }
}

/** Sign in without a window: leave this page and come back to it. Returns a refusal, if any. */
export async function signInHere(params) {
    const backTo = browser.location.pathname;
    const answer = await rpc("/calendar_sync/oauth/start", {
        ...params,
        is_popup: false,
        back_to: backTo,
    });
    if (answer.error) {
        return answer;
    }
    browser.location.assign(answer.url);
}
