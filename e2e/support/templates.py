"""Databases to start from: Odoo with what the addon depends on, and the same with the addon in it.

    base      Odoo's own modules. Kept in the cache as a dump: the second checkout restores it.
    template  base plus calendar_sync_pro, as the files are now; a fresh install, never an update.

Both come plain or with demo data (`kind`). A test works on a copy of the template.
"""

import ast
import hashlib
import os
import shutil
import subprocess
import tempfile
import textwrap
from pathlib import Path

from scripts.ground import places
from scripts.ground.progress import only_one, say

from .odoo_process import filestore, install, shell
from .postgres import Cluster

KINDS = ("plain", "demo")
KEPT = 3  # templates of one kind that are kept: switching between two branches stays fast
# What a browser or a test runner reads from the files each time; the database has no copy of it.
NOT_INSTALLED = ("tests", "static", "__pycache__", "i18n")


# The base comes from the cache, perhaps days old: Odoo's digest and its reminder of users who never
# signed in would be due, and a test that watches for any mail would see them. All of it is offline:
# no lead is looked up at Odoo's enrichment service.
QUIET = """
    UPDATE ir_cron SET active = FALSE
     WHERE id IN (SELECT res_id FROM ir_model_data
                   WHERE model = 'ir.cron' AND module IN ('digest', 'auth_signup',
                                                               'crm_iap_enrich'))
"""

# What browsers load is bundled once: tests roll back, and would bundle it anew each time.
_BUNDLE = """
    bundle = env["ir.qweb"]._get_asset_bundle
    for name in ("assets_web", "assets_frontend_minimal", "assets_frontend_lazy", "assets_tests",
                 "assets_unit_tests", "assets_unit_tests_setup"):
        bundle(f"web.{name}", css=False, js=True).js()
    for name in ("assets_web", "assets_web_print", "assets_frontend", "assets_unit_tests_setup"):
        bundle(f"web.{name}", css=True, js=False).css()
    env.cr.commit()
"""


def addon_hash() -> str:
    """A short mark of everything in the addon that an installation reads."""
    digest = hashlib.sha256(os.environ["CSP_ODOO_VERSION"].encode())
    for path in sorted(places.ADDON.rglob("*")):
        part = path.relative_to(places.ADDON)
        if (
            path.is_file()
            and part.parts[0] not in NOT_INSTALLED
            and "__pycache__" not in part.parts
        ):
            digest.update(str(part).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


def template(cluster: Cluster, kind: str) -> str:
    """The name of the database to copy, up to date with the addon's files."""
    name = f"tmpl_{kind}_{addon_hash()}"
    with only_one(places.state_dir() / f"template-{kind}.lock", f"the {kind} template"):
        if name not in cluster.databases():
            _make_template(cluster, kind, name)
            _forget_old(cluster, kind, name)
    return name


def without_addon(cluster: Cluster, kind: str, modules: list[str]) -> str:
    """The name of a database to copy that has Odoo's `modules` and not the addon."""
    source = base(cluster, kind)
    name = f"{source}_{hashlib.sha256(','.join(modules).encode()).hexdigest()[:6]}"
    with only_one(places.state_dir() / f"{name}.lock", f"the database with {modules[0]}"):
        if name not in cluster.databases():
            passing = f"making_{name}"
            clone(cluster, source, passing)
            install(cluster, passing, modules, demo=False)
            cluster.query(passing, QUIET)
            _rename(cluster, passing, name)
    return name


def clone(cluster: Cluster, source: str, target: str) -> None:
    """Copy a database with its attachments; an older one of that name goes."""
    drop(cluster, target)
    _copy_attachments(source, target)
    cluster.clone(source, target)


def carry(shared: Cluster, source: str, own: Cluster, target: str) -> None:
    """Copy a database into another cluster (some ten seconds); an older one of that name goes."""
    drop(own, target)
    _copy_attachments(source, target)
    own.query("postgres", f'CREATE DATABASE "{target}" TEMPLATE template0')
    with tempfile.TemporaryDirectory() as folder:
        dump = f"{folder}/database"
        run_client(shared, "pg_dump", "-Fc", "-Z0", "-f", dump, source)
        run_client(own, "pg_restore", "-j2", "--no-owner", "-d", target, dump)
    own.query(target, "ANALYZE")
    own.renew_identity(target)


def _copy_attachments(source: str, target: str) -> None:
    if filestore(source).is_dir():
        # Attachments never change once written, so the copy may share them.
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link)


