"""The forms of what editors send over the API."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from assistant.api.shapes import Told, Words
from assistant.editing import Field as UnitField
from assistant.editing import How
from ingest.document import Role, Status

Id = Annotated[Words, Field(min_length=1, max_length=200)]
Text = Annotated[Words, Field(min_length=1, max_length=2000)]
Label = Annotated[Words, Field(min_length=1, max_length=100, description="条款名称，如 任务7", examples=["任务7"])]
Ids = Annotated[list[Id], Field(min_length=1, max_length=1000)]
Row = dict[str, Any]


class DraftIds(BaseModel):
    drafts: Ids = Field(description="待发布文件的编号，见 GET /api/editor/drafts")


class DocumentIds(BaseModel):
    documents: Ids = Field(description="文件编号")


class UnitGiven(BaseModel):
    name: Text
    role: Role = Role.RESPONSIBLE


class CorrectionGiven(BaseModel):
    """What is right for one clause; what is left out stays as it was read."""

    document: Id
    label: Label
    title: Words | None = Field(default=None, max_length=500)
    new_label: Words | None = Field(default=None, max_length=100)
    units: list[UnitGiven] | None = Field(default=None, max_length=200)


class DetailsGiven(BaseModel):
    """What is right for a whole document; what is left out stays as it was read, an empty text says that there is none."""

    document: Id
    title: Words | None = Field(default=None, max_length=300)
    number: Words | None = Field(default=None, max_length=100, description="文号", examples=["武政办〔2021〕1号"])
    issuer: Words | None = Field(default=None, max_length=300, description="发文机关，几家用顿号隔开")
    issued_on: Words | None = Field(default=None, max_length=20, description="成文日期，如 2021-03-05、2021-03、2021")
    effective_on: Words | None = Field(default=None, max_length=20, description="施行日期")
    expires_on: Words | None = Field(default=None, max_length=20, description="有效期至")
    status: Status | None = Field(default=None, description="有效性")
    source: Text = Field(description="依据：公布的网址、废止它的文件的文号，或核实的经过")


class SimilarGiven(BaseModel):
    document: Id
    labels: list[Label] = Field(max_length=50, description="条款名称；空数组表示这份文件没有规定")
    question: Text
    voice: Words = Field(default="", max_length=50)
    reason: Words = Field(default="", max_length=200, description="没有规定时的原因")


class SimilarMany(BaseModel):
    questions: list[SimilarGiven] = Field(min_length=1, max_length=5000)


class SimilarRemoved(BaseModel):
    document: Id
    questions: list[Text] = Field(min_length=1, max_length=5000)


class VettedGiven(BaseModel):
    id: Words = Field(default="", max_length=50, description="改已有的一条时写它的编号")
    document: Id
    label: Label
    question: Text
    answer: Annotated[Words, Field(min_length=1, max_length=20_000)]


class UnitEntryGiven(BaseModel):
    id: Words = Field(default="", max_length=50, description="改已有的一条时写它的编号")
    unit: Text
    field: UnitField
    value: Text
    source: Text = Field(description="依据：文件、网页或电话核实")
    since: Words = Field(default="", max_length=20, description="从什么时候起，如 2024-03-01")


class Settled(BaseModel):
    """``document`` and ``label`` name the clause for 相似问 and 核定答案, ``document`` alone the document for 确认无规定."""

    how: How
    document: Words = Field(default="", max_length=200)
    label: Words = Field(default="", max_length=100)
    answer: Words = Field(default="", max_length=20_000)


class Changed(Told):
    status: str = "ok"


class Rows(Told):
    """A list of rows."""

    rows: list[Row]
