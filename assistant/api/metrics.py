"""What a monitor reads at /metrics: counts and times, no question, no name and no key. The one home of prometheus_client."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.answer import Answer
from assistant.api.gate import Gate
from assistant.llm import Endpoint
from assistant.screens.context import Context

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
            "How long each stage took",
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

    def watch(self, context: Context, gate: Gate) -> None:
        """Count what is answered from now on, and read the state of the parts whenever it is asked for."""
        context.journal.listeners.append(self._answered)
        self._registry.register(_State(context, gate))

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def _answered(self, answer: Answer) -> None:
        self.questions.labels(answer.kind, str(answer.refused).lower()).inc()
        self.seconds.labels("answer").observe(answer.elapsed_ms / 1000)


class _State(Collector):
    def __init__(self, context: Context, gate: Gate) -> None:
        self._context, self._gate = context, gate

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read the library."""
        return ()

    def collect(self) -> Iterator[Metric]:
        index = self._context.index
        yield GaugeMetricFamily("policy_documents", "Documents held", value=len(index.documents()))
        yield GaugeMetricFamily("policy_passages", "Passages searched", value=index.passage_count)
        generation = GaugeMetricFamily("policy_index_info", "The collection's generation", labels=["generation"])
        generation.add_metric([index.generation() or ""], 1)
        yield generation
        yield GaugeMetricFamily("policy_waiting", "Questions waiting for a place", value=self._gate.waiting)
        yield GaugeMetricFamily("policy_running", "Questions being computed", value=self._gate.running)
        calls = CounterMetricFamily("policy_model_calls", "Calls of the language model", labels=["outcome"])
        model = self._context.assistant.model
        for outcome, count in sorted(model.gate.outcomes.items() if isinstance(model, Endpoint) else ()):
            calls.add_metric([outcome], count)
        yield calls
