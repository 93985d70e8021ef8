"""Names of the BPMN 2.0 exchange format (OMG formal/2011-01-03), and of the ids this program writes into it."""

from __future__ import annotations

from typing import Final

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
STEP: Final = "Step_"
"""Before a step's id: ids of XML may not begin with a digit, and a step's id is an id of its own kind."""

TASKS: Final = frozenset(
    {
        "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask",
        "callActivity", "subProcess", "adHocSubProcess", "transaction",
    }
)  # fmt: skip
GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"}
)
PASSED_THROUGH: Final = frozenset({"intermediateCatchEvent", "intermediateThrowEvent"})
"""Events on a flow: what they wait for or tell is not taken over, the transition is."""


def model(name: str) -> str:
    """A name of the model's own namespace, as ElementTree writes it."""
    return f"{{{MODEL}}}{name}"
