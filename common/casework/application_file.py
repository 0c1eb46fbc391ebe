"""Applications in a file: one as JSON, or many as JSON lines; the same checks as the page follow."""

from dataclasses import dataclass, field
from typing import Any

from common.casework.receive import MOST_AT_ONCE
from common.domain.application import Agent, Application, BackEntry, IntakeMode, MaterialGiven, Person
from common.domain.sentence import Sentence, together
from common.domain.spoken_error import SpokenError
from common.journal.shape import ShapeError, json_schema, read_shape

LARGEST = 4 * 1024 * 1024
LONGEST_LINE = 256 * 1024


@dataclass(frozen=True, slots=True)
class MaterialInFile:
    """One material; ``files`` are names of pictures and PDFs, seen from the application file's folder."""

    code: str
    copies: int = 0
    original_seen: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackEntryInFile:
    """An application first written on paper (补录): its booklet number and time there."""

    paper_number: str
    paper_time: str


@dataclass(frozen=True, slots=True)
class ApplicationInFile:
    """An application as somebody writes it down; what is filled in when it is taken in has no place here."""

    item: str
    applicant: Person
    agent: Agent | None = None
    answers: dict[str, str] = field(default_factory=dict)
    materials: tuple[MaterialInFile, ...] = ()
    insisted: bool = False
    mode: IntakeMode = IntakeMode.HELPER
    back_entry: BackEntryInFile | None = None

    def with_materials(self, materials: tuple[MaterialGiven, ...]) -> Application:
        """Return the application with its materials as they were kept."""
        paper = self.back_entry
        return Application(
            self.item,
            self.applicant,
            agent=self.agent,
            answers=self.answers,
            materials=materials,
            insisted=self.insisted,
            mode=self.mode,
            back_entry=BackEntry(paper.paper_number, paper.paper_time) if paper else None,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """An application and where it stands: its line, from 1."""

    number: int
    application: ApplicationInFile


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that is no application: its number from 1, and a sentence saying where it is wrong."""

    line: int
    sentence: Sentence


class ApplicationFileError(SpokenError):
    """The file cannot be taken in; every wrong line is told, nothing was kept."""

    def __init__(self, wrong: tuple[WrongLine, ...]) -> None:
        """Keep every wrong line."""
        sentence = together(
            (Sentence("第{line}行：{wrong}", line=one.line, wrong=one.sentence) for one in wrong), "\n"
        )
        super().__init__(f"{len(wrong)} lines are no applications", sentence)
        self.wrong = wrong


def read_applications(data: bytes) -> list[Line]:
    """Return the applications in ``data``: one JSON object, or one a line.

    Raises:
        ApplicationFileError: the file is too large, empty, or has lines that are no applications.
    """
    if len(data) > LARGEST:
        raise ApplicationFileError((WrongLine(1, Sentence("文件太大，请分成几个。")),))
    try:
        return [Line(1, read_shape(ApplicationInFile, data))]
    except ShapeError as error:
        lines = [(number, line) for number, line in enumerate(data.splitlines(), start=1) if line.strip()]
        if len(lines) < 2 or not _one_object_a_line(lines):  # noqa: PLR2004 - one line is one application
            raise ApplicationFileError((WrongLine(1, _sentence(error)),)) from None
    return _read_lines(lines)


def _one_object_a_line(lines: list[tuple[int, bytes]]) -> bool:
    return all(line.lstrip().startswith(b"{") for _, line in lines[:2])


def _read_lines(lines: list[tuple[int, bytes]]) -> list[Line]:
    if len(lines) > MOST_AT_ONCE:
        most = Sentence("一次最多{n}件，请分成几次。", n=MOST_AT_ONCE)
        raise ApplicationFileError((WrongLine(MOST_AT_ONCE + 1, most),))
    read, wrong = [], []
    for number, line in lines:
        try:
            read.append(Line(number, read_shape(ApplicationInFile, line[:LONGEST_LINE])))
        except ShapeError as error:
            wrong.append(WrongLine(number, _sentence(error)))
    if wrong:
        raise ApplicationFileError(tuple(wrong))
    return read


def _sentence(error: ShapeError) -> Sentence:
    if not error.places:
        return Sentence("不是有效的 JSON，请对照 case schema 给出的格式。")
    return Sentence(
        "这些地方不对或不认识：{places}。请对照 case schema 给出的格式。", places=tuple(error.places[:10])
    )


def application_schema() -> dict[str, Any]:
    """Return the JSON Schema of an application in a file."""
    return json_schema(ApplicationInFile)
