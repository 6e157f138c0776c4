"""How well texts that belong together are found: MAP@10 beside BM25 and plain TF-IDF.

python -m benchmarks.likeness FOLDER

FOLDER holds `classifications/cpv_2008.csv`, `contract-registers/lancashire_*.csv` and `ocds-uk/*.jsonl`. Two
questions: which other CPV titles are of the same class (titles below the classes; each asks with its title
alone), and which notices of other councils share a CPV class. The model is fitted on CPV titles and notices
together, as the service fits it on CPV titles and open needs; BM25 and TF-IDF count in the texts asked.
"""

from __future__ import annotations

import csv
import html
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from analytics.similarity.fitting import fit
from analytics.similarity.quality import mean_average_precision
from analytics.similarity.words import text_of

SEED = 20261125
CODE = re.compile(r"\b(\d{8})\b")
Scores = Callable[[int, int], Any]


@dataclass(frozen=True)
class Questions:
    """Texts, which belong together (a boolean row for each) and which may be ranked for each."""

    texts: list[str]
    relevant: Callable[[int], Any]
    allowed: Callable[[int], Any]


def cpv_questions(folder: Path) -> Questions:
    with (folder / "classifications/cpv_2008.csv").open() as opened:
        rows = [row for row in csv.DictReader(opened) if row["level"] in ("category", "subcategory")]
    classes = np.array([row["code"][:4] for row in rows])
    everyone = np.ones(len(rows), bool)
    texts = [text_of(row["title_en"], "") for row in rows]
    return Questions(texts, lambda asked: classes == classes[asked], lambda _: everyone)


def notices(folder: Path) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Yield buyer, title, description and CPV classes of councils' notices."""
    for file in sorted((folder / "contract-registers").glob("lancashire*.csv")):
        with file.open() as opened:
            for row in csv.DictReader(opened):
                codes = frozenset(code[:4] for code in CODE.findall(row["cpv_codes"]))
                yield (
                    row["council_page"],
                    html.unescape(row["title"]),
                    html.unescape(row["description"]),
                    codes,
                )
    for file in sorted((folder / "ocds-uk").glob("*.jsonl")):
        for line in file.read_text().splitlines():
            package = json.loads(line)
            for release in package.get("releases", [package]):
                tender, buyer = release.get("tender", {}), release.get("buyer", {}).get("name", "")
                classes = [tender.get("classification") or {}]
                for item in tender.get("items") or []:
                    classes += [
                        item.get("classification") or {},
                        *(item.get("additionalClassifications") or []),
                    ]
                codes = frozenset(c["id"][:4] for c in classes if CODE.match(str(c.get("id", ""))))
                yield buyer, tender.get("title") or "", tender.get("description") or "", codes


def notice_questions(folder: Path) -> Questions:
    kept: dict[tuple[str, str], tuple[str, str, str, frozenset[str]]] = {}
    for buyer, title, description, codes in notices(folder):
        council = re.sub(r"[^a-z]", "", buyer.lower())
        if codes and title and ("council" in council or "borough" in council or " " not in buyer):
            kept.setdefault((council, title.lower()), (council, title, description, codes))
    found = list(kept.values())
    councils = np.array([each[0] for each in found])
    names = {code: number for number, code in enumerate(sorted(set().union(*(each[3] for each in found))))}
    has = np.zeros((len(found), len(names)), bool)
    for number, each in enumerate(found):
        has[number, [names[code] for code in each[3]]] = True
    return Questions(
        [text_of(each[1], each[2]) for each in found],
        lambda asked: has[:, has[asked]].any(axis=1),
        lambda asked: councils != councils[asked],
    )


def bm25(texts: list[str], k1: float = 1.5, b: float = 0.75) -> Scores:
    """Okapi BM25 (Robertson and Zaragoza 2009), each text asking with its own words."""
    counts = CountVectorizer(stop_words="english").fit_transform(texts).astype(np.float64).tocsr()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(1 + (len(texts) - seen + 0.5) / (seen + 0.5))
    weighed = counts.tocoo()
    norm = k1 * (1 - b + b * lengths[weighed.row] / max(lengths.mean(), 1e-9))
    weighed.data = idf[weighed.col] * weighed.data * (k1 + 1) / (weighed.data + norm)
    documents = weighed.tocsr().T.tocsc()
    return lambda start, end: (counts[start:end] @ documents).toarray()


def tfidf(texts: list[str]) -> Scores:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words="english")
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2)
    both = sp.hstack([words.fit_transform(texts), pieces.fit_transform(texts)]).tocsr()
    return lambda start, end: (both[start:end] @ both.T).toarray()


def main() -> None:
    folder = Path(sys.argv[1])
    cpv, council = cpv_questions(folder), notice_questions(folder)
    began = time.process_time()
    fitted = fit(council.texts, cpv.texts, seed=SEED)
    total = len(fitted.vectors) + len(fitted.background)
    print(f"fit on {total:,} texts: {time.process_time() - began:.1f} s processor")
    one_by_one = fitted.model.vectors(council.texts)
    apart = np.abs(one_by_one - fitted.vectors).max()
    print(f"largest difference of a new text's vector from the fit's: {apart:.1e}")
    began = time.process_time()
    fitted.model.vectors(council.texts)
    print(f"new texts: {len(council.texts) / (time.process_time() - began):,.0f} a second")
    for name, asked, vectors in (
        ("CPV titles, same class", cpv, fitted.background),
        ("notices, shared class, other council", council, fitted.vectors),
    ):
        print(f"{name}: {len(asked.texts):,} texts")
        for label, scores in (
            ("BM25", bm25(asked.texts)),
            ("TF-IDF words and pieces", tfidf(asked.texts)),
            ("this model", lambda start, end, v=vectors: v[start:end] @ v.T),
        ):
            got = mean_average_precision(scores, asked.relevant, asked.allowed, count=len(asked.texts))
            print(f"  {label:<24} MAP@10 {got.map_at_k:.3f} over {got.asked_count:,}", flush=True)


if __name__ == "__main__":
    main()
