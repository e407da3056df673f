"""The OpenAI form of a question and its answer."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.api.shapes import Told, Words


class TextPart(BaseModel):
    model_config = ConfigDict(extra="allow")
    type: str = Field(max_length=100)
    text: Words | None = None


class ChatMessage(BaseModel):
    """``system`` and ``developer`` messages are not orders here, and an assistant's earlier words are no evidence: both are left out."""

    model_config = ConfigDict(extra="allow")
    role: Literal["user", "assistant", "system", "developer", "tool", "function"]
    content: Words | list[TextPart] | None = None

    @property
    def words(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text or "" for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="allow")
    include_usage: bool = False


class ChatRequest(BaseModel):
    """Settings of language models (temperature, max_tokens …) are accepted and change nothing."""

    model_config = ConfigDict(extra="allow")
    model: Words = Field(
        min_length=1, max_length=200, description="任何名称都可以：回答的总是同一个", examples=["policy-assistant"]
    )
    messages: list[ChatMessage] = Field(
        min_length=1,
        max_length=1000,
        description="最后一条 user 是问题，以前的 user 是上文",
        examples=[[{"role": "user", "content": "第7项任务由谁负责"}]],
    )
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=1, ge=1, le=1, description="只能是 1：同样的问题得到同样的答案")


class Usage(Told):
    """Counted in characters: no language model's tokens are involved."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatReply(Told):
    role: Literal["assistant"]
    content: str = Field(description="答案，Markdown；引用另在 citations")
    citations: list[dict[str, Any]]


class ChatChoice(Told):
    index: int
    message: ChatReply
    finish_reason: Literal["stop"]


class ChatCompletion(Told):
    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: Usage


class ModelCard(Told):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(Told):
    object: Literal["list"]
    data: list[ModelCard]


class OpenAIErrorDetail(Told):
    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIError(BaseModel):
    error: OpenAIErrorDetail
