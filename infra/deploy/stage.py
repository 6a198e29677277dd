"""What a person decides about a stage, read from `infra/stages/<stage>.toml`, checked before AWS is asked."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from infra.deploy.errors import DeployError
from infra.local.tools import ROOT
from infra.package import STAGES

FOLDER = ROOT / "infra" / "stages"
_HOST = r"[a-z0-9][a-z0-9.-]*\.[a-z0-9-]+"
_ADDRESS = r"[^@\s<>]+@[^@\s<>]+"


@dataclass(frozen=True)
class Stage:
    """One deployment. Empty `certificate_arn`: no hosts of its own yet, so no web app and no pictures on the net."""

    name: str
    region: str
    app_host: str
    media_host: str
    mail_from: str
    owner_email: str
    workspace: str = "Packshot"
    certificate_arn: str = ""
    bucket_suffix: str = ""
    alarm_email: str = ""
    visual_tags: str = "0"

    def bucket(self, noun: str) -> str:
        return f"packshot-{self.name}-{noun}{self.bucket_suffix}"

    def stack(self, noun: str) -> str:
        return f"packshot-{self.name}-{noun}"

    @property
    def parameters(self) -> Mapping[str, Mapping[str, str]]:
        """Parameters by stack; those of `edge` lack the API's id, which the app stack tells."""
        suffix = {"BucketSuffix": self.bucket_suffix}
        return {
            "data": {"Stage": self.name, "AppOrigin": f"https://{self.app_host}", **suffix},
            "app": {
                "AppUrl": f"https://{self.app_host}",
                "MediaUrl": f"https://{self.media_host}",
                "MailFrom": self.mail_from,
                "AlarmEmail": self.alarm_email,
                "VisualTags": self.visual_tags,
                **suffix,
            },
            "edge": {
                "Stage": self.name,
                "AppHost": self.app_host,
                "MediaHost": self.media_host,
                "CertificateArn": self.certificate_arn,
                **suffix,
            },
        }


_SHAPES = {
    "region": r"[a-z]{2}(-[a-z]+)+-\d",
    "app_host": _HOST,
    "media_host": _HOST,
    "mail_from": _ADDRESS,
    "owner_email": _ADDRESS,
    "workspace": r".{1,100}",
    "certificate_arn": r"(arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[0-9a-f-]+)?",
    "bucket_suffix": r"(-[a-z0-9]{1,20})?",
    "alarm_email": rf"({_ADDRESS})?",
    "visual_tags": "0|1",
}


def read(name: str, folder: Path = FOLDER) -> Stage:
    """The stage of this name. Raises DeployError with every line that is wrong."""
    if name not in STAGES:
        raise DeployError(f"There is no stage {name!r}: STAGE is one of {', '.join(STAGES)}. Nothing was touched.")
    place = folder / f"{name}.toml"
    try:
        told = tomllib.loads(place.read_text())
    except FileNotFoundError as missing:
        raise DeployError(
            f"{place.name} is not there. Copy infra/stages/example.toml to it and fill it in. Nothing was touched."
        ) from missing
    except tomllib.TOMLDecodeError as broken:
        raise DeployError(f"{place.name} cannot be read: {broken}. Nothing was touched.") from broken
    if wrong := list(_wrong(told)):
        raise DeployError("\n".join([f"{place.name} cannot be used; nothing was touched.", *wrong]))
    return Stage(name, **told)


def _wrong(told: Mapping[str, Any]) -> list[str]:
    known = {one.name: one.default for one in fields(Stage) if one.name != "name"}
    lines = [f"  {name}: is not known." for name in told if name not in known]
    lines += [f"  {name}: is missing." for name, default in known.items() if default is MISSING and name not in told]
    for name, value in told.items():
        if name in known and not (isinstance(value, str) and re.fullmatch(_SHAPES[name], value)):
            lines.append(f"  {name}: {value!r} does not look right (expected {_SHAPES[name]}).")
    if told.get("app_host") and told.get("app_host") == told.get("media_host"):
        lines.append("  media_host: must differ from app_host, so that pictures never see a cookie.")
    return lines
