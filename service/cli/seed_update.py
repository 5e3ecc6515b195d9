"""`argumap seed --update`: brings the example in a store or a running service to its newest edition."""

from schemas.quantity import decoded, encoded
from seed.documents import operation_of
from seed.editions import nodes_of_export, standing, update_of
from seed.loader import Updated, update
from seed.merging import Nodes
from service.cli.api import Api, path
from service.cli.errors import CliError, ExitCode
from service.cli.output import line, working
from service.cli.target import Target


def update_seed(target: Target, name: str) -> None:
    """Update the map and say what was done; raises `CliError` where there is none to update."""
    if target.service_url is None:
        with target.embedded() as store, working("Updating the example"):
            done = store.run(update(store.workspace, name))
    else:
        with target.api() as api, working("Updating the example"):
            done = _over_http(api, name)
    _tell(done)


def exported(api: Api, map_id: str) -> Nodes:
    """The nodes of a map behind the API, their figures digit for digit."""
    return nodes_of_export(decoded(api.get(path("v1", "maps", map_id, "export")).body)["nodes"])


def _over_http(api: Api, map_id: str) -> Updated:
    """As one batch, held to the revision that it was worked out on: who writes in between is not overwritten."""
    address = path("v1", "maps", map_id)
    before = api.get(address)
    mine = exported(api, map_id)
    done = Updated(map_id, before.value["revision"], standing(mine, map_id))
    if done.standing.has is None or not done.standing.is_outdated:
        return done
    merged = update_of(mine, done.standing.has, map_id)
    done.kept = merged.kept
    if merged.commands:
        operations = [operation_of(command) for command in merged.commands]
        body, held = encoded({"operations": operations}), {"If-Match": before.tag or "*"}
        written = api.ask("POST", f"{address}/batch", body=body, headers=held).value
        done.revision = written["revision"]
        done.created, done.updated, done.deleted = (written[part] for part in ("created", "updated", "deleted"))
    return done


def _tell(done: Updated) -> None:
    has, newest = done.standing
    if has is None:
        raise CliError(ExitCode.NO, f"the map {done.map} is no edition of the example; it stays as it is")
    if not done.standing.is_outdated:
        line(f"The map {done.map} has the newest edition, {newest}, already; it stays as it is.")
        return
    if done.is_changed:
        counts = ((len(done.created), "made"), (len(done.updated), "changed"), (len(done.deleted), "deleted"))
        told = ", ".join(f"{count} {what}" for count, what in counts if count)
        line(f"Brought the map {done.map} from edition {has} to {newest} in one change, its revision {done.revision}.")
        line(f"Nodes: {told}.")
    else:
        line(f"Nothing of edition {newest} could be applied to the map {done.map}.")
    if done.kept:
        line(f"Kept as you have it, {len(done.kept)}:")
    for kept in done.kept:
        line(f"  {kept.id}: {kept.why}.")
