"""Settings: every value that differs between stages. `load()` is the only reader of the environment.

Resources are named after the stage, so one word stands for twenty addresses. Secrets are never
settings: `wiring.py` derives them from one master key, which lies in SSM under `master_key_parameter`.
"""

import os
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Settings(BaseModel):
    """One stage's settings, frozen. Each field is read from `PACKSHOT_<NAME>` in upper case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str = Field(pattern=r"^[a-z][a-z0-9-]{1,15}$", description="Name of the deployment.")
    url: str = Field(pattern=r"^https?://[^/]+$", description="Where API and web app answer, no slash at the end.")
    media_url: str = Field(pattern=r"^https?://[^/]+$", description="Cookie-less host of thumbnails and previews.")
    bucket_suffix: str = Field("", description="Makes bucket names unique in the world.")
    boot_id: str = Field("lambda", description="Names this run; claims of other runs are void at a local start.")
    lone_workspace: str = Field("", description="The only workspace there is: it sees what arrives outside any.")
    lease_s: int = Field(150, ge=5, le=900, description="How long one worker owns an arrival, in seconds.")
    tries: int = Field(3, ge=1, le=10, description="Failed tries before an arrival is quarantined.")
    job_run_s: int = Field(600, ge=5, le=840, description="A job's run pauses after this long, in seconds.")
    max_object_bytes: int = Field(5 * 1024**4, ge=1, description="Largest file that is taken in, in bytes.")
    max_pixels: int = Field(268_000_000, ge=1, description="Largest picture that is decoded, in pixels.")
    media_memory_bytes: int = Field(2 * 1024**3, ge=2**28, description="Memory limit of the picture child.")
    media_cpu_s: int = Field(20, ge=1, le=600, description="CPU limit of the picture child, in seconds.")
    media_wall_s: int = Field(30, ge=1, le=600, description="Wall clock limit of one picture, in seconds.")
    visual_tags: bool = Field(False, description="Whether a model looks at new pictures to tag what it sees.")
    index_folder: str = Field("", description="Where indexes are mirrored; empty for the system's temporary folder.")
    index_bytes: int = Field(
        1536 * 2**20,
        ge=2**20,
        description="Most bytes of mirrored indexes a process keeps for reading, and for writing.",
    )
    drive_url: str = Field(
        "https://www.googleapis.com",
        pattern=r"^(https://www\.googleapis\.com|http://127\.0\.0\.1:\d+)$",
        description="Where Google Drive answers; anything else must be on this machine.",
    )
    shopify_url: str = Field(
        "https://{shop}",
        pattern=r"^(https://\{shop\}|http://127\.0\.0\.1:\d+(/\{shop\})?)$",
        description="Where Shopify stores answer, `{shop}` being a store's host; else it must be on this machine.",
    )
    mail_from: str = Field(
        "packshot@localhost",
        pattern=r"^[^@\s<>]+@[^@\s<>]+$",
        description="The address that mails come from; SES must know it.",
    )
    mail_wait_s: int = Field(120, ge=0, le=3600, description="A notice waits this long for others to be mailed with.")
    mail_apart_s: int = Field(
        1800, ge=0, le=86_400, description="Mails about notices to one person are this far apart, in seconds."
    )
    edge_hops: int = Field(1, ge=1, le=5, description="How many hosts of ours hand on a request before the API's own.")
    session_hours: int = Field(12, ge=1, le=720, description="A session ends after this long without a request.")

    def table(self, noun: str) -> str:
        """Name of the table of one aggregate; underscores become hyphens."""
        return f"packshot-{self.stage}-{noun.replace('_', '-')}"

    def bucket(self, noun: str) -> str:
        """Name of the bucket `inbox`, `originals`, `renditions` or `index`."""
        return f"packshot-{self.stage}-{noun}{self.bucket_suffix}"

    def queue(self, noun: str) -> str:
        """Name of a queue: `events`, `ingest`, `outbox`, `jobs`, `connections`; `index` keeps the order of a group."""
        return f"packshot-{self.stage}-{noun}" + (".fifo" if noun == "index" else "")

    def dead_queue(self, noun: str) -> str:
        """Name of the queue that takes what failed again and again in the queue `noun`."""
        return f"packshot-{self.stage}-{noun}-dead" + (".fifo" if noun == "index" else "")

    @property
    def media_function(self) -> str:
        """Name of the function that opens pictures."""
        return f"packshot-{self.stage}-media"

    @property
    def drop_role(self) -> str:
        """Name of the role whose keys are lent to drop files with."""
        return f"packshot-{self.stage}-drop"

    @property
    def master_key_parameter(self) -> str:
        """Name of the SSM SecureString from which all other secrets are derived."""
        return f"/packshot/{self.stage}/master-key"


class SettingsError(Exception):
    """The environment is incomplete or wrong; the message names every variable at once."""


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read settings from the environment.

    Raises:
        SettingsError: naming each missing or malformed `PACKSHOT_…` variable.
    """
    source = os.environ if environment is None else environment
    values = {
        name: source[f"PACKSHOT_{name.upper()}"]
        for name in Settings.model_fields
        if f"PACKSHOT_{name.upper()}" in source
    }
    try:
        return Settings.model_validate(values)
    except ValidationError as problem:
        lines = [f"PACKSHOT_{str(e['loc'][0]).upper()}: {e['msg']}" for e in problem.errors()]
        raise SettingsError("Settings are not complete:\n" + "\n".join(lines)) from problem
