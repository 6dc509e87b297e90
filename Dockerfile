# The hub and its workers in one image; the command says which of them a container is.
#
#   docker build -t mash-hub .
#
# PYTHON_IMAGE is any image with Python 3.11 or newer and its venv module. Behind a mirror or a proxy with
# a certificate of its own, hand pip's settings over as build arguments (PIP_INDEX_URL, PIP_CERT and so on).
ARG PYTHON_IMAGE=python:3.11-slim

FROM ${PYTHON_IMAGE} AS build
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_CERT
ARG PIP_TRUSTED_HOST
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.txt requirements-build.txt ./
# Every file is checked against its hash here; below nothing else can be installed.
RUN python3 -m venv tools \
 && tools/bin/pip install --quiet --require-hashes -r requirements-build.txt \
 && tools/bin/pip download --quiet --require-hashes --only-binary :all: --dest wheels -r requirements.txt
COPY pyproject.toml README.md ./
COPY messages messages
COPY broker broker
COPY store store
COPY agents agents
COPY ops ops
RUN tools/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir wheels . \
 && python3 -m venv /opt/mash \
 && /opt/mash/bin/pip install --quiet --no-index --find-links wheels "mash-hub[motor]"

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/mash /opt/mash
# Volumes take over the owner of these folders.
RUN useradd --system --uid 10001 mash \
 && install -d -o mash -m 0700 /keys /data /records /health
ENV PATH=/opt/mash/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MASH_KEYS=/keys \
    MASH_DATA=/data \
    MASH_AGENCIES=/records
USER mash
WORKDIR /data
ENTRYPOINT ["mash"]
CMD ["--help"]
