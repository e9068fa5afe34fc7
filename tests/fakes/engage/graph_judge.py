"""Microsoft's own schema as the judge of both sides: of what the bot asks, and of what the fake answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs

from tests.fakes.engage.graph import Calls

SCHEMA = Path(__file__).parents[2] / "data" / "graph-openapi.json"

#: What is asked of people is declared for every kind of object in a directory, and holds for people alone.
_OF_PEOPLE = re.compile(r"/groups/[^/]+/(owners|members)")

#: What each request may say besides what the schema names for it: the marks of paging and of delta.
_ALWAYS = {"$skiptoken", "$deltatoken"}


def _as_json_schema(part: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON schema names the type null."""
    if isinstance(part, list):
        return [_as_json_schema(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {name: _as_json_schema(value) for name, value in part.items()}
    if made.pop("nullable", False) is True:
        return {"anyOf": [made, {"type": "null"}]}
    return made


class Judge:
    """Finds what is not in Microsoft's words."""

    def __init__(self) -> None:
        told = json.loads(SCHEMA.read_text(encoding="utf-8"))
        self._paths = told["paths"]
        self._components = told["components"]
        self._plain = _as_json_schema(told["components"])

    def faults(self, calls: Calls) -> list[str]:
        """Everything that was asked or answered and does not fit; empty when all does."""
        found = [fault for call in calls.seen for fault in self._query_faults(call)]
        for method, path, body in calls.bodies:
            operation = self._operation(method, path)
            content = (operation or {}).get("requestBody", {}).get("content", {})
            if body and content:
                found += self._body_faults(f"{method} {path}", content, body)
        for method, path, status, body in calls.answers:
            operation = self._operation(method, path)
            answer = (operation or {}).get("responses", {}).get(str(status), {})
            if body and answer.get("content"):
                found += self._body_faults(f"{status} to {method} {path}", answer["content"], body)
        return found

    def knows(self, method: str, path: str) -> bool:
        """Whether the schema speaks of this call at all."""
        return self._operation(method, path) is not None

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for template, operations in self._paths.items():
            pattern = re.sub(r"\\\{[^}]*\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                operation: dict[str, Any] = operations[method.lower()]
                shared = operations.get("parameters", [])
                return {**operation, "parameters": [*shared, *operation.get("parameters", [])]}
        return None

    def _query_faults(self, call: str) -> list[str]:
        method, _, address = call.partition(" ")
        parts = urlsplit(address)
        operation = self._operation(method, parts.path)
        if operation is None:
            return []
        known = {self._parameter(each)["name"]: self._parameter(each) for each in operation["parameters"]}
        faults = []
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            if name not in known and name not in _ALWAYS:
                faults.append(f"{call}: there is no {name}")
            allowed = known.get(name, {}).get("schema", {}).get("items", {}).get("enum")
            if allowed and not _OF_PEOPLE.search(address):
                faults += [f"{call}: {name} {each!r}" for each in value.split(",") if each not in allowed]
        return faults

    def _parameter(self, told: dict[str, Any]) -> dict[str, Any]:
        reference = told.get("$ref")
        if reference is None:
            return told
        found: dict[str, Any] = self._components["parameters"][reference.rsplit("/", 1)[1]]
        return found

    def _body_faults(self, where: str, content: dict[str, Any], body: bytes) -> list[str]:
        schema = _as_json_schema(content["application/json"]["schema"])
        validator = jsonschema_rs.Draft202012Validator({**schema, "components": self._plain})
        value = json.loads(body)
        if _OF_PEOPLE.search(where):
            people = {"$ref": "#/components/schemas/microsoft.graph.user", "components": self._plain}
            person = jsonschema_rs.Draft202012Validator(people)
            return [f"{where}: {e.message}" for each in value["value"] for e in person.iter_errors(each)]
        return [f"{where} {list(e.instance_path)}: {e.message}" for e in validator.iter_errors(value)]
