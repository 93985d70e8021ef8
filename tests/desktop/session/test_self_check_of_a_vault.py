"""What the self-check gathers from a real vault: one thing is done in it, and the clauses it concerns say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from command_line import PASSPHRASE

from desktop.application.application import CountersignApplication
from desktop.machine.clock import now
from desktop.session.self_check import RULES, gather_evidence
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.oversight import ReviewAccess, ReviewAuditTrail
from domain.compliance.judge import ClauseResult, judge
from domain.errors import WrongPassphrase
from domain.log.verdict import LogVerdict

Open = Callable[[str], UnlockedSession]


@pytest.fixture
def unlocked(sample_vault: Path) -> Iterator[Open]:
    """Unlock the sample vault as one person after the other."""
    held: list[UnlockedSession] = []

    def of(person: str) -> UnlockedSession:
        while held:
            held.pop().lock()
        held.append(CountersignApplication().unlock(sample_vault, person=person, passphrase=PASSPHRASE))
        return held[-1]

    yield of
    while held:
        held.pop().lock()


def clauses(vault: UnlockedSession, *, verdict: LogVerdict | None = None) -> dict[str, ClauseResult]:
    """The clauses by a short name. The log is taken to be sound: verifying it is tested elsewhere."""
    size = vault.register.log_size()
    sound = LogVerdict(vault="v", entries=size, root="ab" * 32, changes=size, rows=size, files=3, findings=())
    evidence = gather_evidence(vault.register, verdict or sound, folder=vault.folder, keys=vault._keys)
    results = judge(evidence, RULES).clauses
    return {("A" if each.rule.startswith("EU") else "") + each.clause: each for each in results}


def newest(vault: UnlockedSession) -> int:
    return vault.register.log_size() - 1


def review(vault: UnlockedSession, first: int, last: int) -> ClauseResult:
    vault.perform(ReviewAuditTrail(first=first, last=last, verdict="in_order"), passphrase=PASSPHRASE)
    return clauses(vault)["A9"]


def test_a_new_vault_holds_almost_nothing(site_vault: Path) -> None:
    vault = CountersignApplication().unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    result = vault.self_check()
    vault.lock()
    assert {each.clause for each in result.clauses if each.result == "holds"} == {"11.300(e)"}
    assert {"11.10(b)", "11.50", "11.70"} <= {each.clause for each in result.clauses if each.result == "unshown"}


def test_the_self_check_verifies_the_whole_log(unlocked: Open) -> None:
    vault = unlocked("Ada Admin")
    found = {each.clause: each for each in vault.self_check().clauses}
    size = vault.register.log_size()
    assert found["7.1"].result == "holds"
    assert found["7.1"].found.startswith(f"All {size} entries")
    part = clauses(vault, verdict=msgspec.structs.replace(vault.verify(), since=3))
    assert part["A7.1"].found.startswith("NOT VERIFIED")


def test_a_review_of_one_entry_or_of_ones_own_entries_is_none(unlocked: Open) -> None:
    vault = unlocked("Ivan Import")
    own = review(vault, 0, newest(vault))
    assert own.result == "attention"
    assert "the reviewer's own" in own.found
    vault = unlocked("Quinn Quality")
    one = review(vault, 7, 7)
    assert one.result == "attention"
    assert "of entry 7 alone" in one.found
    whole = review(vault, 0, newest(vault))
    assert whole.result == "holds"
    assert whole.entries == (newest(vault),)


def test_an_administrator_reviewing_access_alone_leaves_own_roles_open(unlocked: Open) -> None:
    vault = unlocked("Ada Admin")
    vault.perform(ReviewAccess(), passphrase=PASSPHRASE)
    found = clauses(vault)
    assert found["11.300(b)"].result == "attention"
    assert "administrator of Ada Admin" in found["11.300(b)"].found
    assert "Quinn" not in found["11.300(b)"].found
    let_in = found["11.10(g)"]
    assert let_in.result == "attention"
    assert "by Ada Admin: Ada Admin (enrolled; administrator" in let_in.found
    assert "Quinn Quality (enrolled; Quality)" in let_in.found


def test_a_backup_counts_as_elsewhere_only_on_another_volume(
    unlocked: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = unlocked("Ada Admin")
    (tmp_path / "stick").mkdir()
    vault.backups.make(to=tmp_path / "stick")
    assert "another volume than the vault: never" in clauses(vault)["A16"].found
    monkeypatch.setattr("desktop.backups.elsewhere.is_on_one_volume", lambda one, _: one.parent.name != "stick")
    made = vault.backups.make(to=tmp_path / "stick" / "second.countersign")
    assert "another volume" not in clauses(vault)["A16"].found
    made.file.unlink()
    assert "another volume" not in clauses(vault)["A16"].found


def test_a_failed_restore_test_is_not_hidden_by_an_older_one(unlocked: Open, tmp_path: Path) -> None:
    vault = unlocked("Ada Admin")
    file = vault.backups.make(to=tmp_path).file
    vault.backups.restore_test(file, passphrase=PASSPHRASE)
    assert "restore test" not in clauses(vault)["A7.2"].found
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    vault.backups.restore_test(file, passphrase=PASSPHRASE)
    found = clauses(vault)["A7.2"]
    assert found.result == "attention"
    assert "The last restore test" in found.found
    assert "failed" in found.found
    assert newest(vault) in found.entries


def test_an_entry_behind_the_log_is_named(unlocked: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = unlocked("Ada Admin")
    assert clauses(vault)["A12.4"].result == "holds"
    with monkeypatch.context() as back:
        back.setattr("desktop.session.unlocked_session.now", lambda: now() - timedelta(days=3))
        vault.documents.give_out(b"x", kind="report", name="late.pdf", purpose="the auditor")
    found = clauses(vault)["A12.4"]
    assert found.result == "attention"
    assert found.entries == (newest(vault),)


def test_the_key_of_the_store_given_out_is_named(unlocked: Open) -> None:
    vault = unlocked("Ada Admin")
    assert clauses(vault)["11.10(d)"].result == "holds"
    vault.reveal_key(purpose="to look inside", passphrase=PASSPHRASE)
    for clause in ("11.10(d)", "11.30"):
        assert "key was given out" in clauses(vault)[clause].found


def test_a_file_that_left_for_nothing_is_named(unlocked: Open) -> None:
    vault = unlocked("Quinn Quality")
    vault.documents.give_out(b"x", kind="report", name="aim.pdf", purpose="the auditor")
    assert clauses(vault)["11.30"].result == "holds"
    vault.documents.give_out(b"x", kind="report", name="aimless.pdf", purpose="")
    found = clauses(vault)["11.30"]
    assert (found.result, found.entries) == ("attention", (newest(vault),))
    assert "aimless.pdf" in found.found


def test_a_wrong_passphrase_stays_open_until_a_review_reaches_its_report(unlocked: Open, sample_vault: Path) -> None:
    with pytest.raises(WrongPassphrase):
        CountersignApplication().unlock(sample_vault, person="Ivan Import", passphrase="not this one, surely")
    vault = unlocked("Quinn Quality")
    assert clauses(vault)["11.300(d)"].result == "attention"
    review(vault, 0, newest(vault))
    assert clauses(vault)["11.300(d)"].result == "holds"


def test_whoever_leaves_leaves_no_key(unlocked: Open) -> None:
    vault = unlocked("Ada Admin")
    assert clauses(vault)["11.300(c)"].result == "unshown"
    ivan = next(each.id for each in vault.register.people() if each.name == "Ivan Import")
    vault.people_service.disable(person=ivan, reason="Left the company.")
    found = clauses(vault)
    assert found["11.300(c)"].result == "holds"
    assert "4 of 5 people active" in found["11.10(d)"].found
