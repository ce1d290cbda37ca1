/* The sign-in window: tell the page that opened it, then close. */
(() => {
    const page = document.querySelector(".result");
    const message = {
        kind: "calendar_sync_result",
        id: Number(page.dataset.id) || 0,
        code: page.dataset.code,
    };
    // A consent page may cut the tie to the opener, so both ways are used.
    new BroadcastChannel("calendar_sync_pro").postMessage(message);
    window.opener?.postMessage(message, window.location.origin);
    const isTrouble = message.code !== "ok";
    // A result that must be read stays open; the page behind shows it too.
    window.setTimeout(() => window.close(), isTrouble ? 8000 : 600);
})();
