"""Settings come from the environment alone, and what is wrong is named, all of it at once."""

import pytest

from chalicelib.settings import Settings, SettingsError, load

GOOD = {
    "PACKSHOT_STAGE": "dev",
    "PACKSHOT_URL": "https://dam.example",
    "PACKSHOT_MEDIA_URL": "https://media.example",
}
BAD = {
    "drive_url": ["https://drive.example.com", "http://www.googleapis.com", "http://127.0.0.1", ""],
    "shopify_url": ["https://shop.example.com", "http://{shop}", "https://{shop}/", "http://127.0.0.1", ""],
    "stage": ["", "Dev", "1dev", "a" * 20],
    "url": ["", "dam.example", "https://dam.example/"],
    "media_url": ["ftp://x", "https://x/y"],
    "lease_s": ["4", "901", "soon", ""],
    "tries": ["0", "11"],
    "job_run_s": ["4", "841"],
    "max_object_bytes": ["0", "-1", "5 GB"],
    "max_pixels": ["0"],
    "media_memory_bytes": ["1000"],
    "media_cpu_s": ["0", "601"],
    "media_wall_s": ["0", "601"],
    "index_bytes": ["0", "1000"],
    "mail_from": ["", "packshot", "a@b@c", "Packshot <p@x.test>"],
    "mail_wait_s": ["-1", "3601"],
    "mail_apart_s": ["-1", "86401"],
    "session_hours": ["0", "721"],
    "edge_hops": ["0", "6", ""],
}
CASES = [(name, value) for name, values in BAD.items() for value in values]
FREE = {"bucket_suffix", "boot_id"}


def test_three_variables_are_enough() -> None:
    assert load(GOOD).stage == "dev"


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({**GOOD, f"PACKSHOT_{name.upper()}": value})

    assert f"PACKSHOT_{name.upper()}: " in str(caught.value)


def test_every_setting_that_can_be_wrong_has_a_bad_value_here() -> None:
    known = {name for name, field in Settings.model_fields.items() if field.metadata}

    assert known - FREE <= set(BAD)


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load({})

    assert all(name in str(caught.value) for name in GOOD)


def test_variables_of_others_are_left_alone() -> None:
    assert load({**GOOD, "AWS_REGION": "x", "PACKSHOT_HOME": "/somewhere"}) == load(GOOD)


def test_no_setting_is_a_secret() -> None:
    assert not [name for name in Settings.model_fields if name.endswith(("key", "secret", "token", "password"))]
