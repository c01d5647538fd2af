"""The files that are the method: the study, its own mappings and standards. They are published with the release."""

from pathlib import Path

from consilience.formats.digest import sha256_bytes, sha256_json
from consilience.study.plan import Study

STUDY_FILE = "study.toml"


def study_files(study: Study) -> dict[str, bytes]:
    """Return every file of the method by its path from the study's folder; the study itself as `study.toml`."""
    files = {STUDY_FILE: study.path.read_bytes()}
    for source, spec in study.form.sources.items():
        mapping = study.mapping_path(source)
        if isinstance(mapping, Path):
            files[spec.mapping] = mapping.read_bytes()
    files.update(_standards(study))
    return files


def study_digest(study: Study) -> str:
    """Return what names the method: the SHA-256 of the canonical JSON of its files' names and digests."""
    return sha256_json({name: sha256_bytes(data) for name, data in study_files(study).items()})


def _standards(study: Study) -> dict[str, bytes]:
    folder = study.standards_folder
    if folder is None or study.head.standards is None:
        return {}
    inside = sorted(path for path in folder.rglob("*") if path.is_file())
    return {f"{study.head.standards}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in inside}
