from common.crypto.certificates import read_certificate
from common.crypto.root import CountyRoot, fingerprint, spoken
from common.crypto.trust import check_hub
from tests.common.crypto.county import ROOT, hub_certificate


def test_a_root_comes_back_from_its_seed_and_signs_the_same_hub() -> None:
    again = CountyRoot.from_seed(ROOT.seed())
    assert again.public() == ROOT.public()
    assert (
        check_hub(ROOT.public(), read_certificate(again.certify_hub(hub_certificate()))) == hub_certificate()
    )


def test_a_fingerprint_is_128_bits_of_the_public_key() -> None:
    assert ROOT.fingerprint() == fingerprint(ROOT.public())
    assert len(ROOT.fingerprint()) == 16
    assert CountyRoot.create().fingerprint() != ROOT.fingerprint()


def test_a_fingerprint_is_read_out_in_eight_groups() -> None:
    assert spoken(bytes(range(16))) == "0001 0203 0405 0607 0809 0a0b 0c0d 0e0f"
