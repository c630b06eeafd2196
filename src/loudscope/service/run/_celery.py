"""Work on any machine: tasks go through Celery over Redis, as wake-up calls.

What is to be done stands in the store, so the broker need not be trusted; Celery is set up to be
quick and simple instead:

- Threads, no forks: each thread leads a measuring process, which is what uses the cores. So a
  worker has one connection to each part, stops at once, and nothing is forked amid threads.
- A task is acknowledged when it is done, and none is fetched while all threads have one, so that
  no task waits behind a long one while another worker is free. What is under way is counted by
  the worker, not by what the broker has acknowledged: Celery forgets no task whose acknowledgement
  failed, and one for each thread would keep a worker idle for good. What a killed worker had
  comes again after the visibility timeout; the sweeper was faster, and a second call for what is
  claimed or done does nothing. The timeout is far above what a task may take.
- No results, no events, no retries of Celery's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import celery
import kombu.exceptions
import redis
from celery import signals
from celery.apps.worker import Worker as Consumer

from .._logs import get_logger
from .._records import Kind, Task
from .._request_id import well_formed
from .._settings import Settings
from ._local import URGENCY

__all__ = ["CeleryRunner", "consume"]

NAME = "loudscope.run"
QUEUE = "loudscope"
HEADER = "loudscope_request_id"  # of a message; the request that caused the task
TIMEOUT_SECONDS = 1.0
STEPS = (0, 3)  # of priority; the queue of each is a list of its own in Redis
log = get_logger(__name__)


def application(settings: Settings) -> celery.Celery:
    """Celery as it is used here; tasks are named, not imported."""
    app = celery.Celery("loudscope", broker=settings.redis, set_as_current=False)
    longest = settings.limits.wall_seconds + settings.lease_seconds
    app.conf.update(
        task_default_queue=QUEUE,
        task_ignore_result=True,
        task_acks_late=True,
        task_serializer="json",
        accept_content=["json"],
        task_publish_retry=False,
        worker_prefetch_multiplier=0,  # no limit by acknowledgements
        worker_disable_prefetch=True,  # but one by threads
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": max(3600.0, 10 * longest),
            "queue_order_strategy": "priority",
            "priority_steps": list(STEPS),
            "socket_timeout": 5 * TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "max_retries": 0,
        },
    )
    return app


class CeleryRunner:
    """Sends tasks to whoever consumes them; see `consume`."""

    def __init__(self, settings: Settings) -> None:
        """`settings.redis` is the broker."""
        self._app = application(settings)

    def start(self) -> None:
        """There is nothing to start: workers are processes of their own."""

    def enqueue(self, task: Task) -> None:
        """Sends a task.

        Raises:
            OSError: The broker is away.
        """
        try:
            self._app.send_task(
                NAME,
                (task.kind, task.id),
                queue=QUEUE,
                priority=STEPS[URGENCY[task.kind]],
                headers={HEADER: task.request_id},
            )
        except (kombu.exceptions.OperationalError, redis.RedisError) as error:
            raise OSError(f"the broker does not take tasks ({type(error).__name__})") from error

    def ping(self) -> None:
        """Raises OSError if the broker does not answer."""
        try:
            with self._app.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, timeout=TIMEOUT_SECONDS)
                connection.default_channel.client.ping()
        except (kombu.exceptions.OperationalError, redis.RedisError) as error:
            raise OSError(f"the broker does not answer ({type(error).__name__})") from error

    def stop(self, grace: float) -> None:
        """Lets go of connections."""
        self._app.close()


def consume(
    settings: Settings, run: Callable[[Task], None], hand_back: Callable[[], None], threads: int
) -> None:
    """Takes tasks from the broker until SIGTERM or SIGINT; waits for it while it is away.

    Then none is taken any more, and those under way have the settings' grace.

    Args:
        settings: Where the broker is.
        run: Does a task.
        hand_back: Called once the grace is over: every `run` shall return soon.
        threads: How many tasks at a time.
    """
    app = application(settings)
    timer = threading.Timer(settings.grace_seconds, hand_back)
    timer.daemon = True

    def perform(self: celery.Task, kind: Kind, id: str) -> None:
        if kind in URGENCY:
            run(Task(kind, id, well_formed(self.request.get(HEADER))))

    def ending(**_: object) -> None:
        timer.start()

    app.task(name=NAME, bind=True)(perform)
    signals.worker_shutting_down.connect(ending, weak=False)
    try:
        Consumer(
            app=app, pool="threads", concurrency=threads, without_gossip=True,
            without_mingle=True, without_heartbeat=True, quiet=True,
        ).start()  # fmt: skip
    except SystemExit:  # how Celery ends
        pass
    finally:
        signals.worker_shutting_down.disconnect(ending)
        timer.cancel()
