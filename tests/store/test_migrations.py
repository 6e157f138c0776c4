"""Roles of an outside database: those who sign in are made with the passwords of their addresses."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import asyncpg

from store import embedded, migrations


def test_logins_are_made_with_their_passwords(server: embedded.Server, template: str):
    async def wanted(sql: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(migrations.plain(server.url("postgres", template)))
        try:
            return await connection.fetch(sql)
        finally:
            await connection.close()

    logins = ["postgresql://pages:p%40ss@db.example.org/buy", "postgresql://bt_jobs@db.example.org/buy"]
    with ThreadPoolExecutor(1) as thread:
        thread.submit(migrations.create_roles, server.url("bt_owner", template), logins).result()
        found = thread.submit(
            asyncio.run,
            wanted(
                """select rolname, rolpassword is not null as password, rolsuper or rolbypassrls as strong,
                   pg_has_role(rolname, 'bt_app', 'usage') as app from pg_authid
                   where rolname in ('pages', 'bt_jobs') order by rolname"""
            ),
        ).result()
        thread.submit(asyncio.run, wanted("drop role pages")).result()
    assert [tuple(row) for row in found] == [("bt_jobs", False, False, False), ("pages", True, False, True)]


async def test_a_role_that_signs_in_itself_gets_its_password(server: embedded.Server):
    # As in compose.yaml: the login is the role, on a server where it does not exist yet.
    admin = await asyncpg.connect(migrations.plain(server.url("postgres", "postgres")))
    try:
        transaction = admin.transaction()
        await transaction.start()
        await admin.execute("alter role bt_app rename to bt_app_before")
        await migrations._grant_logins(admin, ["postgresql://bt_app:secret@db.example.org/buy"])
        assert await admin.fetchval("select rolpassword is not null from pg_authid where rolname = 'bt_app'")
        await transaction.rollback()
    finally:
        await admin.close()
