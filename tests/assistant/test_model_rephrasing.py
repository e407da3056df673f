"""Another wording from the model below a weak answer: only where the setting says so, only one that finds a clear answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from assistant.ask import CLEAR, Assistant
from assistant.model.llm import Fault, Message, ModelError
from assistant.model.llm_settings import rephrase_from_env
from assistant.model.rephrase import rephrased
from ingest.errors import AssistantError

WEAK = ("我的工厂想让机器自己排班干活", "单证电子化谁来推", "外包园区的网要多快", "出海做生意的钱从哪里借")
CLEARLY = "出口信用保险的覆盖面怎么扩大，由哪些单位负责"


@dataclass
class Scripted:
    """Explains in one line and rephrases as told; remembers which it was asked for."""

    wording: str | Fault
    name: str = "scripted"
    asked: list[str] = field(default_factory=list)

    def stream(self, prompt: Sequence[Message]) -> Iterator[str]:
        self.asked.append(prompt[0].text)
        if "改写" not in prompt[0].text:
            yield "先说要点。"
        elif isinstance(self.wording, Fault):
            raise ModelError(self.wording)
        else:
            yield self.wording


@pytest.fixture(scope="module")
def weak(assistant: Assistant) -> str:
    """A question that is answered, but not clearly."""
    found = [each for each in WEAK if not (answer := assistant.ask(each)).refused and answer.confidence < CLEAR]
    assert found, "every one of the questions is answered clearly or not at all by now: put one here that is not"
    return found[0]


def test_a_wording_that_finds_a_clear_answer_is_offered_below_the_same_answer(assistant: Assistant, weak: str) -> None:
    plain = assistant.ask(weak)
    answer = replace(assistant, model=Scripted(CLEARLY), rephrase=True).ask(weak)
    assert answer.followups[0] == CLEARLY
    assert answer.explanation_note == f"也可以按“{CLEARLY}”查询。"
    assert (answer.answer, answer.citations, answer.units) == (plain.answer, plain.citations, plain.units)


@pytest.mark.parametrize("wording", ["共享单车由谁管理", Fault.LATE, "", "第一种\n第二种", "长" * 90])
def test_a_wording_that_helps_nobody_is_not_offered(assistant: Assistant, weak: str, wording: str | Fault) -> None:
    answer = replace(assistant, model=Scripted(wording), rephrase=True).ask(weak)
    assert (answer.explanation_note, answer.followups) == ("", assistant.ask(weak).followups)


def test_nothing_is_rephrased_unless_told_nor_where_the_answer_is_clear_or_refused(
    assistant: Assistant, weak: str
) -> None:
    model = Scripted(CLEARLY)
    replace(assistant, model=model).ask(weak)
    replace(assistant, model=model, rephrase=True).ask("第7项由哪些单位负责")
    assert not [prompt for prompt in model.asked if "改写" in prompt]
    count = len(model.asked)
    replace(assistant, model=model, rephrase=True).ask("共享单车谁管")
    assert len(model.asked) == count


@pytest.mark.parametrize(
    ("wording", "kept"),
    [
        ("出口信贷有哪些优惠措施", "出口信贷有哪些优惠措施"),
        ("改写后的问题：“出口信贷有哪些优惠措施”", "出口信贷有哪些优惠措施"),
        ("<think>市财政局？</think>出口信贷有哪些优惠措施", "出口信贷有哪些优惠措施"),
        ("市财政局的出口信贷有哪些优惠措施", None),
        ("2030年出口信贷有哪些优惠措施", None),
        ("出口信贷补贴五十万吗", None),
        ("贷款给做外贸的有啥说法", None),
    ],
)
def test_a_wording_adds_no_unit_and_no_figure(assistant: Assistant, wording: str, kept: str | None) -> None:
    assert rephrased(Scripted(wording), "贷款给做外贸的有啥说法", assistant.index.directory) == kept


def test_the_setting_is_yes_or_no() -> None:
    assert rephrase_from_env({}) is False
    assert rephrase_from_env({"POLICY_LLM_REPHRASE": "Yes"}) is True
    with pytest.raises(AssistantError, match="POLICY_LLM_REPHRASE"):
        rephrase_from_env({"POLICY_LLM_REPHRASE": "maybe"})
