# Two stages: the first installs from the lock, the second holds only what runs.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/argumap
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock requirements-page.lock ./
RUN /opt/argumap/bin/pip install --require-hashes -r requirements.lock
# Node builds the page and stays in this stage.
RUN /opt/argumap/bin/pip install --require-hashes -r requirements-page.lock --target /opt/node
COPY LICENSE README.md pyproject.toml hatch_build.py argumap.cdx.json ./
COPY schemas schemas
COPY graph graph
COPY seed seed
COPY service service
RUN PYTHONPATH=/opt/node /opt/argumap/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin argumap \
    && install --directory --owner argumap --group argumap --mode 0700 /data
COPY --from=build /opt/argumap /opt/argumap
ENV PATH=/opt/argumap/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ARGUMAP_HOST=0.0.0.0 \
    ARGUMAP_PORT=8000 \
    ARGUMAP_STORE=sqlite:/data/argumap.sqlite
# Without a key it does not start: docker run --rm -v argumap:/data argumap keys create --name NAME --scope admin
# Or say that whoever reaches the port may do everything, and publish it on loopback only:
# docker run -e ARGUMAP_TRUST_NETWORK=1 -p 127.0.0.1:8000:8000 -v argumap:/data argumap
USER argumap
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['ARGUMAP_PORT'] + '/healthz', timeout=2)"]
ENTRYPOINT ["argumap"]
CMD ["serve"]
