"""Pages of pilots: a walk from the agreement to a council that takes it on, by whose turn it is."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta

from challenges.actions import evidencing, piloting, results
from challenges.queries import pilots
from tests.challenges import piloting as made
from values.years import london_today


def day(name, on):
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


async def test_an_officer_writes_an_agreement_and_records_what_is_read(chosen, act, read, browse):
    officer = await browse("officer")
    place = f"/challenges/{chosen}/pilots"
    assert "Begin the agreement" in (await officer.open(place)).text
    page = await officer.open(f"{place}/new")
    response = page.text.split('<option value="')[2].split('"')[0]
    days = day("starts_on", made.STARTED) | day("ends_on", made.STARTED + timedelta(days=180))
    answer = await officer.post(f"{place}/new", **({"response": response} | day("starts_on", made.STARTED)))
    assert answer.status_code == 422
    answer = await officer.post(f"{place}/new", **({"response": response} | days))
    pilot = answer.headers["location"]
    answer = await officer.post(f"{place}/new", **({"response": response} | days))
    assert "begun already" in answer.text
    for step, said in (
        ("describe", {"title": "A listening wall", "tries": "A sensor in each wall"} | days),
        ("sites", {"place": "Block A", "body_code": "LDS", "compares": ""}),
        ("milestones", {"title": "In", "gross_pence": "12,000"} | day("due_on", made.STARTED)),
        ("measures", MEASURE),
    ):
        assert (await officer.open(f"{pilot}/{step}")).status_code == 200
        assert (await officer.post(f"{pilot}/{step}")).status_code == 422, step
        assert (await officer.post(f"{pilot}/{step}", **said)).status_code == 303, step
    twice = {"place": "Block A", "body_code": "LDS", "compares": ""}
    assert "of this name already" in (await officer.post(f"{pilot}/sites", **twice)).text
    await officer.post(f"{pilot}/sites", place="Block Z", body_code="LDS", compares="yes")
    assert "Take out Block Z" in (await officer.open(pilot)).text
    assert (await officer.post(f"{pilot}/site/2/remove")).status_code == 303
    pilot_id = pilot.rsplit("/", 1)[-1]
    approver = await browse("leeds")
    assert "£12,000.00" in (await approver.open(f"{pilot}/agree")).text
    await act("leeds", piloting.agree, pilot_id, seen=await made.seen(read, pilot_id))
    assert (await officer.post(f"{pilot}/start")).status_code == 303
    lines = f"{made.STARTED.isoformat()},Block A,31,,Report\nnonsense"
    answer = await officer.post(f"{pilot}/measures/1/readings", lines=lines)
    assert "line 2:" in answer.text
    answer = await officer.post(f"{pilot}/measures/1/readings", lines=lines.split("\n", maxsplit=1)[0])
    assert answer.status_code == 303
    [reading] = await read(pilots.readings, pilot_id)
    await _from_a_file(officer, pilot)
    await _with_a_file_of_evidence(officer, await browse("author"), pilot)
    assert (await officer.open(f"{pilot}/readings/{reading.id}")).status_code == 200
    said = {"value": "30", "cases": "", "reason": "Typed wrongly"}
    assert (await officer.post(f"{pilot}/readings/{reading.id}", **said)).status_code == 303
    changed = {"target": "35", "method": "ranks", "reason": "A mild winter"}
    assert (await officer.post(f"{pilot}/measures/1/change", **changed)).status_code == 303
    text = (await officer.open(f"{pilot}/measures/1")).text
    for told in ("Not computed, because", "A mild winter", "was corrected", "Typed wrongly"):
        assert told in text, told
    answer = await officer.client.get(f"{pilot}/measures/1/readings.csv")
    kept = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sorted((each["value"], each["counts"]) for each in kept) == [
        ("29.0", "yes"),
        ("30.0", "yes"),
        ("31.0", "no"),
    ]
    # A file that showed the reading that was wrong shows what corrects it, too.
    assert [len(each["sha256_of_files"]) for each in kept if each["value"] != "29.0"] == [64, 64]
    paid = {"evidence": "Delivery note 7"} | day("paid_on", london_today())
    assert (await officer.post(f"{pilot}/milestones/1/pay", **paid)).status_code == 303
    assert "Started the pilot" in (await officer.open(f"{pilot}/history")).text
    firm = await browse("author")
    assert (await firm.open(f"{pilot}/measures/1")).status_code == 200
    assert (await firm.open(f"{pilot}/account")).status_code == 403
    for who in ("rival", "public", "outside"):
        assert (await (await browse(who)).open(pilot)).status_code == 404, who


async def _from_a_file(officer, pilot):
    place = f"{pilot}/measures/1/upload"
    assert "Five columns" in (await officer.open(place)).text
    for content, told in (
        (b"", "Choose a file"),
        (b"2026-01-01,Nowhere,1,,x", "line 1:"),
        (b"%PDF-1.7", "There is a problem"),
    ):
        sent = {"lines": ("readings.csv", content, "text/csv")}
        answer = await officer.client.post(place, files=sent)
        assert answer.status_code == 422, content
        assert told in answer.text, content
    line = f"date,site,value,cases,evidence\n{made.STARTED.isoformat()},Block A,29,,Caf\xe9"
    sent = {"lines": ("readings.csv", line.encode("cp1252"), "text/csv")}
    assert (await officer.client.post(place, files=sent)).status_code == 303
    assert "Caf\xe9" in (await officer.open(f"{pilot}/measures/1")).text


async def _with_a_file_of_evidence(officer, firm, pilot):
    place = f"{pilot}/measures/1/evidence"
    on = made.STARTED.isoformat()
    page = (await officer.open(f"{place}?first_on={on}&last_on={on}&site=1")).text
    assert f'value="{made.STARTED.year}"' in page
    said = {"words": "The weekly report", "site": "", "readers": "public"}
    said |= day("first_on", made.STARTED) | day("last_on", made.STARTED)
    sheet = {"files": ("report é.csv", b"week,days\n1,31", "text/csv")}
    for fields, files, told in (
        (said, sheet, "look for personal data"),
        (said | {"checked": "y"}, {}, "Choose a file"),
        (
            said | {"checked": "y"},
            {"files": ("x.html", b"<!doctype html>", "text/html")},
            "not a file of a kind",
        ),
        ({}, sheet, "Say what the file shows"),
    ):
        answer = await officer.client.post(place, data=fields, files=files or {"files": ("", b"", "")})
        assert answer.status_code == 422, told
        assert told in answer.text, told
    answer = await officer.client.post(place, data=said | {"checked": "y"}, files=sheet)
    assert answer.status_code == 303, answer.text
    text = (await firm.open(f"{pilot}/measures/1")).text
    sha256 = hashlib.sha256(b"week,days\n1,31").hexdigest()
    for told in (sha256, "14 bytes", "The weekly report", "Everybody, once published"):
        assert told in text, told
    address = text.split(f'href="{pilot}/evidence/')[1].split('"')[0]
    file = await firm.client.get(f"{pilot}/evidence/{address}")
    assert file.content == b"week,days\n1,31"
    assert file.headers["content-disposition"].startswith("attachment")
    readers = f"{pilot}/evidence/{address.removesuffix('/file')}"
    assert (await officer.open(readers)).status_code == 200
    assert (await firm.open(readers)).status_code == 403
    assert (await officer.post(readers, readers="public")).status_code == 422
    assert (await officer.post(readers, readers="")).status_code == 303
    assert "Sponsors and the firm" in (await firm.open(f"{pilot}/measures/1")).text


# Four more results like the one that is there, each under an id of its own.
COPIES = """
with made as (insert into pilot select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(),
    'response_id', gen_random_uuid(), 'title', 'Copy ' || n))).*
    from pilot p, generate_series(1, 4) n returning id),
  site as (insert into pilot_site select (jsonb_populate_record(s, jsonb_build_object('pilot_id', m.id))).*
    from pilot_site s, made m),
  reading as (insert into pilot_reading select (jsonb_populate_record(r, jsonb_build_object('pilot_id', m.id,
    'id', gen_random_uuid(), 'corrects', null, 'reason', ''))).*
    from pilot_reading r, made m where not exists (select from pilot_reading l where l.corrects = r.id)),
  effect as (insert into pilot_effect
    select (jsonb_populate_record(e, jsonb_build_object('pilot_id', m.id))).* from pilot_effect e, made m)
