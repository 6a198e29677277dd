"""Approved versions that are saved into a folder of Drive: what is known of each, and what is to be done. Pure.

The library owns the bytes of what it saves, Drive the place, and the name belongs to both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.assets import Asset, Version
from chalicelib.domain.drive import DriveFile
from chalicelib.domain.ids import AssetId

MARK = "packshot_asset"
"""The property that says whose file it is; `packshot_file` tells it from a copy that somebody made."""
STOPS = {
    "storageQuotaExceeded": "this account has no room there: a service account saves into a shared drive only",
    "teamDriveFileLimitExceeded": "the shared drive is full",
    "numChildrenInNonRootLimitExceeded": "the folder is full",
    "insufficientPermissions": "the refresh token may only read; let its person agree to the scope drive",
    "dailyLimitExceeded": "Google takes no more today",
    "userUploadLimitExceeded": "Google takes no more today",
}
"""Refusals after which nothing more can be saved for now, in words."""


@dataclass(frozen=True)
class Save:
    """An asset's file in Drive: `file_id` is known before the file is; `number` and `version_id` say what it holds.

    `upload` is how far an upload is, its address sealed. `sha256` and `name` are what both sides last agreed on.
    """

    asset_id: AssetId
    is_due: bool = True
    folder_id: str | None = None
    file_id: str | None = None
    version_id: str | None = None
    number: int | None = None
    sha256: str | None = None
    name: str | None = None
    upload: Mapping[str, Any] | None = None
    because: str | None = None
    tries: int = 0
    revision: int = 0


def wanted(asset: Asset) -> Version | None:
    """The version that is to be saved, if any."""
    return asset.approved if asset.state == "live" else None


def is_saved(save: Save | None, folder_id: str, version: Version) -> bool:
    """Whether this version is what was last saved into this folder."""
    return save is not None and (save.folder_id, save.version_id) == (folder_id, version.id)


def is_own(file: DriveFile, asset_id: AssetId) -> bool:
    """Whether this is the file that was saved for the asset, and not a copy somebody made of it."""
    return file.properties.get(MARK) == asset_id and file.properties.get("packshot_file") == file.id


def properties(asset_id: AssetId, file_id: str, number: int) -> dict[str, str]:
    """What is written beside the bytes: the same however often it is tried."""
    return {MARK: asset_id, "packshot_file": file_id, "packshot_version": str(number)}
