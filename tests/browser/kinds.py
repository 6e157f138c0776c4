"""Kinds of pages that a walk must meet, by what they are about: lest one that stops early passes."""

from __future__ import annotations

# What must be among the pages, lest a crawl that stops early passes.
PUBLIC = {
    "/", "/sign-in", "/forgotten-password", "/market", "/market/*", "/market/*/lines", "/market/*/suppliers",
    "/market/by-supplier/*", "/suppliers", "/suppliers/*", "/spend", "/spend/files/*", "/spend/files/*/lines",
    "/spend/kept-out", "/bodies", "/bodies/*", "/method", "/data", "/open-data", "/demand", "/demand/*",
    "/timetable", "/law", "/law/*", "/tenders", "/tenders/*", "/tenders/*/all", "/tenders/*/timetable",
    "/tenders/planned", "/tenders/planned/*",
    "/tenders/*/documents", "/tenders/*/documents/*", "/tenders/*/notices", "/tenders/*/notices/*",
    "/tenders/*/questions", "/tenders/*/awarded", "/tenders/*/corrections/1",
    "/tenders/*/corrections/1/before", "/awards", "/awards/*/1", "/challenges",
    "/challenges/receipts", "/register",
    "/challenges/*", "/challenges/*/questions", "/challenges/*/notices", "/challenges/*/pilots",
    "/challenges/funnel",
    "/results", "/results/*", "/pilots/*", "/pilots/*/measures/1", "/challenges/*/judging",
}  # fmt: skip
OWN = {"/account", "/account/password", "/second-factor", "/notices", "/notices/settings"}
POOLS = {
    "/needs",
    "/needs/*",
    "/pools",
    "/pools/*",
    "/pools/suggested",
    "/pools/suggested/*",
    "/opportunities",
    "/duties",
}
INSIDE = {f"/pools/*/{part}" for part in ("requirements", "worth", "agreement", "discussion", "timeline")}
# The first of the list waits for approval: its lead changes it, and approvers of its buyers answer.
TENDERS = {f"/tenders/*/{part}" for part in ("approval", "history", "buyers")}
CHANGING = {
    f"/tenders/*/{part}"
    for part in (
        *("edit/basics", "edit/procedure", "edit/requirements", "edit/considered", "edit/dates"),
        "edit/terms",
        *("lots", "lots/new", "lots/*", "conditions", "conditions/new", "conditions/*"),
        *("award", "award/new", "award/*", "kpis", "kpis/new", "kpis/*", "buyers/LDS"),
        *("documents/new", "take-back", "terminate", "early/UK2", "early/UK3", "early/*"),
    )
}
BIDS = {"/bids", "/tenders/*/bid", "/receipts"} | {
    f"/tenders/*/bid/{part}" for part in ("conditions", "answers", "prices", "files")
}
FINDING = {"/searches", "/searches/*", "/searches/*/delete"} | {
    f"/tenders/*/{part}"
    for part in ("questions", "questions/ask", "questions/*/withdraw", "fit", "fit/print", "partners")
}
# The lead of the joint draft, and the supplier that has joined it.
LEADS = {f"/tenders/*/bid/{part}" for part in ("team", "team/ask", "team/*", "team/subcontractor")}
JOINED = {"/bids", "/bids/*"} | {f"/bids/*/{part}" for part in ("read", "conditions", "answers", "prices")}
PARTNERS = {"/partners", "/partners/*", "/partners/*/report"}
COUNCIL = POOLS | {"/council", "/contracts", "/calendar", "/reorganisation", "/reorganisation/*"}
# The first of the list is being written: its lead changes it, and an approver of it answers.
CHALLENGES = {f"/challenges/*/{part}" for part in ("sponsors", "approval", "responses", "history")}
WRITING = {f"/challenges/*/{part}" for part in ("sponsor", "give-up", "edit/problem", "edit/after")} | {
    f"/challenges/*/edit/{part}" for part in ("law", "dates", "response")
}
WRITING |= {"/challenges/*/phases"}
RESPONDING = {f"/challenges/*/{part}" for part in ("partners", "response", "response/write", "questions/ask")}
# Results of the demonstration come first: a council takes one on, and its sponsors read what was done.
PILOTING = {"/pilots/*/adopt", "/pilots/*/history"}
