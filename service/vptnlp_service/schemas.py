"""Requests of the HTTP interface. Answers are the assessment record, built by `Assessment.to_dict`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MAX_MESSAGES = 256
MAX_CHARACTERS = 100_000


class MessageIn(BaseModel):
    """One message to assess."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(max_length=200)] | None = None
    text: Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS)]


class AssessmentsIn(BaseModel):
    """Messages to assess."""

    model_config = ConfigDict(extra="forbid")

    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=MAX_MESSAGES)]
