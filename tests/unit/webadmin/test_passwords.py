import asyncio

import pytest

from appliance.core.errors import Busy, Invalid
from webadmin import passwords
from webadmin.passwords import Passwords, Policy, check_new, one_time_password


@pytest.fixture
def hasher():
    made = Passwords()
    yield made
    made.close()


def test_a_password_is_recognised_and_another_is_not(hasher):
    async def run():
        stored = await hasher.hash("correct horse")
        assert stored.startswith("$argon2id$")
        assert await hasher.matches(stored, "correct horse")
        assert not await hasher.matches(stored, "wrong horse")

    asyncio.run(run())


def test_two_hashes_of_one_password_differ(hasher):
    async def run():
        assert await hasher.hash("correct horse") != await hasher.hash("correct horse")

    asyncio.run(run())


def test_composed_and_decomposed_letters_are_one_password(hasher):
    async def run():
        stored = await hasher.hash("m\u00fcller lange strasse")
        assert await hasher.matches(stored, "mu\u0308ller lange strasse")

    asyncio.run(run())


def test_nobodys_password_is_always_wrong(hasher):
    async def run():
        assert not await hasher.matches(None, "anything")
        assert not await hasher.matches("damaged", "anything")

    asyncio.run(run())


def test_a_flood_of_attempts_is_told_to_come_back(hasher):
    async def run():
        tasks = [asyncio.create_task(hasher.matches(None, "x")) for _ in range(passwords.MAX_WAITING + 4)]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(result, Busy) for result in results) == 4
        assert not await hasher.matches(None, "x")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("password", "english"),
    [
        ("short", "at least 12"),
        ("x" * 300, "at most 256"),
        ("aaaaaaaaaaaaaaa", "too easy"),
        ("Administrator1", "too easy"),
    ],
)
def test_weak_passwords_are_refused_by_field(password, english):
    with pytest.raises(Invalid) as caught:
        check_new(password, "administrator1", Policy(12), "password")
    assert caught.value.facts["field"] == "password"
    assert english in caught.value.message("en")


def test_a_good_password_passes():
    check_new("correct horse battery", "admin", Policy(12), "password")


def test_one_time_passwords_differ_and_can_be_read_out():
    made = {one_time_password() for _ in range(100)}
    assert len(made) == 100
    assert all(len(one) == 19 and set(one) <= set("0123456789abcdefghjkmnpqrstvwxyz-") for one in made)


@pytest.mark.parametrize(
    "password",
    [
        "Password1234!",
        "P@ssw0rd2024!!",
        "qwertyuiop123456",
        "adminadminadmin1",
        "20240101abcabc",
        "Tapeline12345678",
        "maria1985maria",
        "zzzzzzzzzzzzzz9",
    ],
)
def test_what_guessers_try_first_is_refused(password):
    with pytest.raises(Invalid):
        check_new(password, "maria", Policy(10), "password")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "吾爱一条大河波浪宽风吹", "Tk7#mQz9wLp2", "lampe fenster 47 regen"]
)
def test_what_takes_long_to_guess_is_not(password):
    check_new(password, "maria", Policy(10), "password")


def test_kinds_of_characters_are_counted():
    with pytest.raises(Invalid):
        check_new("lampe fenster regen", "maria", Policy(10, kinds=3), "password")
    check_new("Lampe fenster regen", "maria", Policy(10, kinds=3), "password")
