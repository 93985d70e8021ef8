"""A scenario that shows every demand of a version: work is taken through it, and at each step what is missing is noted.

Nobody has to think of all that a process demands: the engine is asked. A bare item, made by one person and owned by
another who hold every role, goes from step to step; before anything is filled in, the obstacles of every way out are
written down as checks, and so is who may not sign because of their place in the work. What the work needs is then taken
from the normal path of the version. Without any one of its demands a version fails the scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import msgspec

from domain.errors import CountersignError, Refused
from domain.obstacle import Obstacle
from domain.process.definition import Check, Move, ProcessVersion, Scenario, Transition
from domain.rules.approvals import judge_approvals
from domain.rules.facts import Facts, gather
from domain.simulation.checks import obstacle_word
from domain.simulation.simulation import Simulation

ITEM: Final = "Bare item"
OTHER: Final = "Other item"
MAKER: Final = "Mara"
OWNER: Final = "Otto"
HELPERS: Final = ("Hanna", "Henri", "Hilda", "Horst")
_BEGINS: Final = "2026-03-02 09:00"
_MOST_ROUNDS: Final = 60
_SECOND: Final = timedelta(seconds=1)
_NOT_NOTED: Final = ("right.missing", "approval.role", "reason.missing", "close.outcome")
_CLOSING: Final = "close_item"


def demand_scenario(version: ProcessVersion, others: Mapping[str, ProcessVersion]) -> Scenario:
    """The scenario that shows what `version` demands; `others` are the processes that its normal path names.

    Raises:
        UsageProblem: the normal path of the version gives no values to take, or work does not come to its end.
    """
    return _Driver(version, others).scenario()


class _Driver:
    def __init__(self, version: ProcessVersion, others: Mapping[str, ProcessVersion]) -> None:
        self.version = version
        normal = next(each for each in version.scenarios if each.kind == "normal_path")
        self.also = normal.also
        roles = tuple(role.id for role in version.roles)
        self.people = dict.fromkeys((MAKER, OWNER, *HELPERS), roles)
        self.names = tuple(self.people)
        self.first_values, self.values = _values(normal)
        self.before, cast = _beside(normal)
        self.people |= {name: normal.people[name] for name in cast if name in normal.people}
        self.moves: list[Move] = []
        self.noted: set[tuple[object, ...]] = set()
        self.simulation = Simulation(
            version=version,
            also=[others[name] for name in self.also if name != version.id],
            people=self.people,
            begins=_BEGINS,
        )

    def scenario(self) -> Scenario:
        for move in self.before:
            self._do(move)
        title = {"title": "All that is demanded"}
        self._do(Move(who=MAKER, does="create_item", item=ITEM, args={"fields": title}))
        self._do(Move(who=MAKER, does="create_item", item=OTHER, args={"fields": {"title": "Something else"}}))
        self._note_all()
        for number, transition in enumerate(self._forward()):
            self._pass(transition)
            if number == 0:
                self._first("assign_item", person=OWNER)
                asked = [each for one in self.version.transitions for each in one.gate.fields]
                if "due" in self.first_values and "due" not in asked:  # so that a later day can be asked for
                    self._first("edit_item", fields={"due": self.first_values["due"]})
            self._requests()
        again = {"reason": "Tried."}
        for does in ("reopen_item", "begin_follow_up"):
            movers = [Move(who=who, does=does, item=ITEM, args=again) for who in (MAKER, OWNER)]
            self._note([check for move in movers if (check := self._apart(move))])
        return Scenario(
            id="demands",
            title="Everything that is demanded, demand by demand",
            kind="refused",
            people=self.people,
            when=tuple(self.moves),
            then=(Check(item=ITEM, step=self.version.closure.step),),
            also=self.also,
        )

    def _facts(self, who: str = OWNER) -> Facts:
        return gather(self.simulation.register, self.simulation.items[ITEM], self.simulation.actor(who))

    def _forward(self) -> Iterator[Transition]:
        """The transitions of the normal path: from each step to the nearest later one."""
        order = {step.id: number for number, step in enumerate(self.version.steps)}
        while (here := self._facts().file.item.step) != self.version.closure.step:
            later = [each for each in self.version.from_step(here) if order[each.target] > order[here]]
            yield min(later, key=lambda each: order[each.target])

    def _obstacles(self, move: Move) -> tuple[Obstacle, ...]:
        try:
            self.simulation.act(move.who, move.does, move.item, move.args)
        except Refused as refusal:
            return refusal.obstacles
        return ()

    def _do(self, move: Move) -> bool:
        """Do a move and keep it; False when it cannot be done."""
        try:
            act = self.simulation.act(move.who, move.does, move.item, move.args)
            self.simulation.take(move.who, act, move.item if move.does == "create_item" else "")
        except CountersignError:
            return False
        self.simulation.now = self.simulation.now.replace(microsecond=0) + _SECOND
        self.moves.append(move)
        return True

    def _first(self, does: str, **args: Any) -> bool:
        """Let the first person who may do it; whether anybody could."""
        return any(self._do(self._move(who, does, args)) for who in self._helpers_first())

    def _helpers_first(self) -> tuple[str, ...]:
        return (*HELPERS, OWNER, MAKER, *(name for name in self.people if name not in self.names))

    def _requests(self) -> None:
        """Ask for what others decide, note who of those asked may not, and have it refused."""
        item, no = self._facts().file.item, {"reason": "Tried."}
        for kind in ("extension", "change"):
            signed = [each.id for each in self.version.fields if each.signed and each.kind == "text"]
            asked: dict[str, Any] = {"due": "2026-12-31", "interim_risk": "None.", **no}
            if kind == "change":
                asked = {"fields": dict.fromkeys(signed[:1], "Otherwise."), **no}
            by = next((who for who in (OWNER, *HELPERS) if self._do(self._move(who, f"request_{kind}", asked))), "")
            if by:
                decided = {"request": "@request", "approve": True}
                self._note_apart("decide_request", decided, by)
                self._first("decide_request", **(decided | {"approve": False} | no))
        self._risk(no)
        rule = self.version.urgent
        marked = {"code": next(iter(rule.reasons), "") if rule else "", "reason": "Tried."}
        if rule is not None and item.state == "open" and self._do(self._move(HELPERS[0], "mark_urgent", marked)):
            self._note_apart("approve_urgent", {}, HELPERS[0])
            self._do(self._move(HELPERS[0], "withdraw_urgent", no))

    def _risk(self, no: dict[str, str]) -> None:
        rule = self.version.risk_acceptance
        if rule is None or not self._first("link_items", other=OTHER, reason="Tried."):
            return
        day = self.simulation.now.date().isoformat()
        asked = {"rule": "blocked.open", "reason": "Tried.", "risk": "None.", "expires_on": day}
        if self._do(self._move(OWNER, "request_risk_acceptance", asked)):
            decided = {"risk_acceptance": "@risk_acceptance", "accept": True}
            self._note_apart("decide_risk_acceptance", decided, OWNER)
            self._first("decide_risk_acceptance", **(decided | {"accept": False} | no))
        self._first("unlink_items", link="@link", **no)

    def _move(self, who: str, does: str, args: dict[str, Any]) -> Move:
        return Move(who=who, does=does, item=ITEM, args=args)

    def _note_apart(self, does: str, args: dict[str, Any], by: str) -> None:
        """Note that maker, owner and who asked may not decide."""
        people = dict.fromkeys((MAKER, OWNER, by))
        self._note([check for who in people if (check := self._apart(self._move(who, does, args)))])

    def _transitions_out(self) -> Iterator[Move]:
        """Every way out of where the item stands, by every outcome where it closes."""
        step = self._facts().file.item.step
        for transition in self.version.from_step(step):
            if transition.target == self.version.closure.step:
                for outcome in self.version.closure.outcomes:
                    args: dict[str, Any] = {"outcome": outcome.outcome, "summary": "All is shown."}
                    yield Move(who=HELPERS[0], does=_CLOSING, item=ITEM, args=args)
            else:
                args = {"step": transition.target, "reason": "Tried."}
                yield Move(who=HELPERS[0], does="move_item", item=ITEM, args=args)

    def _note_all(self) -> None:
        """Write down what is missing on every way out of where the item stands."""
        checks = [check for move in self._transitions_out() if (check := self._checked(move))]
        checks += [
            check
            for who in (MAKER, OWNER)
            if (check := self._checked(Move(who=who, does="cancel_item", item=ITEM, args=self._cancelling())))
        ]
        self._note(checks)

    def _cancelling(self) -> dict[str, Any]:
        return {"reason": "Tried.", "code": next(iter(self.version.cancel.reasons), "")}

    def _checked(self, move: Move) -> Check | None:
        found = [each for each in self._obstacles(move) if each.rule not in _NOT_NOTED]
        words = tuple(dict.fromkeys(map(obstacle_word, found)))
        if not words:
            return None
        return Check(who=move.who, does=move.does, item=move.item, args=move.args, missing=words)

    def _note(self, checks: list[Check]) -> None:
        last = self.moves[-1]
        new = tuple(each for check in checks if (each := self._new(check)) is not None)
        self.moves[-1] = msgspec.structs.replace(last, then=(*last.then, *new))

    def _new(self, check: Check) -> Check | None:
        """The check without what was noted before; None when nothing is left."""
        left = []
        for word in check.missing:
            gate = (check.does, *(check.args.get(each) for each in ("step", "outcome", "gate", "evidence")))
            if check.does == "decide_request":
                gate = (*gate, next(each.does for each in reversed(self.moves) if each.does.startswith("request_")))
            once = word.startswith(("field.missing:", "evidence.missing:"))
            signed = sum(each.does == "approve_item" for each in self.moves) if check.does == "approve_item" else 0
            key = (word,) if once else (word, *gate, signed)
            if key not in self.noted:
                self.noted.add(key)
                left.append(word)
        return msgspec.structs.replace(check, missing=tuple(left)) if left else None

    def _pass(self, transition: Transition) -> None:
        """Meet what one transition demands, noting on the way who may not, and take it."""
        closes = transition.target == self.version.closure.step
        args: dict[str, Any] = {"step": transition.target, "reason": "On."}
        if closes:
            args = {"outcome": self._outcome(), "summary": "All is shown."}
        does = _CLOSING if closes else "move_item"
        for _ in range(_MOST_ROUNDS):
            movers = [Move(who=who, does=does, item=ITEM, args=args) for who in self._helpers_first()]
            if closes:
                self._note([check for move in movers if (check := self._apart(move))])
            judged = {move.who: self._obstacles(move) for move in movers}
            ready = next((move for move in movers if not judged[move.who]), None)
            if ready is not None:
                self._blocked(ready, transition)
                if self._do(ready):
                    break
                continue
            fewest = min(judged.values(), key=len)
            if not any(self._meet(each, transition) for each in fewest):
                left = ", ".join(obstacle_word(each) for each in fewest)
                raise LookupError(f"{self.version.id}: {transition.id} is not passed: {left}")
        else:
            raise LookupError(f"{self.version.id}: {transition.id} is never passed")
        if not closes:
            self._note_all()

    def _blocked(self, ready: Move, transition: Transition) -> None:
        """Note that an open blocker holds the item, and free it again."""
        gate = self.version.gate(transition.id)
        if gate is None or not gate.unblocked or not self._first("link_items", other=OTHER, reason="Tried."):
            return
        self._note([Check(who=ready.who, does=ready.does, item=ITEM, args=ready.args, missing=("blocked.open",))])
        self._first("unlink_items", link="@link", reason="Tried.")

    def _outcome(self) -> str:
        return self.version.closure.outcomes[0].outcome

    def _apart(self, move: Move) -> Check | None:
        """The check that a person may not do this because of their place in the work."""
        found = [each.rule for each in self._obstacles(move) if each.rule.startswith("separation.")]
        words = tuple(dict.fromkeys(found))
        return Check(who=move.who, does=move.does, item=ITEM, args=move.args, missing=words) if words else None

    def _meet(self, obstacle: Obstacle, transition: Transition) -> bool:
        """Do one thing about an obstacle; whether there was one to do."""
        rule, about = obstacle.rule, obstacle.about
        if rule.startswith(("field.", "condition.", "exception.")):
            values = self.first_values if rule == "field.missing" else self.values
            return about in values and self._fill(about, values[about])
        if rule.startswith("approval."):
            return self._sign(transition)
        if rule == "evidence.unreviewed":
            return self._review(about)
        does: dict[str, dict[str, Any]] = {
            "owner.missing": {"does": "assign_item", "person": OWNER},
            "evidence.missing": {"does": "add_evidence", "requirement": about},
            "evidence.expired": {"does": "add_evidence", "requirement": about},
            "handoff.open": {"does": "accept_handoff"},
        }
        return rule in does and self._first(**does[rule])

    def _fill(self, field: str, value: Any) -> bool:
        """Give a field its value; where others are demanded only with some values, each is tried before."""
        definition = self.version.field(field)
        asked = any(field in each.required_when for each in self.version.fields)
        for choice in definition.choices if definition and asked else ():
            if choice != value and self._first("edit_item", fields={field: choice}):
                self._note_all()
        return self._first("edit_item", fields={field: value})

    def _review(self, requirement: str) -> bool:
        review = {"evidence": requirement, "accept": True}
        movers = [Move(who=who, does="review_evidence", item=ITEM, args=review) for who in self._helpers_first()]
        self._note([check for move in movers if (check := self._apart(move))])
        return self._first("review_evidence", **review)

    def _sign(self, transition: Transition) -> bool:
        gate = self.version.gate(transition.id)
        for place in (*(gate.still_approved if gate else ()), transition.id):
            if judge_approvals(self._facts(), place).current is None:
                continue
            for args in ({"gate": place}, {}):
                movers = [Move(who=who, does="approve_item", item=ITEM, args=dict(args)) for who in self.people]
                self._note([check for move in movers if (check := self._apart(move))])
                if self._first("approve_item", **args):
                    return True
        return False


def _values(normal: Scenario) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values that the normal path gives the fields of its item: the first one of each, and the last."""
    first: dict[str, Any] = {}
    found: dict[str, Any] = {}
    main = _main_item(normal)
    for move in (*normal.given, *normal.when):
        if move.item == main and move.does in ("create_item", "edit_item"):
            found |= move.args.get("fields", {})
            first = move.args.get("fields", {}) | first
    found.pop("owner", None)
    return first, found


def _main_item(normal: Scenario) -> str:
    closed = [move.item for move in normal.when if move.does == _CLOSING]
    return closed[-1] if closed else ""


def _beside(normal: Scenario) -> tuple[tuple[Move, ...], tuple[str, ...]]:
    """What the normal path does about other items and in the vault, and the people it takes."""
    main = _main_item(normal)
    moves = tuple(
        msgspec.structs.replace(each, then=())
        for each in (*normal.given, *normal.when)
        if each.item != main and each.does and not each.refused
    )
    text = repr([each.args for each in (*normal.given, *normal.when)])
    named = [name for name in normal.people if re.search(rf"\b{re.escape(name)}\b", text)]
    return moves, tuple(dict.fromkeys((*(each.who for each in moves), *named)))
