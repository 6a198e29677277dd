"""CloudFormation stacks by change sets: made, shown, then carried out or thrown away.

IAM: cloudformation:CreateChangeSet, DescribeChangeSet, ExecuteChangeSet, DeleteChangeSet, DescribeStacks,
DescribeStackEvents, GetTemplate, DeleteStack (only of a stack whose first change set was thrown away).
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import guards
from infra.deploy.errors import DeployError

LIMIT_S = 3600.0
PAUSE_S = 2.0
_MAY = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_NOTHING = ("didn't contain changes", "No updates are to be performed", "no changes")


@dataclass(frozen=True)
class Plan:
    """A change set that waits: what it would do to the stack. Empty `id`: there is nothing to do."""

    stack: str
    id: str
    is_new: bool
    changes: tuple[guards.Change, ...]


@dataclass(frozen=True)
class Stacks:
    """The stacks of one account and region; `sleep` is given so that nobody waits twice."""

    cloudformation: Any
    sleep: Callable[[float], None] = time.sleep
    pause_s: float = PAUSE_S

    def status(self, stack: str) -> str:
        """Its status, empty when it is not there."""
        found = self._found(stack)
        return str(found["StackStatus"]) if found else ""

    def outputs(self, stack: str) -> Mapping[str, str]:
        """What the stack tells; raises DeployError when it is not there."""
        found = self._found(stack)
        if found is None:
            raise DeployError(f"There is no stack {stack}. Deploy first.")
        return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}

    def template(self, stack: str) -> str:
        """The deployed template as it was sent, empty when there is none."""
        if not self._found(stack):
            return ""
        body = self.cloudformation.get_template(StackName=stack, TemplateStage="Original")["TemplateBody"]
        return body if isinstance(body, str) else json.dumps(body)

    def check_ready(self, stack: str) -> str:
        """Its status, if a change may begin. Raises DeployError, with what to do, if it is in the midst of one."""
        status = self.status(stack)
        if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
            raise DeployError(f"{stack} is {status}: somebody else deploys. Wait until that has ended.")
        if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"):
            raise DeployError(
                f"{stack} is {status}: its first creation failed and CloudFormation can only delete it. Look at its "
                "events, delete the stack (tables and buckets are kept), then deploy again."
            )
        if status.endswith("_FAILED"):
            raise DeployError(
                f"{stack} is {status}: CloudFormation could not put it back as it was. Look at its events, let it "
                "continue the rollback (aws cloudformation continue-update-rollback), then deploy again."
            )
        return status

    def plan(self, stack: str, template_url: str, parameters: Mapping[str, str]) -> Plan:
        """Make a change set and wait until it is known what it does. Nothing of the stack is touched.

        Raises:
            DeployError: the stack is in the middle of something, or the template is refused.
        """
        status = self.check_ready(stack)
        is_new = status in ("", "REVIEW_IN_PROGRESS")
        try:
            made = self.cloudformation.create_change_set(
                StackName=stack,
                ChangeSetName=f"packshot-{secrets.token_hex(6)}",
                ChangeSetType="CREATE" if is_new else "UPDATE",
                TemplateURL=template_url,
                Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
                Capabilities=_MAY,
            )
        except ClientError as problem:
            raise DeployError(f"CloudFormation refuses the template of {stack}: {problem}") from problem
        return self._described(stack, made["Id"], is_new)

    def carry_out(self, plan: Plan, say: Callable[[str], None]) -> None:
        """Do what the plan says and wait for the end, telling failures as they come.

        Raises:
            DeployError: it failed; CloudFormation has put the stack back as it was.
        """
        if not plan.id:
            return
        begun = time.time()
        self.cloudformation.execute_change_set(ChangeSetName=plan.id, StackName=plan.stack)
        told: set[str] = set()
        while True:
            status = self.status(plan.stack)
            for line in self._failures(plan.stack, begun, told):
                say(line)
            if not status.endswith("_IN_PROGRESS"):
                break
            if time.time() - begun > LIMIT_S:
                raise DeployError(f"{plan.stack} is still {status} after an hour. Look at its events.")
            self.sleep(self.pause_s)
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise DeployError(f"{plan.stack} ended as {status}; CloudFormation left it as it was before.")

    def throw_away(self, plan: Plan) -> None:
        """Forget a plan, and the empty stack that a first one made."""
        if not plan.id:
            return
        self.cloudformation.delete_change_set(ChangeSetName=plan.id, StackName=plan.stack)
        if plan.is_new and self.status(plan.stack) == "REVIEW_IN_PROGRESS":
            self.cloudformation.delete_stack(StackName=plan.stack)

    def _described(self, stack: str, id: str, is_new: bool) -> Plan:
        while True:
            told = self.cloudformation.describe_change_set(ChangeSetName=id, StackName=stack)
            if told["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
                break
            self.sleep(self.pause_s)
        reason = str(told.get("StatusReason") or "")
        if told["Status"] == "FAILED":
            self.cloudformation.delete_change_set(ChangeSetName=id, StackName=stack)
            if any(word in reason for word in _NOTHING):
                return Plan(stack, "", is_new, ())
            raise DeployError(f"The change of {stack} cannot be made: {reason}")
        changes = list(told.get("Changes", []))
        while token := told.get("NextToken"):
            told = self.cloudformation.describe_change_set(ChangeSetName=id, StackName=stack, NextToken=token)
            changes += told.get("Changes", [])
        return Plan(stack, id, is_new, tuple(guards.of_change_set(changes)))

    def _failures(self, stack: str, since: float, told: set[str]) -> Iterator[str]:
        try:
            events = self.cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        except ClientError:
            return
        for one in reversed(events):
            if one["EventId"] in told or one["Timestamp"].timestamp() < since - 1:
                continue
            told.add(one["EventId"])
            if one.get("ResourceStatus", "").endswith("_FAILED"):
                yield f"  {one['LogicalResourceId']}: {one.get('ResourceStatusReason', one['ResourceStatus'])}"

    def _found(self, stack: str) -> dict[str, Any] | None:
        try:
            stacks = self.cloudformation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as problem:
            if "does not exist" in str(problem):
                return None
            raise DeployError(f"CloudFormation does not tell about {stack}: {problem}") from problem
        found = [one for one in stacks if one["StackStatus"] != "DELETE_COMPLETE"]
        return dict(found[0]) if found else None
