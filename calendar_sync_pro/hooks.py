"""What happens once, at install and at uninstall."""


def post_init_hook(env):
    """Make the encryption key, so that the first connection finds it; know again which event is
    which, when the addon was here before."""
    env["calendar.sync.account"]._ensure_key()
    env["calendar.sync.former"]._take_back()


def uninstall_hook(env):
    """Keep the ids for the next installation and take grants back at the providers; appointments
    stay as they are."""
    env["calendar.sync.former"]._keep()
    env["calendar.sync.account"].search([])._forget_grants()
