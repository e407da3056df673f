"""The forms of requests and answers, as /openapi.json tells them. Answers may carry more than is written here."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.ask import LONGEST_QUESTION
from assistant.journal import Verdict


def _whole(value: Any) -> Any:
    """Without halves of characters, which JSON can hold and no file can."""
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_whole)]
QuestionText = Annotated[
    str,
    BeforeValidator(_whole),
    Field(min_length=1, max_length=LONGEST_QUESTION, description="问题，用自己的话说", examples=["第7项任务由谁负责"]),
]
Level = Literal["国家", "省", "市", "区"]
StatusName = Literal["现行", "失效", "废止", "未注明"]
SpanPair = Annotated[list[int], Field(min_length=2, max_length=2, description="全文中的字符位置 [起, 止)")]


class Told(BaseModel):
    """An answer's part: fields that are added later are passed on."""

    model_config = ConfigDict(extra="allow")


class ErrorDetail(Told):
    code: str = Field(description="给程序看的代号", examples=["not_found"])
    message: str = Field(description="给人看的一句话")


class ErrorBody(BaseModel):
    error: ErrorDetail


class AskRequest(BaseModel):
    """A question, what was asked before it, and the documents to answer from."""

    question: QuestionText
    history: list[Words] = Field(default=[], max_length=100, description="同一对话里以前的问题，先问的在前")
    documents: list[Words] | None = Field(
        default=None, max_length=200, description="只依据这些文件（编号）；不写为全部"
    )


class UnitRole(Told):
    name: str = Field(description="单位名称，用文件里的写法")
    role: str = Field(description="lead 牵头、responsible 责任、cooperating 配合、participating 参与")


class Citation(Told):
    """One clause that proves the answer."""

    document_id: str
    document_title: str
    number: str | None = Field(description="文号")
    clause_id: str
    label: str = Field(description="条款名称，如 任务7、三(一)")
    task: int | None
    section: str
    units: list[UnitRole]
    quote: str = Field(description="原文，一字不改")
    span: SpanPair
    document_sha256: str


class AnswerBody(Told):
    """The answer, with everything that it stands on."""

    answer: str = Field(description="答案，Markdown")
    kind: str
    refused: bool = Field(description="为真时库里没有答案，citations 为空")
    units: list[str] = Field(description="答案认定的责任单位，按文件里的顺序")
    citations: list[Citation]
    nearest: list[Citation] = Field(description="没有答案时最接近的条款，不是依据")
    notes: list[str]
    followups: list[str]
    rewritten_question: str
    as_of: str
    elapsed_ms: float
    model: str | None
    entry: str | None = Field(default=None, description="评价这个答案时用的编号，见 POST /api/feedback；没有记下时为空")


class FeedbackRequest(BaseModel):
    """A verdict on an answer; ``entry`` may also be called ``id``."""

    entry: Words | None = Field(default=None, max_length=100, description="POST /api/ask 返回的 entry")
    id: Words | None = Field(default=None, max_length=100, description="entry 的另一个名字")
    verdict: Verdict = Field(description="有用、部门错、条款错、已过期、没答到")


class Done(Told):
    status: Literal["ok"] = "ok"


class SearchQuery(BaseModel):
    """What is searched for, and where."""

    q: QuestionText
    limit: int = Field(default=10, ge=1, le=100, description="最多几条")
    level: Level | None = Field(default=None, description="文件层级")
    document: list[Words] = Field(default=[], max_length=200, description="只看这份文件（编号），可重复")
    unit: Words | None = Field(default=None, min_length=1, max_length=100, description="责任单位，简称、旧称也可")
    region: Words | None = Field(default=None, max_length=100, description="只看某地的文件")
    status: StatusName | None = Field(default=None, description="有效性")


class HitBody(Told):
    document_id: str
    document_title: str
    clause_id: str
    label: str
    task: int | None
    section: str
    text: str
    span: SpanPair
    score: float = Field(description="0 到 1，经过校准的把握")
    found_by: dict[str, int] = Field(description="每条检索路里的名次")


class SearchBody(Told):
    query: str
    understood: str = Field(description="改正错字、拼音之后的检索词")
    hits: list[HitBody]
    elapsed_ms: float


class TaskRow(Told):
    """One clause that names responsible units."""

    document_id: str
    document_title: str
    clause_id: str
    label: str
    task: int | None
    section: str
    title: str
    units: list[UnitRole]


class TasksBody(Told):
    unit: str | None = Field(description="按库里的写法；没有指定单位时为空")
    count: int
    tasks: list[TaskRow]


class UnitBody(Told):
    name: str
    tasks: int = Field(description="负责的条款数")
    documents: list[str] = Field(description="文件编号")
    aliases: list[str] = Field(description="简称和旧称")
    successors: list[str] = Field(description="机构改革后的名称")


class UnitsBody(Told):
    units: list[UnitBody]


class DocumentCard(Told):
    """What is known of a document, without its text."""

    id: str
    title: str
    number: str | None
    issuer: str | None
    issued_on: str | None
    level: str | None
    region: str | None
    status: str
    form: str = Field(description="原文，或 要点，非原文")


class DocumentsBody(Told):
    documents: list[DocumentCard]


class DocumentBody(DocumentCard):
    """The whole document; spans are character offsets into ``text``."""

    text: str
    clauses: list[dict[str, Any]]
    responsibilities: list[dict[str, Any]]
    references: list[dict[str, Any]]
    repairs: list[dict[str, Any]]
    audit: dict[str, Any]


class HealthBody(Told):
    status: Literal["ok", "degraded", "failing"] = Field(
        description="degraded：照常回答，但缺了 reason 里说的；failing：不能回答"
    )
    documents: int
    reason: str = Field(default="", description="不正常时的原因")
    vector_search: str = Field(default="", description="chroma，或 exact（按原始向量精确检索，结果相同）")
