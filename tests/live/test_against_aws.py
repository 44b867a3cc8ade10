"""AWS answers as the emulator does: `pytest tests/live --profile NAME` asks it and writes it down.

Without a profile the emulator is asked, as each kind of caller. What came is written, without what
names anybody, to build/live, one file a question.
"""

import json
import re
from pathlib import Path

import pytest
from questions import QUESTIONS, Asker, Question
from reading import Reading, differences, form, read

ROOT = Path(__file__).parents[2]


@pytest.mark.usefixtures("pause")
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
def test_aws_answers_as_the_emulator_does(
    question: Question,
    asked: Asker,
    emulated: Asker,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    profile = request.config.getoption("profile")
    answers = list(question(asked))
    ours: dict[str, Reading] = {}
    for reading in question(emulated):
        ours.setdefault(reading.key, reading)

    differs: list[str] = []
    for reading in answers:
        if reading.key in ours:
            differs += differences(reading, ours[reading.key])
        else:
            differs.append(f"{reading.key} is an answer that the emulator never gives here")
    differs = sorted(set(differs))

    folder = ROOT / "build" / "live" if profile else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{question.__name__}.json"
    told = {
        "question": question.__name__,
        "asked_as": asked.caller.kind,
        "answers": [reading.as_json() for reading in answers],
        "emulator_differs": differs,
    }
    text = json.dumps(told, indent=2)
    file.write_text(text + "\n", encoding="utf-8")

    assert answers
    assert not re.search(r"\d{12}|arn:aws|o-[a-z0-9]{10}|example\.com", text), f"See {file}"
    assert not differs, f"{'; '.join(differs)}. See {file}"


def test_what_differs_is_said_member_by_member() -> None:
    headers = {"Content-Type": "application/json"}
    real = read(200, headers, b'{"Id": "111122223333", "At": 17.5, "New": 1, "Tags": [{"K": "v"}]}')
    ours = read(201, headers, b'{"Id": "x", "At": "2026-01-01T00:00:00Z", "Tags": [{"L": "v"}]}')
    assert differences(real, ours) == [
        "status is 200, the emulator's 201",
        "body.At is float, the emulator's time",
        "body.New is not in the emulator's answer",
        "body.Tags[].K is not in the emulator's answer",
        "body.Tags[].L is in the emulator's answer alone",
    ]
    assert differences(real, real) == []


def test_what_is_written_down_names_nobody_and_keeps_awss_words() -> None:
    account = {"Id": "111122223333", "State": "ACTIVE", "Name": "Payroll", "Email": "a@example.com"}
    assert form({"Accounts": [account, {**account, "State": "CLOSED"}], "NextToken": "x"}) == {
        "Accounts": [
            {"Email": "text", "Id": "12 digits", "Name": "text", "State": "ACTIVE | CLOSED"}
        ]
    }
    denied = read(
        403,
        {"x-amzn-ErrorType": "AccessDeniedException:http://internal", "Content-Type": "text/json"},
        b'{"message": "User: arn:aws:iam::111122223333:user/me is not authorized"}',
    )
    assert denied.key == "AccessDeniedException"
    assert denied.body == {"message": "User: <arn> is not authorized"}
