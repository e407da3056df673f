"""Similar questions proposed by a model: read however it writes them; nothing known, nothing with strange units or figures."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.__main__ import main as command
from assistant.ask import Assistant
from assistant.model.llm import Endpoint, ModelError
from assistant.model.propose import askable, propose
from assistant.model.proposing import proposer
from index import similar
from ingest.document import Clause, Document
from tests.assistant.endpoint import Served, serving

BANK = "跨境订单拿去银行贷款有没有照顾"
COVER = "出口信用保险覆盖面怎么扩大"
LINE = "信贷 出口信保 服务外包"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def clause(assistant: Assistant) -> tuple[Document, Clause]:
    (document,) = assistant.scope().originals.documents
    found = document.clause("任务9")
    assert found is not None
    return document, found


def proposed(
    assistant: Assistant, served: Served, clause: tuple[Document, Clause], *said: str, known: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    served.script, served.finish = ["\n".join(said)], "stop"
    found = propose(Endpoint(served.url, "script"), *clause, directory=assistant.index.directory, known=known)
    assert all(each.labels == ("任务9",) and each.document_id == clause[0].id for each in found)
    return [(each.voice, each.question) for each in found]


ROWS = [
    {"voice": "企业", "question": BANK},
    {"voice": "工作人员", "question": COVER},
    {"voice": "热线", "question": LINE},
]
WANTED = [("企业", BANK), ("工作人员", COVER), ("热线", LINE)]


@pytest.mark.parametrize(
    "said",
    [
        json.dumps(ROWS, ensure_ascii=False),
        "```json\n" + json.dumps(ROWS, ensure_ascii=False, indent=1) + "\n```\n希望有帮助！",
        "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS),
        json.dumps({"questions": ROWS}, ensure_ascii=False),
        json.dumps({row["voice"]: [row["question"]] for row in ROWS}, ensure_ascii=False),
        "[" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS) + ",]",
        f"企业：\n1. {BANK}\n工作人员：\n2. {COVER}\n热线：\n3. {LINE}",
        f"- 企业：{BANK}\n- 【工作人员】{COVER}\n- 热线: {LINE}",
        f"<think>先想想[1]第9项</think>\n{json.dumps(ROWS, ensure_ascii=False)}",
    ],
    ids=["array", "fenced", "lines", "object", "by voice", "trailing comma", "headings", "list", "thought"],
)
def test_questions_are_read_however_they_are_written(
    assistant: Assistant, served: Served, clause: tuple[Document, Clause], said: str
) -> None:
    assert proposed(assistant, served, clause, said) == WANTED


@pytest.mark.parametrize(
    "question",
    [
        "市财政局会不会给外贸企业补贴",
        "找武昌区商务局能不能办出口信贷",
        "出口信贷能优惠20%吗",
        "保费能补贴五十万元吗",
        "到2030年出口信贷还有优惠吗",
        "鄂政发〔2021〕9号讲的出口信贷",
        "第8项的出口信贷怎么办",
        "贷款",
        "How do I get an export loan",
        "出口" * 60,
        "跨境订单拿去银行贷款，有没有照顾？",
    ],
)
def test_what_would_teach_something_false_or_nothing_is_dropped(
    assistant: Assistant, served: Served, clause: tuple[Document, Clause], question: str
) -> None:
    said = json.dumps([question, COVER], ensure_ascii=False)
    assert proposed(assistant, served, clause, said, known=(BANK,)) == [("", COVER)]


@pytest.mark.parametrize(
    "question",
    [
        "我们公司给日本客户做软件，想找银行贷点款，政策上有什么说法",
        "湖北银保监局在出口信贷上负责什么",
        "出口信用保险归哪个局管，一共有几家单位",
        "小微企业拿到SaaS外包单子，怕收不回钱怎么办",
    ],
)
def test_what_people_ask_is_kept(
    assistant: Assistant, served: Served, clause: tuple[Document, Clause], question: str
) -> None:
    assert proposed(assistant, served, clause, question) == [("", question)]


def test_known_questions_are_shown_to_the_model_and_the_clause_is_fenced(
    assistant: Assistant, served: Served, clause: tuple[Document, Clause]
) -> None:
    proposed(assistant, served, clause, COVER, known=(BANK,))
    system, user = (message["content"] for message in served.requests[-1]["messages"])
    assert BANK in user and "湖北银保监局" in user
    assert user.split("\n")[0] in system and user.count(user.split("\n")[0]) == 2


def test_the_editing_doorway_gets_wordings_that_the_library_does_not_have(
    assistant: Assistant, seeds: Path, served: Served, clause: tuple[Document, Clause]
) -> None:
    (had, *_) = [each for each in assistant.index.similar_questions("出口信贷") if each.document_id == clause[0].id]
    served.script, served.finish = [json.dumps([had.question, COVER], ensure_ascii=False)], "stop"
    assert proposer(Endpoint(served.url, "script"), assistant.index, seeds)(*clause) == (COVER,)
    with pytest.raises(ModelError):
        proposer(Endpoint(served.url, "500"), assistant.index, seeds)(*clause)


def test_only_clauses_with_text_of_their_own_are_asked_for(clause: tuple[Document, Clause]) -> None:
    labels = [each.label for each in askable(clause[0])]
    assert [f"任务{number}" for number in range(1, 16)] == [label for label in labels if label.startswith("任务")]
    assert "落款" not in labels and "三" not in labels


def test_the_command_writes_a_file_that_can_be_imported(
    assistant: Assistant,
    seeds: Path,
    served: Served,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    served.script, served.finish = [f"企业：{BANK}"], "stop"
    file, document = tmp_path / "proposals.jsonl", "wuhan-2021-service-outsourcing"
    arguments = ["propose", document, "--per-clause", "1", "--out", str(file), "--data", str(seeds)]
    assert command(arguments) == 1
    assert "POLICY_LLM_BASE_URL" in capsys.readouterr().err
    monkeypatch.setenv("POLICY_LLM_BASE_URL", served.url)
    monkeypatch.setenv("POLICY_LLM_MODEL", "script")
    assert command(arguments) == 0
    (row,) = similar.read(file)
    assert (row.document_id, row.question, row.voice) == (document, BANK, "企业")
    assert "1句" in capsys.readouterr().err
    assert BANK not in [each.question for each in assistant.index.similar_questions(BANK)]
    monkeypatch.setenv("POLICY_LLM_MODEL", "401")
    assert command(arguments) == 1
    assert "密钥" in capsys.readouterr().err
    assert command([*arguments[:1], "nothing", *arguments[2:]]) == 1
    assert "nothing" in capsys.readouterr().err
