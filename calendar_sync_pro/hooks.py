"""What happens once, at install and at uninstall."""


def post_init_hook(env):
    """Make the encryption key at install, so that the first connection finds it."""
    env["calendar.sync.account"]._ensure_key()


def uninstall_hook(env):
    """Take grants back at the providers; appointments stay as they are."""
    env["calendar.sync.account"].search([])._forget_grants()
