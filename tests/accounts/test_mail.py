from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from aiosmtpd.smtp import SMTP

from accounts import tasks
from accounts.actions import mail
from accounts.rules.letters import Letter
from store.db import transaction
from store.jobs import Work
from tests.databases import TESTER


@dataclass
class Postbox:
    """A mail server that keeps what it gets, and refuses whom it is told to."""

    refused: set[str] = field(default_factory=set)
    letters: list[email.message.EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, ARG002 -- aiosmtpd's names
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802, ARG002 -- aiosmtpd's names
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
async def postbox():
    box = Postbox()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(box, loop=loop, hostname="localhost"), "127.0.0.1", 0)
    box.port = listening.sockets[0].getsockname()[1]
    yield box
    listening.close()
    await listening.wait_closed()


def work(sessions, port: int | None) -> Work:
    server = SimpleNamespace(
        host="127.0.0.1" if port else "",
        port=port or 25,
        user="",
        password="",
        sender="bt@example.org",
        tls=False,
    )
    return Work(sessions, TESTER, resources={"mail": server})


async def write(sessions, *addresses: str) -> None:
    async with transaction(sessions, TESTER) as db:
        for address in addresses:
            await mail.write(db, address, Letter("Grüße", "Line one\nhttp://127.0.0.1/reset/secret\n"))


async def test_mail_goes_out_and_its_text_is_forgotten(sessions_jobs, postbox, owner):
    await write(sessions_jobs, "a@example.org")
    assert await tasks.send_mail(work(sessions_jobs, postbox.port)) == {"sent": 1, "failed": 0}
    [letter] = postbox.letters
    assert (letter["to"], letter["from"], letter["subject"]) == ("a@example.org", "bt@example.org", "Grüße")
    assert "reset/secret" in letter.get_content()
    row = await owner.fetchrow("select * from mail")
    assert (row["body"], row["attempts"], row["error"]) == ("", 1, None)
    assert row["sent_at"] is not None
    assert await tasks.send_mail(work(sessions_jobs, postbox.port)) == {"sent": 0, "failed": 0}


async def test_a_mail_that_is_refused_does_not_hold_up_the_others(sessions_jobs, postbox, owner):
    postbox.refused = {"gone@example.org"}
    await write(sessions_jobs, "gone@example.org", "b@example.org")
    assert await tasks.send_mail(work(sessions_jobs, postbox.port)) == {"sent": 1, "failed": 1}
    row = await owner.fetchrow("select * from mail where sent_at is null")
    assert (row["to_address"], row["attempts"]) == ("gone@example.org", 1)
    assert row["error"] == "SMTPRecipientsRefused"
    assert "reset/secret" in row["body"]
    postbox.refused = set()
    assert await tasks.send_mail(work(sessions_jobs, postbox.port)) == {"sent": 1, "failed": 0}


async def test_a_mail_is_given_up_after_eight_tries(sessions_jobs, postbox, owner):
    await write(sessions_jobs, "a@example.org")
    await owner.execute("update mail set attempts = 8")
    assert await tasks.send_mail(work(sessions_jobs, postbox.port)) == {"sent": 0, "failed": 0}


async def test_a_server_that_does_not_answer_is_a_failed_try(sessions_jobs, owner, unused_tcp_port):
    await write(sessions_jobs, "a@example.org")
    assert await tasks.send_mail(work(sessions_jobs, unused_tcp_port)) == {"sent": 0, "failed": 1}


async def test_without_a_mail_server_mail_waits(sessions_jobs, owner):
    await write(sessions_jobs, "a@example.org")
    assert await tasks.send_mail(work(sessions_jobs, None)) == {"sent": 0, "failed": 0}
    assert await owner.fetchval("select attempts from mail") == 0


async def test_two_workers_send_each_mail_once(sessions_jobs, postbox, owner):
    await write(sessions_jobs, *(f"person{n}@example.org" for n in range(12)))
    done = await asyncio.gather(*(tasks.send_mail(work(sessions_jobs, postbox.port)) for _ in range(3)))
    assert sum(each["sent"] for each in done) == 12
    assert len({letter["to"] for letter in postbox.letters}) == len(postbox.letters) == 12


async def test_the_sweep_clears_what_ran_out_and_nothing_else(sessions_jobs, owner):
    await owner.execute(
        """insert into person (id, email, name) values (gen_random_uuid(), 'a@example.org', 'A');
           insert into session (id, token_hash, person_id, organisation_id, seen_at)
             select gen_random_uuid(), set_byte('\\x00', 0, minutes), p.id, o.id,
                 now() - minutes * interval '1 minute'
               from person p, organisation o, unnest(array[1, 59, 61, 200]) minutes where o.code = 'LDS';
           insert into throttle values
             ('old', 1, now() - interval '1 minute'), ('new', 1, now() + interval '1 minute');
           insert into mail (id, to_address, subject, body, sent_at)
             select gen_random_uuid(), '', '', '', now() - days * interval '1 day'
               from unnest(array[29, 31]) days;"""
    )
    assert await tasks.sweep(Work(sessions_jobs, TESTER)) == {"sessions": 2}
    assert await owner.fetchval("select count(*) from session") == 2
    assert await owner.fetchval("select key from throttle") == "new"
    assert await owner.fetchval("select count(*) from mail") == 1
