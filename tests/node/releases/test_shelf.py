"""A release that is not what was signed is refused whole, with the reason."""

import json
import shutil

import pytest

from consilience.node.releases.shelf import open_shelf


@pytest.fixture
def copy(shelf_folder, tmp_path):
    shutil.copytree(shelf_folder / "second", tmp_path / "copy")
    return tmp_path / "copy"


def flip(folder):
    path = folder / "data" / "observations.csv"
    path.write_bytes(path.read_bytes().replace(b"XV-01", b"XV-02", 1))


def drop(folder):
    (folder / "method" / "method.md").unlink()


def add(folder):
    (folder / "data" / "extra.csv").write_text("x")


def rewrite(folder):
    head = json.loads((folder / "release.json").read_text())
    (folder / "release.json").write_text(json.dumps({**head, "publisher": "Somebody else"}))


def break_json(folder):
    (folder / "release.json").write_text("{")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (flip, "data/observations.csv"),
        (drop, "listed but missing"),
        (add, "not part of the release"),
        (rewrite, "not what was signed"),
        (break_json, "cannot be read"),
    ],
)
def test_a_damaged_release_is_refused_and_the_reason_named(copy, damage, reason):
    damage(copy)
    shelf = open_shelf([copy])
    assert shelf.releases == ()
    assert reason in " ".join(shelf.refused[0].reasons)


def test_a_release_that_changes_while_it_is_shown_disappears(client, on_shelf, copy):
    on_shelf(copy)
    assert client.get("/releases/orvenna-1.1/").status_code == 200
    flip(copy)
    assert client.get("/releases/orvenna-1.1/").status_code == 404
    page = client.get("/releases/").content.decode()
    assert "Not shown" in page
    assert "data/observations.csv" in page
    assert client.get("/readyz").status_code == 503


def test_a_head_that_lacks_what_pages_need_is_refused_with_its_place(copy, build, tmp_path):
    from consilience.node.releases import shelf as module

    head = json.loads((copy / "release.json").read_text())
    del head["publisher"]
    with pytest.raises(Exception, match="publisher"):
        module.ReleaseHead.model_validate(head)


def test_two_releases_of_one_name_are_not_both_shown(copy, shelf_folder):
    shelf = open_shelf([shelf_folder, copy])
    assert [release.head.id for release in shelf.releases] == ["orvenna-1.1", "orvenna-1.0"]
    assert "is called orvenna-1.1 too" in shelf.refused[0].reasons[0]


def test_the_newest_release_comes_first_and_knows_the_one_before(shelf_folder):
    shelf = open_shelf([shelf_folder])
    assert shelf.before(shelf.releases[0]) is shelf.releases[1]
    assert shelf.before(shelf.releases[1]) is None


def test_a_folder_without_releases_is_an_empty_shelf(tmp_path):
    assert open_shelf([tmp_path]).releases == ()