insert into pilot_measure select (jsonb_populate_record(e, jsonb_build_object('pilot_id', m.id))).*
  from pilot_measure e, made m
"""
FIGURES = ("estimate", "low", "high", "readings")


async def _as_data_for_any_number(public, owner, statements):
    """The file takes as many statements for five results as for one, and what was kept is as computed."""

    async def asked():
        await public.open("/results")
        statements.clear()
        answer = await public.client.get("/results.csv?sort=title")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        return len(statements), [tuple(row[name] for name in FIGURES) for row in rows]

    one, (figures,) = await asked()
    assert all(figures)
    await owner.execute("set session_replication_role = replica")
    await owner.execute(COPIES)
    five, copied = await asked()
    assert (five, copied) == (one, [figures] * 5)
    # Results of before effects were kept are computed, all at once.
    kept = await owner.fetch("delete from pilot_effect returning *")
    computed, again = await asked()
    assert (computed, again) == (one + 2, copied)
    await owner.executemany(
        "insert into pilot_effect values ($1, $2, $3, $4, $5, $6)", [tuple(row) for row in kept]
    )
    await owner.execute("delete from pilot where title like 'Copy %'")
    await owner.execute("set session_replication_role = origin")


MEASURE = {
    "title": "Days until damp is known",
    "unit": "days",
    "kind": "mean",
    "baseline": "40",
    "baseline_source": "Repairs of last winter",
    "target": "30",
    "method": "means",
    "season": "",
    "measured_by": "The repairs team",
}


async def test_a_result_travels_and_every_number_of_the_funnel_opens_its_list(
    chosen, act, read, browse, tmp_path, owner, statements
):
    pilot_id = await made.ended(act, read, chosen)
    file_id = await act("officer", evidencing.add, pilot_id, 1, **made.evidence(tmp_path))
    inner = made.evidence(tmp_path, content="x", for_public=False, checked=False)
    inner_id = await act("officer", evidencing.add, pilot_id, 1, **inner)
    await act("officer", results.pay, pilot_id, 1, paid_on=made.STARTED, evidence="Delivery note 7")
    approver, officer, public = await browse("leeds"), await browse("officer"), await browse("public")
    said = {"decision": "scale", "reason": "It did what was promised"}
    assert (await approver.post(f"/pilots/{pilot_id}/decide", **said)).status_code == 303
    assert (await public.open(f"/results/{pilot_id}")).status_code == 404
    assert (await officer.post(f"/pilots/{pilot_id}/publish")).headers["location"] == f"/results/{pilot_id}"
    text = (await public.open(f"/results/{pilot_id}")).text
    for told in (
        "A sensor in each outer wall",
        "Fell by ",
        "assumes that nothing else changed",
        "what was promised lies within the interval",
        "cavity walls",
        "£12,000.00",
        "The housing innovation team",
        "None was seen",
        "The weekly report",
    ):
        assert told in text, told
    opened = await public.client.get(f"/pilots/{pilot_id}/evidence/{file_id}/file")
    assert opened.content.startswith(b"week,days")
    assert (await public.client.get(f"/pilots/{pilot_id}/evidence/{inner_id}/file")).status_code == 404
    for forbidden in ("proves", "proved"):
        assert forbidden not in text
    assert "A listening wall" in (await public.open("/results?words=walls&decision=scale")).text
    assert "No published result matches" in (await public.open("/results?words=walls&decision=stop")).text
    lines = (await public.open("/results.csv")).text.splitlines()
    assert len(lines) == 2
    assert "Days until damp is known" in lines[1]
    await _as_data_for_any_number(public, owner, statements)
    neighbour = await browse("outside")
    said = {"way": "own", "pool": "", "words": "Below the threshold", "yearly_gross_pence": "8,000"}
    said |= day("from_on", london_today())
    assert (await neighbour.post(f"/pilots/{pilot_id}/adopt", **said)).status_code == 303
    assert "already" in (await neighbour.post(f"/pilots/{pilot_id}/adopt", **said)).text
    answer = await neighbour.post(f"/pilots/{pilot_id}/still", still="yes", words="Daily")
    assert "a year after" in answer.text
    text = (await public.open("/challenges/funnel")).text
    assert "£8,000.00" in text
    for step, there in (("entries", True), ("selected", True), ("piloted", True), ("in_use", False)):
        opened = (await public.open(f"/challenges/funnel?step={step}")).text
        assert ("2 responses, 1 chosen, 1 pilot" in opened) is there, step
    assert len((await public.open("/challenges/funnel.csv")).text.splitlines()) == 2
    assert "A listening wall" in (await public.open(f"/challenges/{chosen}/pilots")).text
