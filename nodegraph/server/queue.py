"""The render queue: jobs are accepted into the database, and one at a time is carried out."""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import replace
from typing import Any

from nodegraph.engine import Control, Edit, Outcome, RunRequest
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.server.answers import error_body
from nodegraph.server.clients import Clients
from nodegraph.server.config import Limits
from nodegraph.server.messages import ExecInfo, ExecStatus, QueueChanged, Status, StatusData
from nodegraph.server.reporter import RunReporter
from nodegraph.server.runs import Runs
from nodegraph.server.store import JobRow, JobStore
from nodegraph.server.takes import Takes

log = logging.getLogger(__name__)

RETRY_S = 5.0


class RenderQueue:
    """Accepts jobs and works them off.

    Args:
        jobs: the table of jobs.
        runs: carries a job out.
        takes: hold the uploaded files of those that are rendered again.
        clients: told when the queue changes.
        limits: the most waiting jobs.
    """

    def __init__(self, jobs: JobStore, runs: Runs, takes: Takes, clients: Clients, limits: Limits) -> None:
        self._jobs = jobs
        self._runs = runs
        self._takes = takes
        self._clients = clients
        self._limits = limits
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._current: str | None = None
        self._stop_current = False
        self.remaining = 0
        """Jobs queued or running, as of the last change."""

    async def open(self) -> None:
        """Queue again what a killed server had at work, and begin."""
        recovered = await self._jobs.recover()
        if recovered:
            log.info("jobs_recovered count=%d", recovered)
        self.remaining = await self._jobs.count_waiting()
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def close(self) -> None:
        """Stop the job at work; it is carried out again after the next start."""
        current, self._current = self._current, None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if current is not None:
            await self._jobs.put_back(current)

    async def accept(self, jobs: list[JobRow]) -> None:
        """Take jobs; once this returns they survive a kill.

        Raises:
            UserInputError: busy when the queue is full, duplicate_id for a taken prompt_id.
        """
        if self.remaining + len(jobs) > self._limits.queued_jobs:
            raise UserInputError(
                "busy",
                "The queue is full",
                got=str(self.remaining),
                expected=f"at most {self._limits.queued_jobs} jobs",
                remedy="Wait, or clear the queue",
            )
        try:
            await self._jobs.add(jobs)
        except KeyError as error:
            raise UserInputError(
                "duplicate_id", "This prompt_id is taken", got=str(error.args[0])[:100], remedy="Leave it out"
            ) from error
        await self.changed()
        self._wake.set()

    async def place(self, *, front: bool, count: int = 1) -> float:
        """Return the number of a new job at the end or at the front."""
        return await self._jobs.place(front=front, count=count)

    async def remove(self, prompt_ids: list[str] | None) -> int:
        """Take queued jobs out (None = all); return how many."""
        count = await self._jobs.remove_queued(prompt_ids)
        await self.changed()
        return count

    async def interrupt(self, prompt_id: str | None = None) -> bool:
        """Stop the job at work, if it is `prompt_id` or that is None; tell whether one was stopped."""
        if self._current is None or prompt_id not in (None, self._current):
            return False
        self._stop_current = True
        try:
            self._runs.stop(self._current)
        except NodegraphError:
            log.debug("job_not_at_work prompt_id=%s", self._current)  # not started yet, see _carry_out, or just ended
        return True

    async def changed(self) -> None:
        """Count the queue and tell everybody."""
        self.remaining = await self._jobs.count_waiting()
        self._clients.broadcast(status_message(self.remaining))
        self._clients.broadcast(QueueChanged(type="queue_changed", data={}))

    async def _work(self) -> None:
        while True:
            try:
                await self._work_next()
            except Exception:  # the database cannot be written, most likely because the disk is full
                log.exception("queue_failed retry_s=%s", RETRY_S)
                await asyncio.sleep(RETRY_S)

    async def _work_next(self) -> None:
        self._wake.clear()
        job = await self._jobs.claim()
        if job is None:
            await self._wake.wait()
            return
        self._current, self._stop_current = job.prompt_id, False
        await self.changed()
        await self._carry_out(job)
        self._current = None
        await self.changed()

    async def _carry_out(self, job: JobRow) -> None:
        if self._stop_current:
            await self._jobs.finish(job.prompt_id, "cancelled", {}, None, [])
            return
        request = RunRequest(
            run_id=job.prompt_id,
            document=job.document,
            live=False,
            ticks=job.request.get("ticks"),
            seed=job.request.get("seed"),
            targets=tuple(job.request.get("targets", ())),
            controls=tuple(Control(**control) for control in job.request.get("controls", ())),
            edits=tuple(Edit(**edit) for edit in job.request.get("edits", ())),
        )
        try:
            take_id = job.request.get("take_id")
            if take_id is not None:
                request = replace(request, files=await self._takes.files(await self._takes.read(take_id)))
            await self._runs.render(request, job.client_id, self._write)
        except asyncio.CancelledError:
            raise
        except NodegraphError as error:  # the engine refused it: a pack may have changed since it was accepted
            await self._fail(job, error)
        except Exception:
            log.exception("job_failed prompt_id=%s", job.prompt_id)
            mistake = NodegraphError(
                "internal_error", "The server made a mistake", remedy="Look into the server's log and report it"
            )
            await self._fail(job, mistake)

    async def _write(self, outcome: Outcome, reporter: RunReporter) -> None:
        error = dict(error_body(outcome.error)) if outcome.error is not None else None
        await self._jobs.finish(reporter.run_id, outcome.status, reporter.outputs, error, reporter.history)

    async def _fail(self, job: JobRow, error: NodegraphError) -> None:
        body: dict[str, Any] = dict(error_body(error))
        data = {
            "prompt_id": job.prompt_id,
            "exception_message": str(error),
            "exception_type": error.code,
            "error": body,
        }
        await self._jobs.finish(job.prompt_id, "failed", {}, body, [["execution_error", data]])


def status_message(remaining: int) -> Status:
    """Return ComfyUI's status."""
    return Status(type="status", data=StatusData(status=ExecStatus(exec_info=ExecInfo(queue_remaining=remaining))))


def new_prompt_id() -> str:
    """Return an id as ComfyUI's clients expect it."""
    return str(uuid.uuid4())


def plain_number(number: float) -> float:
    """Return a place in the queue as ComfyUI writes it: whole where it is."""
    return int(number) if number.is_integer() else number
