# Two stages: the first installs and builds, the second runs as a user of its own and holds no tools.
# Any Debian or Ubuntu image with Python 3.11 or newer as python3 will do as a base.
ARG BASE=debian:trixie-slim

FROM ${BASE} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/buytogether
COPY requirements.lock requirements-build.lock requirements-node.lock ./
RUN python3 -m venv .venv \
 && .venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements-build.lock \
 && .venv/bin/uv pip sync --quiet --no-cache --python .venv/bin/python --require-hashes --compile-bytecode requirements.lock
COPY package.json package-lock.json ./
RUN .venv/bin/uv run --quiet --no-cache --isolated --no-project --python .venv/bin/python \
      --with-requirements requirements-node.lock npm ci --ignore-scripts --omit=dev --no-audit --no-fund --silent
COPY . .
# What pages load is built once; what it was built from stays behind.
RUN .venv/bin/uv pip install --quiet --no-cache --python .venv/bin/python --no-deps --no-build-isolation --editable . \
 && .venv/bin/python -m web.assets \
 && .venv/bin/python -m compileall -q app insights notifications ocds tenders challenges sourcing procurement spend suppliers accounts web store analytics values \
 && rm -rf node_modules .venv/bin/uv .venv/bin/uvx

FROM ${BASE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 ca-certificates zlib1g \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /var/lib/buytogether --uid 10001 buytogether \
 && mkdir -m 700 /var/lib/buytogether/keys /var/lib/buytogether/lake \
 && chown buytogether:buytogether /var/lib/buytogether/keys /var/lib/buytogether/lake
COPY --from=build /opt/buytogether /opt/buytogether
ENV PATH=/opt/buytogether/.venv/bin:$PATH \
    BUYTOGETHER_HOME=/var/lib/buytogether \
    BUYTOGETHER_HOST=0.0.0.0 \
    PYTHONUNBUFFERED=1
WORKDIR /opt/buytogether
USER buytogether
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('BUYTOGETHER_PORT', '8000') + '/health', timeout=4)"]
CMD ["buytogether", "run"]
