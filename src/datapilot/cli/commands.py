"""The commands there are, in the order help shows them. Loads none of them."""

from typing import NamedTuple


class Place(NamedTuple):
    """Where a command lives, in a module beside this one, and its help in one line. It is the function of its name, or
    the module's VERBS: `datapilot keys create|list|revoke`."""

    module: str
    summary: str


# In the order `datapilot --help` shows them. The summaries stand here so that showing them loads no command.
COMMANDS = {
    "up": Place("run", "Start everything: page, API, workers and, without REDIS_URL, a queue server of our own."),
    "api": Place("run", "Serve the page and the API alone."),
    "worker": Place("run", "Work on jobs."),
    "analyze": Place("analyze", "Analyse FILE without a server."),
    "table": Place("table", "Write the whole main table of FILE, header first."),
    "verify": Place("verify", "Recompute every number of RESULT from FILE; exit 1 on any mismatch."),
    "reprocess": Place("reprocess", "Make the insights of a finished job anew from its stored result."),
    "cancel": Place("cancel", "Cancel a waiting or running job."),
    "delete": Place("delete", "Delete an ended job now, with its upload and its results."),
    "feedback": Place("feedback", "Judge the insights of a finished job, one by one."),
    "dataset": Place("dataset", "Make a training set of what was approved, inspect one, or let two models answer it."),
    "clean": Place("clean", "Delete jobs older than JOB_TTL_HOURS; a dry run unless CLEANER_DRY_RUN=false."),
    "health": Place("health", "Say whether a job could run now; exit 1 when none would be accepted."),
    "keys": Place("keys", "Create, list or revoke the API keys of this folder's server or the one of REDIS_URL."),
    "smoke": Place("smoke", "Try every step a user may take on a running server; exit 1 when one fails."),
    "version": Place("version", "Print the version."),
}

CALLED_WRONGLY = 2  # the exit status
