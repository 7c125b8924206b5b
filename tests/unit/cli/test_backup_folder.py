"""Backups in a folder are named for their time, and no two of them share a name."""

from pathlib import Path

from edgewise.cli.backup_folder import BackupFolder

AT = 1_790_000_000.7


def test_backups_of_one_second_have_names_that_follow_each_other(tmp_path: Path):
    folder = BackupFolder(tmp_path, tmp_path / "crm.db")
    made = []
    for _ in range(3):
        made.append(folder.new_file(AT))
        made[-1].touch()
    assert [file.name for file in made] == [f"crm-20260921T14132{second}Z.db" for second in (0, 1, 2)]
    assert folder.files() == made
    assert folder.new_file(AT + 60).name == "crm-20260921T141420Z.db"
