"""No forged pack is VERIFIED, whoever made it, and the check that finds it is the one that should."""

from __future__ import annotations

import pytest
from forged_packs import WITH_ONE_KEY, WITHOUT_KEYS
from forged_with_keys import WITH_EVERY_KEY

from desktop.pdf.verify_pack import verify_pack

FORGERIES = {**WITHOUT_KEYS, **WITH_ONE_KEY, **WITH_EVERY_KEY}


def test_there_are_forgeries_of_every_kind():
    assert len(FORGERIES) >= 60


@pytest.mark.parametrize("name", FORGERIES)
def test_no_forged_pack_is_verified(name: str):
    check, make = FORGERIES[name]
    verdict = verify_pack(make())
    failed = {each.name: each.detail for each in verdict.checks if not each.passed}
    assert not verdict.verified
    assert check in failed, failed
