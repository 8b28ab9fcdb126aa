"""What Django knows of the tables from the migrations alone."""

from django.core.management import call_command


def test_makemigrations_has_nothing_to_add(db, capsys):
    call_command("makemigrations", check_changes=True, dry_run=True)
    assert capsys.readouterr().out.strip() == "No changes detected"