def drop(cluster: Cluster, database: str) -> None:
    """Delete a database and its attachments."""
    cluster.drop(database)
    shutil.rmtree(filestore(database), ignore_errors=True)
    (places.state_dir() / f"odoo-{database}.conf").unlink(missing_ok=True)


def _make_template(cluster: Cluster, kind: str, name: str) -> None:
    """Install the addon on a copy of the base under a passing name, then give it its own."""
    passing = f"making_{kind}"
    clone(cluster, base(cluster, kind), passing)
    install(cluster, passing, [places.NAME], demo=kind == "demo")
    cluster.query(passing, QUIET)
    say("* bundle what browsers load ...")
    shell(cluster, passing, textwrap.dedent(_BUNDLE))
    _rename(cluster, passing, name)


def _rename(cluster: Cluster, old: str, new: str) -> None:
    shutil.rmtree(filestore(new), ignore_errors=True)
    if filestore(old).is_dir():
        filestore(old).rename(filestore(new))
    cluster.query("postgres", f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def _forget_old(cluster: Cluster, kind: str, newest: str) -> None:
    """Drop all templates of the kind but the last few."""
    query = "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC"
    names = [row[0] for row in cluster.query("postgres", query, (f"tmpl\\_{kind}\\_%",))]
    for name in names[KEPT:]:
        if name != newest:
            drop(cluster, name)


# -- the base ---------------------------------------------------------------------------------
def base(cluster: Cluster, kind: str) -> str:
    """The name of the base in this cluster, that is Odoo without the addon: there, restored
    from the cache, or made."""
    modules = _dependencies()
    seed = f"2 {os.environ['CSP_ODOO_VERSION']} {kind} {modules}"
    name = f"base_{kind}_{hashlib.sha256(seed.encode()).hexdigest()[:10]}"
    if name not in cluster.databases():
        dump = places.cache_dir() / name
        if not (dump / "COMPLETE").exists():
            with only_one(places.cache_dir() / f"{name}.lock", "the base database"):
                if not (dump / "COMPLETE").exists():
                    _make_base(cluster, kind, modules, dump)
        _restore(cluster, dump, name)
    return name


def _dependencies() -> list[str]:
    """The modules that the addon's manifest depends on."""
    text = (places.ADDON / "__manifest__.py").read_text(encoding="utf-8")
    return sorted(ast.literal_eval(text)["depends"])


def _make_base(cluster: Cluster, kind: str, modules: list[str], dump: Path) -> None:
    """Install Odoo's modules in an empty database and put a dump of it into the cache."""
    passing = f"making_base_{kind}"
    drop(cluster, passing)
    say(f"* base database ({kind}), made once: about half a minute")
    install(cluster, passing, modules, demo=kind == "demo")
    part = dump.with_name(f"{dump.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    run_client(cluster, "pg_dump", "-Fc", "-Z1", "-f", str(part / "database"), passing)
    filestore(passing).mkdir(parents=True, exist_ok=True)
    shutil.copytree(filestore(passing), part / "filestore")
    (part / "COMPLETE").write_text("", encoding="utf-8")
    shutil.rmtree(dump, ignore_errors=True)
    part.rename(dump)
    drop(cluster, passing)


def _restore(cluster: Cluster, dump: Path, name: str) -> None:
    """Load a dump under a passing name, then give it its own."""
    passing = f"restoring_{name}"
    drop(cluster, passing)
    cluster.query("postgres", f'CREATE DATABASE "{passing}" TEMPLATE template0')
    run_client(cluster, "pg_restore", "-j2", "--no-owner", "-d", passing, str(dump / "database"))
    shutil.copytree(dump / "filestore", filestore(passing))
    cluster.query(passing, "ANALYZE")
    _rename(cluster, passing, name)


def run_client(cluster: Cluster, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on the cluster. Raises CalledProcessError."""
    address = ["-h", cluster.host, "-p", str(cluster.port), "-U", cluster.user]
    subprocess.run([cluster.program(program), *address, *arguments], check=True)
