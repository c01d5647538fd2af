"""What a study of the coalition needs beside the files: the study itself, the mappings, codes and crosswalks.

They are data files of this package, copied next to the lists so that the folder stands by itself.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from consilience.demo.organisations import ORGANISATIONS

_HERE = Path(__file__).parent
FOLDERS = ("mappings", "standards")


def write_kit(out: Path, sources: Mapping[str, Path]) -> Path:
    """Copy the study with its mappings and standards to `out`, pointed at the files of `sources`.

    Returns:
        The path of the study file.
    """
    for folder in FOLDERS:
        shutil.copytree(_HERE / folder, out / folder, dirs_exist_ok=True)
    text = (_HERE / "study.toml").read_text(encoding="utf-8")
    for organisation in ORGANISATIONS:
        usual = f"sources/{organisation.id}.{organisation.file.format}"
        text = text.replace(f'"{usual}"', f'"sources/{sources[organisation.id].name}"')
    study = out / "study.toml"
    study.write_text(text, encoding="utf-8")
    return study
