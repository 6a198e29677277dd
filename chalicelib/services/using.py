"""What a workspace has used, added up from its acts."""

from datetime import datetime

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import usage

_HOUR = "%Y%m%d%H"


def by_day(workspace: WorkspaceId, begin: datetime, end: datetime) -> dict[str, dict[str, int]]:
    """Sums by day (`YYYY-MM-DD`, UTC) and meter, from the hour of `begin` to before that of `end`; oldest day first."""
    found = usage.by_day(workspace, f"{begin:{_HOUR}}", f"{end:{_HOUR}}")
    return {f"{day[:4]}-{day[4:6]}-{day[6:]}": meters for day, meters in sorted(found.items())}
