import json


def test_the_demo_goes_from_five_lists_to_a_release_that_verifies(consilience, tmp_path):
    done = consilience("demo", tmp_path / "demo", "--records", 1000, "--json")
    assert done.code == 0, done.err
    result = json.loads(done.out)
    truth = json.loads((tmp_path / "demo" / "truth" / "truth.json").read_text())
    assert len(result["sources"]) == 5
    assert all(s["rows"] == s["accepted"] + s["rejected"] for s in result["sources"].values())
    assert truth
    key = tmp_path / "demo" / "keys" / "node.vkey"
    snapshot = tmp_path / "demo" / "private" / "snapshot"
    checked = consilience("verify", tmp_path / "demo" / "release", "--key", key, "--snapshot", snapshot)
    assert checked.code == 0, checked.out
