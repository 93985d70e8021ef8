"""EU GMP Annex 11 (2011), in our own words."""

from __future__ import annotations

from domain.compliance import clause_checks
from domain.compliance.judge import Clause

_OUTSIDE = "Nothing in a vault shows this."

ANNEX_11 = (
    Clause(
        id="1",
        demand="Decisions about the system rest on documented risks.",
        checks=_OUTSIDE,
        stays="Risk management over the whole life of the system.",
        check=clause_checks.outside,
    ),
    Clause(
        id="2",
        demand="People have the roles, the rights and the training for what they do.",
        checks="Roles held, administrators.",
        stays="Training; naming process and system owner.",
        check=clause_checks.authority,
    ),
    Clause(
        id="3",
        demand="Suppliers are chosen and agreed with.",
        checks=_OUTSIDE,
        stays="Assessing the supplier.",
        check=clause_checks.outside,
    ),
    Clause(
        id="4",
        demand="The system is validated against what is asked of it.",
        checks="The whole log verified now.",
        stays="Your own requirements and their tests.",
        check=clause_checks.log_proven,
    ),
    Clause(
        id="5",
        demand="Data that comes from elsewhere is checked on the way in.",
        checks="Imports, with their original files.",
        stays="Judging the trackers you bring in.",
        check=clause_checks.imports_checked,
    ),
    Clause(
        id="6",
        demand="Critical data typed by hand gets a second look.",
        checks="Gates that ask for approvals.",
        stays="Saying which data is critical.",
        check=clause_checks.second_look,
    ),
    Clause(
        id="7.1",
        demand="Stored data is protected, readable and checked.",
        checks="Verification of every row and stored file.",
        stays="Media and rooms.",
        check=clause_checks.log_proven,
    ),
    Clause(
        id="7.2",
        demand="Backups are regular, and restoring is tested.",
        checks="The newest backup and the last restore test.",
        stays="Backups off this computer.",
        check=clause_checks.restore_tested,
    ),
    Clause(
        id="8",
        demand="Clear prints, which show whether data changed since it was entered.",
        checks="Closure packs with the item's history.",
        stays="Nothing.",
        check=clause_checks.true_copies,
    ),
    Clause(
        id="9",
        demand="Changes and deletions carry a reason and are reviewed regularly.",
        checks="The last signed review of the audit trail.",
        stays="Setting the period; an independent reviewer.",
        check=clause_checks.trail_reviewed,
    ),
    Clause(
        id="10",
        demand="The system and its configuration change in a controlled way.",
        checks="Versions of processes.",
        stays="Change control of the computers.",
        check=clause_checks.change_control,
    ),
    Clause(
        id="11",
        demand="The system is evaluated periodically.",
        checks="The last whole verification on this computer.",
        stays="Judging this report.",
        check=clause_checks.whole_proof,
    ),
    Clause(
        id="12",
        demand="Access is limited; granting, changing and ending it is on record.",
        checks="The last signed review of people and roles.",
        stays="Physical access.",
        check=clause_checks.accounts_reviewed,
    ),
    Clause(
        id="12.4",
        demand="The system records who entered, changed or confirmed data, and when.",
        checks="Times and clocks in entries.",
        stays="Computers whose clocks are right.",
        check=clause_checks.clock_honest,
    ),
    Clause(
        id="13",
        demand="Incidents are recorded, with their root cause.",
        checks="Processes for incidents in force.",
        stays="Reporting them.",
        check=clause_checks.incidents,
    ),
    Clause(
        id="14",
        demand="An electronic signature counts as a hand-written one, is permanently linked, with date and time.",
        checks="Signatures against the bytes they cover.",
        stays="A policy that says so.",
        check=clause_checks.signatures_bound,
    ),
    Clause(
        id="15",
        demand="Batches are released by a qualified person.",
        checks=_OUTSIDE,
        stays="This program does not release batches.",
        check=clause_checks.outside,
    ),
    Clause(
        id="16",
        demand="Work goes on when the system fails.",
        checks="The newest backup that this computer knows.",
        stays="A plan, tested.",
        check=clause_checks.kept_and_found,
    ),
    Clause(
        id="17",
        demand="Archived data stays readable.",
        checks="Exports in open formats on record; the schema is printed by the program.",
        stays="Trying to read old exports.",
        check=clause_checks.true_copies,
    ),
)
