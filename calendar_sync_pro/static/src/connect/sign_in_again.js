import { PasswordDialog } from "./password_dialog";

/**
 * Let the owner of `card` sign in once more at `provider`: in its window, or with a password.
 * Has to be called in the click itself, see `SignIn`.
 */
export function signInAgain({ flow, dialog, provider, card, connected }) {
    const { provider: name, purpose, id } = card;
    if (!provider.form) {
        return flow.begin(provider, { provider: name, purpose, account_id: id });
    }
    const onResult = (result) => result.is_ok && connected(result);
    dialog.add(PasswordDialog, { provider, purpose, card, onResult });
}
