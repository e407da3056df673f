"""What a monitor reads at /metrics: counts and times, no question, no name and no key. The one home of prometheus_client."""

from collections.abc import Iterable, Iterator
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.answer import Answer
from assistant.model.llm import Endpoint
from assistant.screens.context import Context
from assistant.traced import note
from ingest.errors import KnowledgeBaseError

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """One registry for one application: two in a process (as in tests) do not mix."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self.questions = Counter(
            "policy_questions",
            "Questions answered, on the screens and over every interface",
            ["kind", "refused"],
            registry=self._registry,
        )
        self.seconds = Histogram(
            "policy_stage_seconds",
            "How long each stage took: waiting, understand, search (and its parts), compose, verify, model, answer, read",
            ["stage"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.errors = Counter("policy_errors", "Requests refused or failed", ["status"], registry=self._registry)
        self.requests = Counter("policy_requests", "Requests of programs", ["route", "status"], registry=self._registry)
        self.rate_limited = Counter(
            "policy_rate_limited", "Requests over a client's rate limit", registry=self._registry
        )
        self.logins = Counter("policy_logins", "Logins tried", ["outcome"], registry=self._registry)

    def watch(self, context: Context) -> None:
        """Count what is answered from now on, and read the state of the parts whenever it is asked for."""
        context.journal.listeners.append(self._answered)
        context.index.stages.listeners.append(self._took)
        context.gate.listeners.append(partial(self._took, "waiting"))
        if isinstance(model := context.assistant.model, Endpoint):
            model.gate.listeners.append(partial(self._took, "model"))
        self._registry.register(_State(context))

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def _answered(self, answer: Answer) -> None:
        self.questions.labels(answer.kind, str(answer.refused).lower()).inc()
        self._took("answer", answer.elapsed_ms / 1000)

    def _took(self, stage: str, seconds: float) -> None:
        self.seconds.labels(stage).observe(seconds)
        note(stage, seconds)


class _State(Collector):
    def __init__(self, context: Context) -> None:
        self._context = context

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read the library."""
        return ()

    def collect(self) -> Iterator[Metric]:
        yield from self._library()
        yield from self._gates()
        calls = CounterMetricFamily("policy_model_calls", "Calls of the language model", labels=["outcome"])
        model = self._context.assistant.model
        for outcome, count in sorted(model.gate.outcomes.items() if isinstance(model, Endpoint) else ()):
            calls.add_metric([outcome], count)
        yield calls

    def _library(self) -> Iterator[Metric]:
        """A library that cannot be read costs no other figure: that is when a monitor looks."""
        index, up = self._context.index, 1
        try:
            documents, now = len(index.documents()), index.generation()
        except KnowledgeBaseError:
            up = 0
        yield GaugeMetricFamily("policy_library_up", "Whether the knowledge base can be read", value=up)
        if up:
            yield GaugeMetricFamily("policy_documents", "Documents held", value=documents)
            yield GaugeMetricFamily("policy_passages", "Passages searched", value=index.passage_count)
            generation = GaugeMetricFamily("policy_index_info", "The collection's generation", labels=["generation"])
            generation.add_metric([now or ""], 1)
            yield generation

    def _gates(self) -> Iterator[Metric]:
        """Who waits, who is computed for, and who was told to come again: questions and editors' work, from pages and programs alike."""
        waiting = GaugeMetricFamily("policy_waiting", "Requests waiting for a place", labels=["gate"])
        running = GaugeMetricFamily("policy_running", "Requests being computed", labels=["gate"])
        busy = CounterMetricFamily("policy_busy", "Requests told to come again", labels=["gate"])
        for gate in (self._context.gate, self._context.desk):
            waiting.add_metric([gate.name], gate.waiting)
            running.add_metric([gate.name], gate.running)
            busy.add_metric([gate.name], gate.refused)
        yield from (waiting, running, busy)
